import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Invocation } from '../../src/cli/program/invocation.ts'
import { stackClients } from '../../src/cli/stack/clients-of-stack.ts'
import { plain } from '../../src/reports/paint.ts'
import { json, type WireAnswer, wire } from '../support/network-answers.ts'

const saved = { ...process.env }
const folder = mkdtempSync(join(tmpdir(), 'rectify-profile-'))
beforeEach(() => {
  process.env = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_CONFIG_FILE: join(folder, 'config'),
  }
  writeFileSync(join(folder, 'config'), '')
})
afterEach(() => {
  process.env = { ...saved }
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The clients of a person at the terminal, with the network taken out. */
function clientsOn(...answers: WireAnswer[]) {
  const { requests, requestHandler } = wire(...answers)
  const notes: string[] = []
  const output = { note: (line: string) => void notes.push(line), notePaint: plain }
  const invocation = { env: process.env, cwd: '/', output, shared: {}, status: 0 } as unknown as Invocation
  const clients = stackClients(invocation)
  for (const client of Object.values(clients)) Object.assign(client.config, { requestHandler })
  return { clients, requests, notes }
}

describe('the host of the run table', () => {
  const key = { TableName: 'runs', Key: { PK: { S: 'a' }, SK: { S: 'b' } } }
  async function host(): Promise<string | undefined> {
    const { clients, requests } = clientsOn(json({}))
    await clients.dynamo.send(new GetItemCommand(key))
    return requests[0]?.host
  }

  test('is one of its account where the credentials know theirs, as those of SSO and of assumed roles do', async () => {
    expect(await host()).toBe('dynamodb.eu-west-1.amazonaws.com')
    process.env.AWS_ACCOUNT_ID = '123456789012'
    expect(await host()).toBe('123456789012.ddb.eu-west-1.amazonaws.com')
  })

  test('is that of the region when the SDK is told so, by its variable or in the profile', async () => {
    process.env.AWS_ACCOUNT_ID = '123456789012'
    process.env.AWS_ACCOUNT_ID_ENDPOINT_MODE = 'disabled'
    expect(await host()).toBe('dynamodb.eu-west-1.amazonaws.com')
    delete process.env.AWS_ACCOUNT_ID_ENDPOINT_MODE
    // The SDK reads a file once.
    process.env.AWS_CONFIG_FILE = join(folder, 'disabled')
    writeFileSync(process.env.AWS_CONFIG_FILE, '[default]\naccount_id_endpoint_mode = disabled\n')
    expect(await host()).toBe('dynamodb.eu-west-1.amazonaws.com')
  })
})

test('a wrong clock is told once for all clients, and its refusals are sent once', async () => {
  const date = new Date(Date.now() + 1_200_000).toUTCString()
  const denied =
    '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>'
  const { clients, requests, notes } = clientsOn(
    { status: 403, body: denied, headers: { date } },
    { ...json({}), headers: { date } },
  )
  const asked = clients.cloudFormation.send(new DescribeStacksCommand({ StackName: 'prod' }))
  await expect(asked).rejects.toMatchObject({ kind: 'credentials' })
  expect(requests).toHaveLength(1)
  await clients.dynamo.send(new GetItemCommand({ TableName: 'runs', Key: { PK: { S: 'a' } } }))
  expect(notes.filter((line) => line.includes('20 min behind'))).toHaveLength(1)
})
