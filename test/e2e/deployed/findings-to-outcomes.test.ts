import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Run } from '../../../src/run/run.ts'
import { configRule } from '../../../src/sandbox/sample-events/config-rule.ts'
import {
  commonPortsOpen,
  newFinding,
  patchesMissing,
  probed,
  replaced,
  snapshotPublic,
  sshOpen,
} from '../detected-events.ts'
import { type Planter, plantIn } from '../planted-resources.ts'
import { closed, withDeployment } from './sandbox-deployment.ts'

/** `template.yaml` as it stands, deployed: events on the bus, nobody watching. */

const MEMBER = '111122223333'
const deployed = withDeployment({ parameters: { MemberAccounts: MEMBER, ExternalId: 'only-for-rectify' } })
let plant: Planter
beforeAll(() => {
  plant = plantIn(deployed().sandbox)
})

const openGroup = () => plant.group({ source: '0.0.0.0/0' }, { source: '10.0.0.0/8', description: 'office' })

/** There is one run about it, with one audit trail from its claim to its end, and it made this many changes. */
async function oneRun(id: string, changes: string[]): Promise<Run> {
  const runs = await deployed().runsAbout(id)
  expect(runs.map(({ outcome }) => outcome)).toEqual(['remediated'])
  const audit = await deployed().store.audit(runs[0]!.id)
  expect(audit.filter(({ event }) => event === 'closed')).toHaveLength(1)
  expect(
    deployed()
      .changesOf(id)
      .map(({ operation }) => operation),
  ).toEqual(changes)
  return runs[0]!
}

describe('a finding on the bus', () => {
  test('of Config closes the group, and only the rule that is open to the world', async () => {
    const group = await openGroup()
    await deployed().detect(sshOpen(group))
    await deployed().runWith(group, closed)
    expect(await plant.ingress(group)).toEqual(['tcp 22-22 10.0.0.0/8 "office"'])
    await deployed().quiet()
    const run = await oneRun(group, ['RevokeSecurityGroupIngress'])
    expect(run.verifiedAt).toBeDefined()
    expect((await deployed().store.audit(run.id)).map(({ event }) => event)).toEqual(['applying', 'closed'])
  })

  test('of Config makes the snapshot private, and leaves its other share', async () => {
    const snapshot = await plant.snapshot('all', '444455556666')
    await deployed().detect(snapshotPublic(snapshot))
    await deployed().runWith(snapshot, closed)
    expect(await plant.shares(snapshot)).toEqual(['444455556666'])
    await oneRun(snapshot, ['ModifySnapshotAttribute'])
  })

  test('of GuardDuty blocks the attacker at the web ACL', async () => {
    const set = 'rectify-block-v4'
    const { seeds } = deployed().sandbox
    await deployed().detect(probed({ ports: { 443: ['45.155.204.77'] } }))
    await deployed().runWith(seeds[`${set}-arn`]!, closed)
    const entries = await plant.entries({ name: set, id: seeds[set]!, arn: '' })
    expect(entries).toEqual(['185.220.101.7/32', '45.155.204.77/32'])
    await oneRun(seeds[`${set}-arn`]!, [])
    expect(deployed().changesOf(seeds[set]!)).toHaveLength(1)
  })

  test('starts a patch run, which goes on when Systems Manager says that the command has ended', async () => {
    const instance = await plant.instance()
    await deployed().detect(patchesMissing(instance))
    const waiting = await deployed().runWith(instance, ({ state }) => state === 'waiting')
    expect(waiting).toMatchObject({ waitingFor: 'settling', outcome: null })
    // The timer would wake it in five minutes.
    await deployed().runWith(instance, closed)
    await deployed().quiet()
    await oneRun(instance, ['SendCommand'])
    expect(await deployed().store.lock(waiting.resource)).not.toHaveProperty('held')
  })

  test('about a member account closes the group there, with a role of that account made for the run', async () => {
    const member = await deployed().inAccount(MEMBER)
    const there = plantIn(member)
    const group = await there.group({ source: '0.0.0.0/0' })
    const forwarded = replaced(sshOpen(group), {
      [`"awsAccountId":"${deployed().sandbox.account}"`]: `"awsAccountId":"${MEMBER}"`,
    })
    await deployed().detect(forwarded)
    const run = await deployed().runWith(group, closed)
    expect(await there.ingress(group)).toEqual([])
    expect(run).toMatchObject({ account: MEMBER, outcome: 'remediated' })
    await oneRun(group, ['RevokeSecurityGroupIngress'])
    expect(deployed().changesOf(group)[0]).toMatchObject({ account: MEMBER })
    const assumed = deployed().sandbox.requests.filter(
      ({ operation, input }) =>
        operation === 'AssumeRole' && String(input.RoleArn).startsWith(`arn:aws:iam::${MEMBER}:role/Rectify`),
    )
    const sessions = assumed.map(({ input }) => [input.RoleArn, input.RoleSessionName, input.ExternalId])
    expect(sessions).toContainEqual([
      `arn:aws:iam::${MEMBER}:role/RectifyRead`,
      'rectify',
      'only-for-rectify',
    ])
    const changing = assumed.filter(({ input }) => input.RoleSessionName !== 'rectify')
    expect(changing.map(({ input }) => [input.RoleArn, input.RoleSessionName, input.ExternalId])).toEqual([
      [`arn:aws:iam::${MEMBER}:role/RectifyChange`, run.id, 'only-for-rectify'],
    ])
    const policy = JSON.parse(String(changing[0]!.input.Policy))
    expect(policy.Statement).toEqual([
      { Effect: 'Allow', Action: ['ec2:RevokeSecurityGroupIngress'], Resource: run.resource },
    ])
  })

  test('about an account that nobody named is blocked', async () => {
    const group = 'sg-0a1b2c3d4e5f60718'
    const foreign = replaced(sshOpen(group), { [deployed().sandbox.account]: '999999999999' })
    await deployed().detect(foreign)
    const run = await deployed().runWith(group, closed)
    expect(run).toMatchObject({ outcome: 'blocked', account: '999999999999' })
    expect(run.reason).toContain('wrong account')
  })

  test('is proven closed within two seconds, in the median, once the functions are warm', async () => {
    const took: number[] = []
    for (let round = 0; round < 15; round++) {
      const group = await openGroup()
      const at = Date.now()
      await deployed().detect(sshOpen(group))
      const { endedAt } = await deployed().runWith(group, closed)
      took.push(Date.parse(endedAt!) - at)
    }
    took.sort((a, b) => a - b)
    const p50 = took[Math.floor(took.length / 2)]!
    console.info(`event on the bus to proven closed, warm: p50 ${p50} ms, slowest ${took.at(-1)} ms`)
    expect(p50).toBeLessThan(2_000)
  })
})

describe('what comes again changes nothing more', () => {
  test('the same event twice at once, and once more after the end', async () => {
    const group = await openGroup()
    await deployed().detect(sshOpen(group), sshOpen(group))
    await deployed().runWith(group, closed)
    await deployed().detect(sshOpen(group))
    await deployed().quiet()
    await oneRun(group, ['RevokeSecurityGroupIngress'])
  })

  test('the same message, delivered once more', async () => {
    const group = await openGroup()
    const event = sshOpen(group)
    await deployed().detect(event)
    const { playbook, target, findings } = await deployed().runWith(group, closed)
    await deployed().send('IntakeQueue', event)
    const message = { kind: 'job', playbook, target, findings }
    await deployed().send('RunsQueue', message, { group: 'redelivered', id: newFinding() })
    await deployed().quiet()
    await oneRun(group, ['RevokeSecurityGroupIngress'])
  })

  test('two rules about one group at the same moment, each for its own port', async () => {
    const group = await plant.group({ source: '0.0.0.0/0' }, { source: '0.0.0.0/0', port: 3306 })
    await deployed().detect(sshOpen(group), commonPortsOpen(group))
    await deployed().runWith(group, closed)
    await deployed().quiet()
    expect(await plant.ingress(group)).toEqual([])
    const changes = deployed().changesOf(group)
    expect(new Set(changes.flatMap(ruleIds)).size).toBe(changes.flatMap(ruleIds).length)
  })

  test('an update that overtook the finding it updates', async () => {
    const { seeds } = deployed().sandbox
    const set = 'rectify-block-v4'
    const finding = newFinding()
    const first = probed({ ports: { 443: ['45.155.204.78'] }, finding })
    const update = replaced(probed({ ports: { 443: ['45.155.204.78', '45.155.204.79'] }, finding }), {
      '2026-11-20T09:14:27.361Z': '2026-11-20T09:44:27.361Z',
    })
    const before = deployed().changesOf(seeds[set]!).length
    await deployed().detect(update)
    await deployed().quiet()
    await deployed().detect(first)
    await deployed().quiet()
    const entries = await plant.entries({ name: set, id: seeds[set]!, arn: '' })
    expect(entries).toEqual(expect.arrayContaining(['45.155.204.78/32', '45.155.204.79/32']))
    expect(deployed().changesOf(seeds[set]!)).toHaveLength(before + 1)
    const runs = (await deployed().runsAbout(seeds[`${set}-arn`]!)).filter(({ findings }) =>
      findings.some(({ id }) => id.includes(finding)),
    )
    expect(runs.map(({ outcome }) => outcome)).toEqual(['remediated'])
  })

  test('the word that it is over, before and after the finding', async () => {
    const group = await openGroup()
    await deployed().detect(configRule('restricted-ssh', 'AWS::EC2::SecurityGroup', group, 'COMPLIANT'))
    await deployed().quiet()
    expect(await deployed().runsAbout(group)).toEqual([])
    await deployed().detect(sshOpen(group))
    await deployed().runWith(group, closed)
    await deployed().detect(configRule('restricted-ssh', 'AWS::EC2::SecurityGroup', group, 'COMPLIANT'))
    await deployed().quiet()
    await oneRun(group, ['RevokeSecurityGroupIngress'])
  })
})

test('an event that cannot be read lies among the dead letters of the intake, with the reason, and the rest goes on', async () => {
  const group = await openGroup()
  const unreadable = { source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail: { id: 'x' } }
  await deployed().detect(unreadable, sshOpen(group))
  await deployed().runWith(group, closed)
  await deployed().quiet()
  const [letter, ...more] = await deployed().messages('IntakeDlq')
  expect(more).toEqual([])
  expect(JSON.parse(letter!.Body!)).toMatchObject(unreadable)
  expect(letter!.MessageAttributes).toMatchObject({
    code: { StringValue: 'missingField' },
    reason: { StringValue: expect.stringMatching(/\w/) },
    event: { StringValue: expect.stringMatching(/^sqs:/) },
  })
  expect(await deployed().messages('RunsDlq')).toEqual([])
  expect(await deployed().messages('NotifierDlq')).toEqual([])
})

const ruleIds = ({ input }: { input: Record<string, unknown> }) =>
  Object.entries(input)
    .filter(([name]) => name.startsWith('SecurityGroupRuleId.'))
    .map(([, id]) => String(id))
