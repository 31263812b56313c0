import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll } from '@jest/globals'
import type { Emulator } from '../../src/sandbox/emulator.ts'
import { complaints } from '../../src/sandbox/shapes/check.ts'
import { tooLarge } from '../../src/sandbox/shapes/sizes.ts'
import { startMinistack } from '../../src/sandbox/stack/ministack.ts'

/** The first start in a clone installs the emulator. */
const START_PATIENCE_MS = 300_000
/** No function runs here that would call it. */
const NOWHERE = 'http://127.0.0.1:9'

/**
 * One ministack for a test file, started before its tests and stopped after them: the emulator of DynamoDB. Use the
 * returned function inside the tests; it gives the endpoint.
 */
export function withMinistack(): () => string {
  let running: Emulator | undefined
  beforeAll(async () => {
    running = await startMinistack(NOWHERE)
  }, START_PATIENCE_MS)
  afterAll(async () => running?.stop())
  return () => {
    if (!running) throw new Error('ministack is there only inside tests')
    return running.url
  }
}

/** A client for it, which the caller destroys. What DynamoDB refuses by its model or size, it refuses. */
export function dynamoClient(endpoint: string, more: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...more,
  })
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const operation = String(commandName).replace(/Command$/, '')
        const [wrong] = complaints('dynamodb', operation, args.input)
        const text =
          (wrong && `${wrong.path} ${wrong.text}`) ?? tooLarge('dynamodb', operation, { ...args.input })?.text
        if (text) throw Object.assign(new Error(`${operation}: ${text}`), { name: 'ValidationException' })
        return next(args)
      },
    { step: 'initialize' },
  )
  return client
}
