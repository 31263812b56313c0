import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Run } from '../../../src/run/run.ts'
import { FORGED_REQUESTS, type Forging } from '../../approvals/receiver/forged-requests.table.ts'
import { clientConfig } from '../../support/sandbox.ts'
import { clickBody, signed, type WireRequest } from '../../support/slack-requests.ts'
import { commonPortsOpen } from '../detected-events.ts'
import { plantIn } from '../planted-resources.ts'
import { waits, withDeployment } from './sandbox-deployment.ts'
import { slackIn } from './slack-scenes.ts'

/** Requests that must change nothing, over HTTP, to the receiver as it is deployed. */

const POLICY = `version: 1
slack: { workspace: T0ACME, operators: [U0ANN] }
rules:
  - mode: approve
    approval: { channel: C0SECOPS, approvers: [U0ANN], expiresAfter: 1h }
`
/** A time ahead comes nearer while its request is on its way. */
const ON_ITS_WAY_MS = 30_000

const SENT = FORGED_REQUESTS.filter(({ handed }) => !handed)
const deployed = withDeployment({ policy: () => POLICY, slack: true })
let dynamo: DynamoDBClient
let run: Run
let before: string

beforeAll(async () => {
  dynamo = new DynamoDBClient(clientConfig(deployed().sandbox))
  const group = await plantIn(deployed().sandbox).group({ source: '0.0.0.0/0', port: 3306 })
  await deployed().detect(commonPortsOpen(group))
  run = await deployed().runWith(group, waits)
  const { ts } = await slackIn(deployed()).cardWith(run, () => true)
  await deployed().quiet()
  // Where the card stands is the last that is written about a run that waits.
  while (!(await table()).includes(ts)) await sleep(50)
  before = await table()
}, 60_000)
afterAll(() => dynamo?.destroy())

/** Everything in the table. */
async function table(): Promise<string> {
  const { outputs } = deployed().sandbox.deployed!.stack
  const { Items = [] } = await dynamo.send(
    new ScanCommand({ TableName: outputs.TableName, ConsistentRead: true }),
  )
  return JSON.stringify(Items.map((item) => JSON.stringify(item)).sort())
}

/** Messages that were sent into any queue of the stack. */
const messages = () =>
  deployed().sandbox.requests.filter(
    ({ service, operation }) => service === 'sqs' && operation.startsWith('SendMessage'),
  )

function forging(name: string): Forging {
  const { users, signingSecret, workspace } = deployed().sandbox.deployed!.slack!
  const [approver, colleague, guest, deactivated, stranger] = ['ann', 'cho', 'guest', 'gone', 'stranger'].map(
    (who) => users[who]!,
  ) as [string, string, string, string, string]
  return {
    secret: signingSecret,
    now: Date.now() + (name.endsWith(' ahead') ? ON_ITS_WAY_MS : 0),
    run: run.id,
    hash: run.plan!.hash,
    workspace,
    users: { approver, colleague, guest, deactivated, stranger, bot: 'U0RECTIFY' },
  }
}

/** As it is: `fetch` sends no body with GET. */
function send({ method, path, headers, body }: WireRequest): Promise<{ status: number; body: string }> {
  const receiver = String(deployed().sandbox.deployed!.slack!.receiver)
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) }
    const options = { method, headers: { ...headers, ...length }, agent: false }
    const outgoing = request(receiver.replace(/\/$/, path), options, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      )
      incoming.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

describe('a request that nobody should act on, sent to the deployed receiver', () => {
  test('is any of the table but three, which no client can send as they are', () => {
    const handed = FORGED_REQUESTS.filter((row) => !SENT.includes(row))
    expect(handed.map(({ name }) => name)).toEqual([
      'signature: two that differ, by names that differ in case',
      'signature: of a body that is called base64 and is not',
      'signed: bytes that are no UTF-8',
    ])
    expect(SENT.length).toBeGreaterThanOrEqual(90)
  })

  test.each(SENT)('$name: $status, and nothing is written or sent', async ({ name, make, status }) => {
    const sent = messages().length
    const answer = await send(make(forging(name)))
    expect(answer.status).toBe(status)
    if (status !== 200) expect(answer.body).toBe('')
    expect(await table()).toBe(before)
    expect(messages()).toHaveLength(sent)
  })

  test('leaves the run as it was, and is told from the one that counts, sent the same way', async () => {
    expect(await deployed().store.get(run.id)).toEqual(run)
    const sent = messages().length
    const { secret, workspace, now, users } = forging('')
    const value = `${run.id}:${run.plan!.hash}`
    const body = clickBody({ user: users.approver, workspace, action: 'approve', value })
    expect(await send(signed({ secret, now }, body))).toEqual({ status: 200, body: '' })
    expect(messages().length).toBeGreaterThan(sent)
    await deployed().runWith(run.target.id, ({ outcome }) => outcome === 'remediated')
  })
})
