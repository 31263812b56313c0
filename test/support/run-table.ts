import { CreateTableCommand, type DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import { RUN_TABLE, TIME_TO_LIVE } from '../../src/store/dynamodb-table.ts'

let tables = 0

/** Makes an empty run table and gives its name. */
export async function newRunTable(client: DynamoDBClient): Promise<string> {
  tables += 1
  const TableName = `runs-${tables}`
  await client.send(new CreateTableCommand({ ...RUN_TABLE, TableName }))
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: TIME_TO_LIVE }))
  return TableName
}
