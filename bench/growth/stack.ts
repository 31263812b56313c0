import { CreateTableCommand, DeleteTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { AwsProcess } from '../aws-process.ts'
import type { Build, Part } from './build.ts'
import type { Wire } from './wire.ts'

/** What all measurements of a build share. */
export interface Stack {
  build: Build
  /** The file that holds the handler of a part. */
  bundled: (part: Part) => string
  /** For whatever is needed on the disk. */
  folder: string
  aws: AwsProcess
  wire: Wire
  /** To the table, past the wire: what it asks for is not counted. */
  client: DynamoDBClient
  /** Says how far it is, and what went wrong. */
  tell: (line: string) => void
}

/** A run table while the work goes on. Nobody reads its stream here, so it has none. */
export async function inNewTable<T>(
  { build, client }: Stack,
  name: string,
  work: (table: string) => Promise<T>,
): Promise<T> {
  const { StreamSpecification: _, ...runTable } = build.runTable
  // As CloudFormation names it: the functions tell by it what their stack is called.
  const TableName = `${name}-RunsTable-1A2B3C4D5E6F`
  await client.send(new CreateTableCommand({ ...runTable, TableName }))
  try {
    return await work(TableName)
  } finally {
    await client.send(new DeleteTableCommand({ TableName }))
  }
}
