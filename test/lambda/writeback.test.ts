import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  BatchUpdateFindingsCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub'
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Context, SQSEvent } from 'aws-lambda'
import { mockClient } from 'aws-sdk-client-mock'
import { writebackSettingsFrom } from '../../src/lambda/settings/writeback-settings.ts'
import type { Run } from '../../src/run/run.ts'
import type { RunStore } from '../../src/run/store.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { commitOf } from '../store/example-commits.ts'
import { withMinistack } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { endedRun, hubFinding, kept } from '../writeback/told-runs.ts'
import { SILENT } from './silent.ts'

/** The function that tells detectors as it is deployed, with an emulated table. */
const endpoint = withMinistack()
const hub = mockClient(SecurityHubClient)
const sts = mockClient(STSClient)
const queue = mockClient(SQSClient)
const HUB = '123456789012'
const MEMBER = '111122223333'
const ENVIRONMENT = {
  RECTIFY_WRITEBACK_QUEUE_URL: 'ENDS',
  RECTIFY_TELL_ROLE_ARN: `arn:aws:iam::${HUB}:role/tell`,
  RECTIFY_MEMBER_TELL_ROLE: 'RectifyTell',
  RECTIFY_MEMBER_ACCOUNTS: MEMBER,
  RECTIFY_EXTERNAL_ID: 'only-for-rectify',
}
let dynamo: DynamoDBClient
let store: RunStore
let handler: typeof import('../../src/lambda/writeback.ts').handler

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint(),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  dynamo = new DynamoDBClient()
  const table = await newRunTable(dynamo)
  store = dynamoStore(dynamo, table)
  Object.assign(process.env, { ...SILENT, ...ENVIRONMENT, RECTIFY_TABLE: table })
  ;({ handler } = await import('../../src/lambda/writeback.ts'))
})
afterAll(() => dynamo.destroy())
beforeEach(() => {
  for (const each of [hub, sts, queue]) each.reset()
  hub.on(GetFindingsCommand).resolves({ Findings: [kept() as never] })
  hub.on(BatchUpdateFindingsCommand).resolves({ UnprocessedFindings: [], ProcessedFindings: [] })
  sts.on(GetCallerIdentityCommand).resolves({ Account: HUB, Arn: `arn:aws:sts::${HUB}:assumed-role/f/f` })
  queue.on(ChangeMessageVisibilityCommand).resolves({})
})

let runs = 0
async function ended(more: Partial<Run> = {}): Promise<Run> {
  const run = endedRun({
    id: `01K000000000000000000001${String(++runs).padStart(2, '0')}`,
    revision: 1,
    ...more,
  })
  await store.commit(commitOf(run))
  return run
}

/** @returns the messages that come again */
async function taken(bodies: string[], attempts = 1): Promise<string[]> {
  const Records = bodies.map((body, n) => ({
    messageId: String(n),
    receiptHandle: `handle-${n}`,
    body,
    attributes: { ApproximateReceiveCount: String(attempts) },
  }))
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context
  const { batchItemFailures = [] } = (await handler({ Records } as unknown as SQSEvent, context)) ?? {}
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
}
const about = ({ id }: Pick<Run, 'id'>) => JSON.stringify({ run: id })
const pauses = () =>
  queue.commandCalls(ChangeMessageVisibilityCommand).map(({ args: [{ input }] }) => input.VisibilityTimeout)
const denied = Object.assign(new Error('not authorized'), {
  name: 'AccessDeniedException',
  $metadata: { httpStatusCode: 403 },
})

test('a run that has ended is told once, however often its message comes', async () => {
  const run = await ended()
  expect([await taken([about(run)]), await taken([about(run)])]).toEqual([[], []])
  expect(await store.told(run.id)).toMatchObject([{ to: 'securityhub', ok: true, said: 'RESOLVED' }])
  expect(hub.commandCalls(BatchUpdateFindingsCommand)).toHaveLength(1)
})

test('what is refused comes again, later each time, and the others of its batch do not', async () => {
  const [refused, fine] = [await ended({ findings: [hubFinding('other')] }), await ended()]
  hub.on(GetFindingsCommand).callsFake(async ({ Filters }) => {
    if (Filters.Id[0].Value === 'other') throw denied
    return { Findings: [kept()] }
  })
  for (const attempts of [1, 2, 7])
    expect(await taken([about(refused), about(fine)], attempts)).toEqual(['0'])
  expect(pauses()).toEqual([60, 120, 3600])
  expect(await store.told(refused.id)).toMatchObject([
    { ok: false, reason: expect.stringContaining('AccessDeniedException') },
  ])
  expect(await store.get(refused.id)).toMatchObject({ outcome: 'remediated', revision: 1 })
  expect(await store.told(fine.id)).toMatchObject([{ ok: true }])
})

test('comes again also where the queue does not hear when, and where the message is none', async () => {
  queue.on(ChangeMessageVisibilityCommand).rejects(new Error('no queue'))
  expect(await taken(['{}', 'no JSON'])).toEqual(['0', '1'])
})

test('a finding that came after the end of its run is told by the same message', async () => {
  const run = await ended({ findings: [] })
  const late = hubFinding()
  expect(await taken([JSON.stringify({ run: run.id, late: [late] })])).toEqual([])
  expect(await store.told(run.id)).toMatchObject([{ late: { id: late.id }, ok: true }])
})

test('a run that has left the table, and an account that nobody named, do not come again', async () => {
  expect(await taken([about({ id: 'gone' })])).toEqual([])
  const foreign = await ended({ findings: [hubFinding('f', { account: '999999999999' })] })
  expect(await taken([about(foreign)])).toEqual([])
  expect(await store.told(foreign.id)).toMatchObject([
    { ok: false, reason: expect.stringContaining('999999999999') },
  ])
})

test('each account has its role: the stack’s own, that of a member, or none', () => {
  const { roleFor } = writebackSettingsFrom({ ...ENVIRONMENT, RECTIFY_TABLE: 'TABLE' })
  expect([HUB, MEMBER, '999999999999'].map(roleFor)).toEqual([
    ENVIRONMENT.RECTIFY_TELL_ROLE_ARN,
    `arn:aws:iam::${MEMBER}:role/RectifyTell`,
    undefined,
  ])
})
