import { describe, expect, test } from '@jest/globals'
import { openGroup } from './approval-scenes.ts'
import { AUTO, finding, newWorld, publicSnapshot, sshOpen, start, type World } from './simulated-world.ts'
import { twoSteps } from './two-step-playbook.ts'

const REVOKE = 'ec2:RevokeSecurityGroupIngress'
const RULES = 'ec2:DescribeSecurityGroupRules'
const GROUPS = 'ec2:DescribeSecurityGroups'
const SHARE = 'ec2:ModifySnapshotAttribute'

describe('of two calls, one is denied', () => {
  function twoSnapshots(together: boolean) {
    const world = newWorld()
    for (const id of ['snap-0a', 'snap-0b']) world.aws.ec2.addSnapshot(id)
    const resources = [{ type: 'AWS::EC2::Snapshot', id: 'snap-0a' }]
    const about = finding(world, { source: 'config', type: 'TWO_STEPS', resources })
    const { engine } = start(world, { playbooks: [twoSteps({ together })] })
    // The dry run of a plan with several steps would tell; it does when it knows (next test).
    world.aws.fault({ on: SHARE, nth: 2, kind: 'deny', dryRun: false })
    return { world, apply: () => engine.handle([about], 'apply') }
  }

  test('ends failed: what is closed stays closed, and each step says what became of it', async () => {
    const { world, apply } = twoSnapshots(false)
    const { runs } = await apply()

    expect(runs).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining(`${SHARE} denied for`) },
    ])
    expect(runs[0]?.results).toMatchObject([
      { step: 'snap-0a', status: 'applied' },
      { step: 'snap-0b', status: 'failed', error: { action: SHARE, principal: world.aws.caller.arn } },
    ])
    expect([world.aws.ec2.isPublic('snap-0a'), world.aws.ec2.isPublic('snap-0b')]).toEqual([false, true])
  })

  test('ends rolledBack where the steps only make sense together', async () => {
    const { world, apply } = twoSnapshots(true)
    const { runs } = await apply()

    expect(runs).toMatchObject([{ outcome: 'rolledBack' }])
    expect(runs[0]?.results.map(({ step, status }) => [step, status])).toEqual([
      ['snap-0a', 'undone'],
      ['snap-0b', 'failed'],
    ])
    expect([world.aws.ec2.isPublic('snap-0a'), world.aws.ec2.isPublic('snap-0b')]).toEqual([true, true])
  })

  test('says both what failed and that the rest could not be taken back', async () => {
    const { world, apply } = twoSnapshots(true)
    world.aws.fault({ on: SHARE, nth: 3, kind: 'deny', dryRun: false })
    const [run] = (await apply()).runs

    expect(run).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(`${SHARE} denied for`) })
    expect(run!.reason).toContain('; what had been applied could not be taken back: ')
    expect(run!.results.map(({ status }) => status)).toEqual(['applied', 'failed'])
  })

  test('is remembered as denied although another dry run fails otherwise', async () => {
    const { world, apply } = twoSnapshots(false)
    world.aws.fault({ on: SHARE, nth: 1, kind: 'deny', dryRun: true })
    world.aws.fault({ on: SHARE, nth: 2, kind: 'throttle', dryRun: true })
    const [run] = (await apply()).runs
    expect(run).toMatchObject({ outcome: 'failed', results: [{ status: 'dryRunDenied' }] })
    expect(world.aws.changes()).toEqual([])
  })

  test('is told by the dry run before the first change', async () => {
    const { world, apply } = twoSnapshots(false)
    world.aws.fault({ on: SHARE, nth: 2, kind: 'deny', dryRun: true })
    const { runs } = await apply()

    expect(runs).toMatchObject([{ outcome: 'failed' }])
    expect(runs[0]?.results.map(({ status }) => status)).toEqual(['dryRunOk', 'dryRunDenied'])
    expect(world.aws.changes()).toEqual([])
  })
})

describe('a resource that is right or gone', () => {
  test('is alreadyCompliant the second time, by a read of its own and without a change', async () => {
    const world = openGroup(AUTO)
    const { engine } = start(world)
    await engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    const before = world.aws.calls.length
    world.clock.advance(60_000)
    const { runs } = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(runs).toMatchObject([{ outcome: 'alreadyCompliant', results: [] }])
    expect(world.aws.changes()).toHaveLength(1)
    expect(world.aws.calls.slice(before).map(({ action }) => action)).toContain(RULES)
  })

  test('is resourceGone after a second look, 2 s later', async () => {
    const world = newWorld()
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0gone')], 'apply')

    expect(runs).toMatchObject([{ outcome: 'resourceGone', results: [] }])
    const looks = world.aws.calls.filter(({ action }) => action === RULES).map(({ at }) => at)
    expect(looks).toHaveLength(2)
    expect(looks[1]! - looks[0]!).toBe(2_000)
  })

  test('that is not yet readable at the first look is put right at the second', async () => {
    const world = openGroup(AUTO)
    world.aws.fault({ on: RULES, nth: 1, answer: () => ({ SecurityGroupRules: [] }) })
    world.aws.fault({ on: GROUPS, nth: 1, answer: () => ({ SecurityGroups: [] }) })
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(runs).toMatchObject([{ outcome: 'remediated' }])
  })

  test('and was deleted between the look and the change is resourceGone', async () => {
    const world = openGroup(AUTO)
    world.aws.fault({ on: REVOKE, before: () => world.aws.groups.remove('sg-0web') })
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(runs).toMatchObject([{ outcome: 'resourceGone', results: [{ status: 'skipped' }] }])
  })

  test.each(['before the look', 'before the change'])(
    'and was deleted %s, second of five, costs the other four nothing',
    async (when) => {
      const world = newWorld()
      const ids = [1, 2, 3, 4, 5].map((n) => `sg-${n}`)
      for (const id of ids) world.aws.groups.add(id, [{ from: 22, cidr: '0.0.0.0/0' }])
      const remove = () => world.aws.groups.remove('sg-2')
      if (when === 'before the look') remove()
      else world.aws.fault({ on: REVOKE, nth: 1, before: remove })
      const findings = ids.map((id) => sshOpen(world, id))
      const { runs } = await start(world).engine.handle(findings, 'apply')

      expect(runs.map(({ target, outcome }) => [target.id, outcome])).toEqual([
        ['sg-1', 'remediated'],
        ['sg-2', 'resourceGone'],
        ['sg-3', 'remediated'],
        ['sg-4', 'remediated'],
        ['sg-5', 'remediated'],
      ])
      expect(world.aws.groups.rules.size).toBe(0)
    },
  )
})

describe('the proof', () => {
  /** The first `looks` looks after the change still show the rules as they were. */
  function lateBy(world: World, looks: number): void {
    const stale = { SecurityGroupRules: structuredClone(world.aws.groups.rulesOf('sg-0web')) }
    let seen = 0
    world.aws.fault({
      on: REVOKE,
      after: () => world.aws.fault({ on: RULES, answer: (fresh) => (seen++ < looks ? stale : fresh) }),
    })
  }

  test('is patient with a change that shows late', async () => {
    const world = openGroup(AUTO)
    lateBy(world, 5)
    const started = world.clock.now()
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(runs).toMatchObject([{ outcome: 'remediated', results: [{ status: 'applied' }] }])
    // 0.5 + 1 + 2 + 4 + 8 s of pauses.
    expect(world.clock.now() - started).toBe(15_500)
    expect(world.aws.changes()).toHaveLength(1)
  })

  test('is patient for as long as it was told, and then says unverified', async () => {
    const world = openGroup(AUTO)
    lateBy(world, Number.POSITIVE_INFINITY)
    const started = world.clock.now()
    const { engine } = start(world, { patience: 10 })
    const { runs } = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(runs).toMatchObject([{ outcome: 'unverified', reason: expect.stringContaining('after 10 s') }])
    expect(world.clock.now() - started).toBe(10_000)
  })

  test('that finds other work ends unverified at once, and a new run does that work', async () => {
    const world = openGroup(AUTO)
    world.aws.fault({
      on: REVOKE,
      nth: 1,
      after: () => void world.aws.groups.addRule('sg-0web', { id: 'sgr-new', from: 22, cidr6: '::/0' }),
    })
    const started = world.clock.now()
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(runs).toMatchObject([
      { outcome: 'unverified', reason: expect.stringContaining('changed meanwhile') },
      { outcome: 'remediated' },
    ])
    expect(world.clock.now()).toBe(started)
    expect(world.aws.groups.rules.size).toBe(0)
  })

  test('is as old as the read that gave it: what came while it was read is not covered', async () => {
    const world = openGroup(AUTO)
    world.aws.fault({
      on: REVOKE,
      after: () =>
        world.aws.fault({
          on: RULES,
          nth: 1,
          // After the read: the rule comes back and is observed before the answer arrives.
          after: () => {
            world.aws.groups.addRule('sg-0web', { id: 'sgr-back', from: 22, cidr: '0.0.0.0/0' })
            world.clock.advance(1_000)
          },
          answer: () => ({ SecurityGroupRules: [] }),
        }),
      nth: 1,
    })
    const { engine } = start(world)
    const first = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    const second = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect([...first.runs, ...second.runs]).toMatchObject([
      { outcome: 'remediated' },
      { outcome: 'remediated' },
    ])
    expect(world.aws.groups.rules.size).toBe(0)
  })
})

describe('a subset of the approved rules', () => {
  test('goes when another of them went by another hand: what is left, never anything else', async () => {
    const world = openGroup(AUTO)
    world.aws.groups.addRule('sg-0web', { id: 'sgr-v6', from: 22, cidr6: '::/0' })
    world.aws.fault({ on: REVOKE, nth: 1, before: () => void world.aws.groups.rules.delete('sgr-v6') })
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(runs).toMatchObject([{ outcome: 'remediated', results: [{ status: 'applied' }] }])
    expect(world.aws.changes().map(({ input }) => input.SecurityGroupRuleIds)).toEqual([
      ['sgr-open', 'sgr-v6'],
      ['sgr-open'],
    ])
  })
})

describe('a snapshot of another account', () => {
  const about = (world: World) => publicSnapshot(world, 'snap-0theirs')

  test('is told as such, and not as gone', async () => {
    const world = newWorld()
    world.aws.ec2.addSnapshot('snap-0theirs', [{ Group: 'all' }], { OwnerId: '444455556666' })
    const { runs } = await start(world).engine.handle([about(world)], 'apply')
    expect(runs).toMatchObject([
      {
        outcome: 'notApplicable',
        reason: expect.stringContaining('not among those of account 123456789012'),
      },
    ])
    expect(world.aws.changes()).toEqual([])
  })

  test('that does not exist at all is gone', async () => {
    const world = newWorld()
    const { runs } = await start(world).engine.handle([about(world)], 'apply')
    expect(runs).toMatchObject([{ outcome: 'resourceGone' }])
  })
})
