import {
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { keyOf } from '../../src/store/dynamodb/keys.ts'
import { RUN_TABLE, TIME_TO_LIVE } from '../../src/store/dynamodb/run-table.ts'

let tables = 0

/** Makes an empty run table and gives its name. */
export async function newRunTable(client: DynamoDBClient): Promise<string> {
  tables += 1
  const TableName = `runs-${tables}`
  await client.send(new CreateTableCommand({ ...RUN_TABLE, TableName }))
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: TIME_TO_LIVE }))
  return TableName
}

/** What DynamoDB does by itself, by a clock that the tests have in hand (`now` in ms). */
export async function removeWhatIsPast(
  client: DynamoDBClient,
  TableName: string,
  now: number,
): Promise<void> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName }))
  for (const item of Items) {
    if (item.expires && Number(item.expires.N) * 1000 <= now)
      await client.send(new DeleteItemCommand({ TableName, Key: { ...keyOf(item) } }))
  }
}
