import { describe, expect, test } from '@jest/globals'
import { openGroup } from './approval-scenes.ts'
import {
  AUTO,
  commonPortsOpen,
  newWorld,
  policyOf,
  publicSnapshot,
  publicSnapshots,
  sshOpen,
  start,
} from './simulated-world.ts'

const RULES = 'ec2:DescribeSecurityGroupRules'
const GROUPS = 'ec2:DescribeSecurityGroups'

describe('what cannot be read', () => {
  test.each([
    ['of a group', GROUPS],
    ['of a snapshot', 'ec2:DescribeSnapshots'],
  ])('about the tags %s blocks the run, whether a rule asks for them or not', async (_, read) => {
    const world = openGroup(AUTO)
    const byTag = policyOf(
      'version: 1\nrules:\n  - { when: { tags: { a: b } }, mode: off }\n  - mode: auto\n',
    )
    world.aws.ec2.addSnapshot('snap-0web')
    world.aws.fault({ on: read, kind: 'deny' })
    const about = read === GROUPS ? sshOpen(world, 'sg-0web') : publicSnapshot(world, 'snap-0web')
    const run = async () => (await start(world).engine.handle([about], 'apply')).runs
    const policy = world.policy
    for (const each of [byTag, policy]) {
      world.policy = each
      expect(await run()).toMatchObject([
        { outcome: 'blocked', reason: expect.stringContaining('cannot evaluate policy: tags of the') },
      ])
    }
    expect(world.aws.changes()).toEqual([])
  })

  test('of an optional read is a warning, after two attempts', async () => {
    const world = newWorld()
    world.aws.ec2.addSnapshot('snap-0web')
    const optional = 'ec2:GetSnapshotBlockPublicAccessState'
    world.aws.fault({ on: optional, kind: 'deny' })
    const { runs } = await start(world).engine.handle([publicSnapshots(world)], 'apply')

    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(runs[0]?.plan?.warnings.join()).toContain(optional)
    expect(world.aws.calls.filter(({ action }) => action === optional)).toHaveLength(2)
  })

  test('while targets are looked for is failed, naming action and principal', async () => {
    const world = newWorld()
    world.aws.ec2.addSnapshot('snap-0web')
    world.aws.fault({ on: 'ec2:DescribeSnapshots', kind: 'deny' })
    const { runs } = await start(world).engine.handle([publicSnapshots(world)], 'apply')

    expect(runs).toMatchObject([{ outcome: 'failed' }])
    expect(runs[0]?.reason).toContain(`ec2:DescribeSnapshots denied for ${world.aws.caller.arn}`)
  })

  test('of one group of a wave fails the runs that needed it, and no other', async () => {
    const world = openGroup(AUTO)
    world.aws.ec2.addSnapshot('snap-0web')
    world.aws.fault({ on: RULES, kind: 'throttle' })
    const findings = [commonPortsOpen(world, 'sg-0web'), publicSnapshot(world, 'snap-0web')]
    const { runs } = await start(world).engine.handle(findings, 'apply')

    expect(runs.map(({ outcome }) => outcome)).toEqual(['failed', 'remediated'])
  })
})
