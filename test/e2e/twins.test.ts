import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { beforeAll, describe, expect, test } from '@jest/globals'
import * as copies from '../../playbooks/copies.ts'
import { playbooks, services } from '../../playbooks/index.ts'
import { sdkAws } from '../../src/aws/sdk.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { type Copies, defineCopies, making } from '../../src/playbook/service/copies.ts'
import type { Twin } from '../../src/run/rehearsed/twin.ts'
import type { Run } from '../../src/run/run.ts'
import type { ClientConfig } from '../../src/sandbox/client-config.ts'
import { makeCopy } from '../../src/sandbox/twin/copy.ts'
import { copyPlan } from '../../src/sandbox/twin/makings.ts'
import { type RecordedReads, recordingReader } from '../../src/sandbox/twin/recorded-reads.ts'
import { Renaming } from '../../src/sandbox/twin/renaming.ts'
import { emulatorAws } from '../../src/sandbox/twin/twin-aws.ts'
import { type Twins, twinsIn } from '../../src/sandbox/twin/twins.ts'
import { finding, newWorld, start, type World } from '../engine/simulated-world.ts'
import { namedBy, type Planted, ruleOf } from '../playbooks/setting-table.ts'
import { tables } from '../playbooks/setting-tables.ts'
import { RECORDED } from '../support/recorded-answers.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'
import { wireTo } from '../support/wire.ts'
import { isChange } from './unplanned-requests.ts'

/**
 * Twins of everything that can be planted over the wire: one sandbox stands for AWS, and is rehearsed; in another one the
 * plans are carried out on copies.
 */

const real = withSandbox({ seed: false })
const local = withSandbox({ seed: false })

/** What does not agree, and why, of what is planted; all others do. */
const OTHERS: Readonly<Record<string, { status: Twin['status']; why: RegExp }>> = {}

const onTheWire = tables.flatMap((table) => ('plant' in table.wire ? [{ table, ...table.wire }] : []))
const planted = new Map<string, Planted>()
const reads = new Map<string, RecordedReads>()
const twins = new Map<string, Twin>()
const runs = new Map<string, Run>()
const seen = {
  before: '',
  after: '',
  calls: [] as string[],
  changes: [] as string[],
  meanwhile: [] as string[],
}
let world: World
let twinsOf: Twins
const identity = { account: '', arn: '', partition: 'aws' }

/** The account that is rehearsed is not that of the emulators. */
const ACCOUNT = '111122223333'

async function configOfAccount() {
  const config = clientConfig(real())
  const role = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/rehearsing`, RoleSessionName: 'twins' }
  const { Credentials: own } = await new STSClient(config).send(new AssumeRoleCommand(role))
  const [accessKeyId, secretAccessKey, sessionToken] = [
    ...[own!.AccessKeyId!, own!.SecretAccessKey!, own!.SessionToken!],
  ] as [string, string, string]
  return { ...config, credentials: { accessKeyId, secretAccessKey, sessionToken } }
}

/** All that AWS holds of what was planted, to the byte. */
async function held(): Promise<string> {
  const all: unknown[] = []
  for (const each of planted.values()) all.push(await each.live())
  return JSON.stringify(all)
}

async function rehearsed(findings: Finding[], config: ClientConfig): Promise<Run[]> {
  const { credentials, ...place } = config
  const trace = ({ action }: { action: string }) => void seen.calls.push(action)
  const aws = sdkAws({ services, ...place, credentials: async () => credentials, trace })
  Object.assign(identity, await aws.identity())
  const { engine } = start(world, {
    aws,
    playbooks,
    overhear({ id }, reader) {
      const own = reads.get(id) ?? new Map()
      reads.set(id, own)
      return recordingReader(reader, own)
    },
  })
  return (await engine.handle(findings, 'rehearse')).runs
}

beforeAll(async () => {
  const rules = onTheWire.flatMap(({ table, parameters = table.parameters }) =>
    parameters ? ruleOf(table.playbook, 'auto', parameters) : [],
  )
  world = newWorld(`version: 1\nrules:\n${rules.join('')}  - mode: auto\n`)
  const config = await configOfAccount()
  const wire = wireTo(config, ACCOUNT)
  for (const { table, plant } of onTheWire) planted.set(table.playbook.id, await plant(wire))
  const findings = onTheWire.map(({ table }) => {
    const id = table.finding.id === undefined ? undefined : planted.get(table.playbook.id)!.id
    return finding(world, { ...namedBy(table, ACCOUNT, id), account: ACCOUNT, region: config.region })
  })
  seen.before = await held()
  real().requests.length = 0
  for (const run of await rehearsed(findings, config))
    if (planted.has(run.playbook)) runs.set(run.playbook, run)
  seen.changes = real()
    .requests.filter(isChange)
    .map(({ operation }) => operation)
  real().requests.length = 0
  twinsOf = twinsIn({
    ...{ sandbox: local(), services, playbooks },
    policy: world.policy,
    copies: Object.values(copies),
  })
  for (const [playbook, run] of runs) {
    const twin = await twinsOf(run, reads.get(run.id)!, identity)
    if (twin) twins.set(playbook, twin)
  }
  seen.meanwhile = real().requests.map(({ operation }) => operation)
  seen.after = await held()
}, 300_000)

test.each(onTheWire.map(({ table }) => table.playbook.id))(
  'the twin of %s shows what it is said to',
  (id) => {
    const twin = twins.get(id)
    const { status, why } = OTHERS[id] ?? { status: 'agrees', why: /^put right/ }
    expect({ id, ...twin }).toMatchObject({ id, status, why: expect.stringMatching(why) })
    if (status !== 'agrees') return
    expect(twin).toMatchObject({
      applied: { outcome: 'remediated' },
      undone: { outcome: 'undone', differs: [] },
    })
    expect(twin?.notCopied).toEqual([])
    expect(twin?.applied?.calls.length).toBeGreaterThan(0)
  },
)

test('at least 40 playbooks agree with what is done on a copy', () => {
  const agreeing = [...twins].filter(([, { status }]) => status === 'agrees')
  expect(agreeing.length).toBeGreaterThanOrEqual(40)
})

describe('AWS', () => {
  test('is asked by the rehearsal alone: what its playbooks declare, and no change', () => {
    const declared = new Set(
      onTheWire.flatMap(({ table: { playbook } }) => [
        ...playbook.reads,
        ...playbook.writes.map(({ action }) => action),
      ]),
    )
    const others = seen.calls.filter((action) => !declared.has(action) && !action.startsWith('sts:'))
    expect(seen.calls.length).toBeGreaterThan(50)
    expect(seen.changes).toEqual([])
    expect(others).toEqual([])
  })

  test('is asked nothing while twins are made, and is as it was, byte for byte', () => {
    expect(seen.meanwhile).toEqual([])
    expect(seen.before.length).toBeGreaterThan(1_500)
    expect(seen.after).toBe(seen.before)
  })

  test('is the only one who knows what was planted: the emulators see none of its ids before they have named theirs', () => {
    expect(local().requests.length).toBeGreaterThan(1_000)
    const ids = [...planted.values()].map(({ id }) => id).filter((id) => /^[a-z]+-[0-9a-f]{17}$/.test(id))
    expect(ids.length).toBeGreaterThan(3)
    const sent = JSON.stringify(local().requests.map(({ input }) => input))
    expect(ids.filter((id) => sent.includes(id))).toEqual([])
  })
})

describe('a twin disagrees', () => {
  const again = async (playbook: string) => {
    const run = runs.get(playbook)!
    return twinsOf(run, reads.get(run.id)!, identity)
  }

  test('where a change is answered with success and does nothing', async () => {
    local().faults.push({ operation: 'PutRetentionPolicy', nth: 2, fault: { kind: 'lie' } })
    expect(await again('logs-set-retention')).toMatchObject({
      status: 'disagrees',
      why: expect.stringMatching(/^carried out on the twin it ended unverified/),
    })
    local().faults.length = 0
  })

  test('where taking it back is answered so', async () => {
    local().faults.push({ operation: 'DisableKeyRotation', fault: { kind: 'lie' } })
    expect(await again('kms-enable-rotation')).toMatchObject({
      status: 'disagrees',
      applied: { outcome: 'remediated' },
      why: expect.stringMatching(/^taking it back on the twin ended unverified/),
    })
    local().faults.length = 0
  })
})

describe('a twin', () => {
  const LOGS = 'logs-set-retention'
  const twinned = async (own: Copies[]) => {
    const all = [...Object.values(copies).filter(({ service }) => service !== 'logs'), ...own]
    const of = twinsIn({ ...{ sandbox: local(), services, playbooks }, policy: world.policy, copies: all })
    const run = runs.get(LOGS)!
    return of(run, reads.get(run.id)!, identity)
  }

  test('is made in emulators that hold nothing of the one before', async () => {
    for (let time = 0; time < 2; time++)
      expect(await twinned([copies.logGroupCopies])).toMatchObject({ status: 'agrees', notCopied: [] })
  })

  test('for which the plan is another is left as it is, and says in what', async () => {
    const shorter = defineCopies('logs', {
      DescribeLogGroups: () => [
        making(
          call('logs', 'PutRetentionPolicy', { logGroupName: '/rectify/wire/short', retentionInDays: 3 }),
          { isLast: true },
        ),
      ],
    })
    const twin = await twinned([copies.logGroupCopies, shorter])
    expect(twin).toMatchObject({
      status: 'notShown',
      plan: expect.arrayContaining([{ field: 'before.retentionInDays', expected: 14, twin: 3 }]),
      notShown: expect.arrayContaining(['logs:DescribeLogGroups logGroups[].retentionInDays']),
    })
    expect(twin).not.toHaveProperty('applied')
  })
})

test('what cannot be copied is never said to agree', async () => {
  const run = runs.get('kms-enable-rotation')!
  const none = twinsIn({ ...{ sandbox: local(), services, playbooks }, policy: world.policy, copies: [] })
  expect(await none(run, reads.get(run.id)!, identity)).toMatchObject({
    status: 'notCopied',
    notCopied: expect.arrayContaining([{ action: 'kms:DescribeKey', why: expect.any(String) }]),
  })
})

test('of a service of one’s own, whose client is not installed here, other calls than it carries are told as refused', async () => {
  const own = { ...services.find(({ id }) => id === 'sns')!, client: '@aws-sdk/client-of-ones-own' }
  const emulator = emulatorAws(local().env, [own])
  const Name = 'alarms'
  const TopicArn = `arn:aws:sns:us-east-1:${local().account}:${Name}`
  const calls = [
    call('sns', 'CreateTopic', { Name }),
    call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue: '' }),
  ]
  const place = { account: local().account, partition: 'aws' }
  const makings = calls.map((made) => ({ ...making(made), region: 'us-east-1' }))
  const { refused } = await makeCopy(makings, emulator, new Renaming(), { ...place, region: 'us-east-1' })
  expect(refused).toMatchObject([
    { action: 'sns:CreateTopic', why: expect.stringMatching(/^UnknownOperation: CreateTopic is not among/) },
    { action: 'sns:SetTopicAttributes', why: expect.stringMatching(/^NotFound/) },
  ])
})

describe('what AWS itself has answered', () => {
  /** What moto does not take, and what is not whole in the recording. */
  const REFUSED: Readonly<Record<string, string[]>> = {
    'cloudtrail.GetTrailStatus-test_account_trail': ['cloudtrail:StartLogging'],
    'cloudtrail.GetTrailStatus-test_account_trail_different_region': ['cloudtrail:StartLogging'],
    'ec2.DescribeNetworkInterfaces-test_copy_related_resource_tag_empty': ['ec2:CreateNetworkInterface'],
    'rds.DescribeDBInstances-test_rds_auto_patch_with_window': [
      'rds:CreateDBCluster',
      'rds:CreateDBInstance',
    ],
    'rds.DescribeDBSnapshotAttributes-test_rds_snapshot_access': [
      'rds:CreateDBInstance',
      'rds:CreateDBSnapshot',
    ],
    'ssm.DescribeDocumentPermission-test_get_ssm_documents': ['ssm:ModifyDocumentPermission'],
    'wafv2.GetWebACL-test_distribution_waf': ['wafv2:CreateWebACL'],
  }
  const all = Object.values(copies)
  const made = RECORDED.filter(([, { service, operation }]) =>
    all.some((each) => each.service === service && Object.hasOwn(each.of, operation)),
  )

  // Where there is no corpus there are no answers.
  if (made.length > 0)
    test.each(made)('%s can be made in the emulators', async (file, read) => {
      await local().empty()
      const emulator = emulatorAws(local().env, services)
      const { makings } = copyPlan([read], { steps: [], region: read.region }, all)
      const { refused } = await makeCopy(makings, emulator, new Renaming(), read)
      const name = file.replace(/^api\/|\.json$/g, '')
      expect({ name, refused: refused.map(({ action }) => action) }).toEqual({
        name,
        refused: REFUSED[name] ?? [],
      })
    })
})

test('emulators that die on the way end the rehearsal, and no plan is blamed for it', async () => {
  const run = runs.get('logs-set-retention')!
  const kill = () => process.kill(local().emulator.pid, 'SIGKILL')
  local().faults.push({ operation: 'PutRetentionPolicy', nth: 2, fault: { kind: 'hook', before: kill } })
  await expect(twinsOf(run, reads.get(run.id)!, identity)).rejects.toMatchObject({
    name: 'BadRequest',
    message: expect.stringMatching(/^the emulators .* do not answer any more: .*; leave --twin out$/),
  })
})
