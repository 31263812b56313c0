import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { mockClient } from 'aws-sdk-client-mock'
import { slackSettingsFrom } from '../../src/lambda/settings/slack-settings.ts'
import { clickBody, commandBody, signed, type WireRequest } from '../support/slack-requests.ts'
import { SILENT } from './silent.ts'

const ssm = mockClient(SSMClient)
const table = mockClient(DynamoDBClient)
const queue = mockClient(SQSClient)
const SECRET = 'signing-secret'
/** The read of the secrets that was made while the function started. */
let readAtStart: number
let handler: typeof import('../../src/lambda/slack.ts').handler

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    ...SILENT,
    RECTIFY_TABLE: 'runs',
    RECTIFY_RUNS_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/runs.fifo',
    RECTIFY_SLACK_SIGNING_SECRET_PARAMETER: '/rectify/signing-secret',
    RECTIFY_SLACK_TOKEN_PARAMETER: '/rectify/token',
    RECTIFY_SLACK_API_URL: 'http://127.0.0.1:9/api',
  })
  ssm.on(GetParameterCommand).callsFake(({ Name }: { Name: string }) => ({
    Parameter: { Value: Name === '/rectify/token' ? 'xoxb-1' : SECRET },
  }))
  ;({ handler } = await import('../../src/lambda/slack.ts'))
  readAtStart = ssm.commandCalls(GetParameterCommand).length
})
beforeEach(() => {
  table.reset()
  queue.reset()
  table.on(GetItemCommand).resolves({})
})

/** As a function URL hands a request on. */
function eventOf({ method, path, headers, body, isBase64Encoded = false }: WireRequest) {
  const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'Slackbot 1.0' }
  return {
    requestContext: { http },
    rawPath: path,
    headers,
    body,
    isBase64Encoded,
  } as unknown as APIGatewayProxyEventV2
}
const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 10_000 } as Context
const answer = (request: WireRequest) => handler(eventOf(request), context)
const making = () => ({ secret: SECRET, now: Date.now() })

describe('the function of Slack', () => {
  test('reads its secrets while it starts', () => {
    expect(readAtStart).toBe(2)
  })

  test('answers 401 and nothing else to whoever did not sign', async () => {
    expect(await answer({ method: 'GET', path: '/', headers: {}, body: '' })).toEqual({
      statusCode: 401,
      body: '',
    })
  })

  test('answers a signed command with JSON', async () => {
    const body = commandBody({ user: 'U0ANN', workspace: 'T0ACME', text: 'help' })
    const { statusCode, headers, body: text } = await answer(signed(making(), body))
    expect([statusCode, headers?.['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
    expect(JSON.parse(text ?? '')).toMatchObject({ response_type: 'ephemeral' })
  })

  test('takes a body in base64, and writes nothing about a run that is none', async () => {
    const value = `01K99999999999999999999999:sha256:${'0'.repeat(64)}`
    const { body, ...rest } = signed(
      making(),
      clickBody({ user: 'U0ANN', workspace: 'T0ACME', action: 'approve', value }),
    )
    const sent = { ...rest, body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
    expect(await answer(sent)).toEqual({ statusCode: 200, body: '' })
    expect(table.commandCalls(GetItemCommand)).toHaveLength(1)
    expect(table.commandCalls(TransactWriteItemsCommand)).toEqual([])
    expect(queue.commandCalls(SendMessageCommand)).toEqual([])
  })
})

describe('its settings', () => {
  const env = { RECTIFY_TABLE: 'runs', RECTIFY_RUNS_QUEUE_URL: 'https://queue' }

  test('are few, and without parameters there is no Slack', () => {
    expect(slackSettingsFrom(env, '/here')).toEqual({
      table: 'runs',
      runsQueueUrl: 'https://queue',
      runRetentionDays: 90,
      tokenParameter: '',
      signingSecretParameter: '',
      apiUrl: 'https://slack.com/api/',
      folder: '/here',
    })
  })

  test.each([
    [{ RECTIFY_RUNS_QUEUE_URL: 'https://queue' }, 'RECTIFY_TABLE is not set'],
    [{ RECTIFY_TABLE: 'runs' }, 'RECTIFY_RUNS_QUEUE_URL is not set'],
    [{ ...env, RECTIFY_RUN_RETENTION_DAYS: 'ninety' }, 'RECTIFY_RUN_RETENTION_DAYS is not a number'],
    [{ ...env, RECTIFY_SLACK_API_URL: 'slack' }, 'RECTIFY_SLACK_API_URL is no address'],
  ])('that are missing or wrong name themselves', (given, message) => {
    expect(() => slackSettingsFrom(given, '/here')).toThrow(message)
  })

  test('take an address of the API with or without its last slash', () => {
    const of = (url: string) => slackSettingsFrom({ ...env, RECTIFY_SLACK_API_URL: url }, '/here').apiUrl
    expect([of('http://127.0.0.1:1/api'), of('http://127.0.0.1:1/api/')]).toEqual([
      'http://127.0.0.1:1/api/',
      'http://127.0.0.1:1/api/',
    ])
  })
})
