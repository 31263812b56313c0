import { describe, expect, test } from '@jest/globals'
import { rulesOf } from '../../engine/arbitrary-rules.ts'
import { live } from '../../engine/scene-per-playbook.ts'
import { APPROVE, AUTO, finding, newWorld, start, type World } from '../../engine/simulated-world.ts'
import type { RuleSpec } from '../../support/aws-model/security-groups.ts'

const ID = 'sg-0123456789abcdef0'
const ITSELF: RuleSpec = { id: 'sgr-self', protocol: '-1', group: ID, description: 'among us' }
const OUT: RuleSpec = {
  id: 'sgr-out',
  protocol: '-1',
  cidr: '0.0.0.0/0',
  egress: true,
  tags: { team: 'net' },
}

const asked = (world: World, source: 'config' | 'securityhub' | 'prowler', type: string) =>
  finding(world, { source, type, resources: [{ type: 'AWS::EC2::SecurityGroup', id: ID }] })

const reported = (world: World) => asked(world, 'config', 'VPC_DEFAULT_SECURITY_GROUP_CLOSED')

function worldWith(rules: RuleSpec[], more: { name?: string; owner?: string } = {}, policy = AUTO): World {
  const world = newWorld(policy)
  world.aws.groups.add(ID, rules, { name: 'default', ...more })
  return world
}

async function applied(world: World) {
  const { runs } = await start(world).engine.handle([reported(world)], 'apply')
  return runs[0]!
}

describe('the default group of a VPC', () => {
  test.each([
    ['both ways', [ITSELF, OUT], ['RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress']],
    ['in only', [ITSELF], ['RevokeSecurityGroupIngress']],
    ['out only', [OUT], ['RevokeSecurityGroupEgress']],
  ])('loses its rules, %s, and has them again after an undo', async (_, rules, calls) => {
    const world = worldWith(rules)
    const before = rulesOf(live(world))
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    const { runs } = await engine.handle([reported(world)], 'apply')
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(world.aws.changes().map(({ operation }) => operation)).toEqual(calls)
    expect(world.aws.groups.rulesOf(ID)).toEqual([])

    const {
      runs: [undone],
    } = await engine.undo(runs[0]!.id, { restFor: 'PT1H' })
    expect(undone).toMatchObject({ outcome: 'undone' })
    expect(rulesOf(live(world))).toEqual(before)
  })

  test('a rule about a group of another account comes back with that account', async () => {
    const world = worldWith([ITSELF])
    const rule = world.aws.groups.rules.get('sgr-self')!
    rule.ReferencedGroupInfo = { GroupId: 'sg-0peer', UserId: '999988887777' }
    const run = await applied(world)
    expect(run.plan!.steps[0]!.undo).toMatchObject([
      { input: { IpPermissions: [{ UserIdGroupPairs: [{ GroupId: 'sg-0peer', UserId: '999988887777' }] }] } },
    ])
  })

  test('a rule that goes by other hands meanwhile is not put back by the undo', async () => {
    const world = worldWith([ITSELF, { id: 'sgr-other', from: 443, cidr: '10.0.0.0/8' }])
    world.aws.fault({
      on: 'ec2:RevokeSecurityGroupIngress',
      dryRun: false,
      before: () => void world.aws.groups.rules.delete('sgr-other'),
    })
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    const { runs } = await engine.handle([reported(world)], 'apply')
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    await engine.undo(runs[0]!.id, { restFor: 'PT1H' })
    expect(world.aws.groups.rulesOf(ID)).toMatchObject([{ ReferencedGroupInfo: { GroupId: ID } }])
  })

  test.each([
    [1, '1 network interface wears the group and loses all traffic that no other group lets through'],
    [2, '2 network interfaces wear the group and lose all traffic that no other group lets through'],
  ])('%i who wear it: a person looks first, whatever the policy says', async (count, caution) => {
    const world = worldWith([OUT])
    for (let index = 0; index < count; index++) world.aws.ec2.addInterface(`eni-${index}`, [ID])
    const run = await applied(world)
    expect(run).toMatchObject({ state: 'waiting', plan: { impact: { count } } })
    expect(run.plan!.warnings.join()).toContain(caution)
    expect(world.aws.changes()).toEqual([])
  })

  test('an undo asks for no look at who wears it', async () => {
    const world = worldWith([OUT], {}, APPROVE)
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    const { runs } = await engine.handle([reported(world)], 'apply')
    world.aws.ec2.addInterface('eni-1', [ID])
    const {
      runs: [undone],
    } = await engine.undo(runs[0]!.id, { restFor: 'PT1H' })
    expect(undone).toMatchObject({ outcome: 'undone' })
    expect(undone!.plan!.warnings.join()).not.toContain('loses all traffic')
  })

  test.each<[string, RuleSpec[], { name?: string; owner?: string }, string, string]>([
    ['has no rule', [], {}, 'alreadyCompliant', 'no rule in either direction'],
    ['is not the default one', [OUT], { name: 'web' }, 'notApplicable', 'the group is "web"'],
    ['is of another account', [OUT], { owner: '999988887777' }, 'notApplicable', 'belongs to account'],
  ])('a group that %s stays as it is', async (_, rules, more, outcome, reason) => {
    const world = worldWith(rules, more)
    expect(await applied(world)).toMatchObject({ outcome, reason: expect.stringContaining(reason) })
    expect(world.aws.changes()).toEqual([])
  })

  test('a group that is gone is told as gone', async () => {
    const world = newWorld(AUTO)
    expect(await applied(world)).toMatchObject({ outcome: 'resourceGone' })
  })

  test.each([
    ['securityhub', 'EC2.2'],
    ['prowler', 'ec2_securitygroup_default_restrict_traffic'],
  ] as const)('is answered for %s %s, too', async (source, type) => {
    const world = worldWith([OUT])
    const { runs } = await start(world).engine.handle([asked(world, source, type)], 'apply')
    expect(runs).toMatchObject([{ playbook: 'ec2-clear-default-group', outcome: 'remediated' }])
  })
})
