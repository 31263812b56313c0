import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { ANN, BlockingSets, UPDATE } from '../engine/blocking-sets.ts'
import { endOf } from '../engine/interrupted-work.ts'
import { Life, storeWithin } from '../engine/killed-process.ts'
import { APPROVE, AUTO, attack, newWorld, sshOpen, type World } from '../engine/simulated-world.ts'
import { Deployment, patching } from './simulated-deployment.ts'

const HOUR = 3_600_000

function openGroup(world: World, id = 'sg-0web'): Finding {
  world.aws.groups.add(id, [
    { from: 22, cidr: '0.0.0.0/0' },
    { from: 22, cidr: '10.0.0.0/8' },
  ])
  return sshOpen(world, id)
}

/** A block whose time is over after these findings, and whose end is refused from now on. */
async function endRefused(
  ...ids: string[]
): Promise<{ wall: BlockingSets; world: World; deployment: Deployment }> {
  const wall = new BlockingSets([])
  const { world } = wall
  const deployment = new Deployment(world)
  await deployment.findings(...ids.map((id) => attack(world, [ANN], { id })))
  while (await deployment.invoke());
  world.clock.advance(24 * HOUR)
  world.aws.fault({ on: UPDATE, kind: 'deny' })
  return { wall, world, deployment }
}

async function outcomes(world: World) {
  const runs = await world.store.list()
  return { outcomes: runs.map(({ outcome }) => outcome), ...(await endOf(world.store)) }
}

describe('a patch run in a deployment', () => {
  test('leaves while the command runs, and resumes on the event that it has ended', async () => {
    const { world, deployment } = await patching()
    const [run] = await world.store.list()
    expect(run).toMatchObject({ state: 'waiting', waitingFor: 'settling' })
    world.clock.advance(61_000)
    await deployment.waker(new Life()).now(run!, 'settled', run!.revision)
    await deployment.invoke()
    expect(await outcomes(world)).toEqual({ outcomes: ['remediated'], open: 0, locked: false })
    expect(world.aws.ssm.commands).toHaveLength(1)
  })

  test('whose answer is lost late in its invocation looks for its command in the next, and sends none again', async () => {
    const lose = { on: 'ssm:SendCommand', nth: 1, kind: 'loseAnswer', delayMs: 70_000 } as const
    const { world, deployment } = await patching((aws) => {
      aws.ssm.listLagMs = 50_000
      aws.fault(lose)
    })
    await deployment.settle()
    expect(await outcomes(world)).toEqual({ outcomes: ['remediated'], open: 0, locked: false })
    expect(world.aws.ssm.commands).toHaveLength(1)
  })

  test.each([
    ['twice', (timers: Deployment['timers']) => timers.push(structuredClone(timers[0]!))],
    [
      'an hour late',
      (timers: Deployment['timers']) => Object.assign(timers[0]!, { at: timers[0]!.at + HOUR }),
    ],
    ['never', (timers: Deployment['timers']) => timers.splice(0)],
  ])('ends the same when its timer fires %s', async (_how, disturb) => {
    const { world, deployment } = await patching()
    disturb(deployment.timers)
    await deployment.settle()
    expect(await outcomes(world)).toEqual({ outcomes: ['remediated'], open: 0, locked: false })
    expect(world.aws.ssm.commands).toHaveLength(1)
  })

  test('ends the same wherever the invocation that its timer wakes is killed', async () => {
    const whole = await patching()
    whole.world.clock.advance(300_000)
    const life = new Life()
    await whole.deployment.send(whole.deployment.timers[0]!.message, 'any', 'timer')
    await whole.deployment.invoke(life)
    expect(life.points.length).toBeGreaterThan(5)
    for (const point of life.points.keys()) {
      const { world, deployment } = await patching()
      world.clock.advance(300_000)
      const [timer] = deployment.timers.splice(0)
      await deployment.send(timer!.message, timer!.resource, 'timer')
      await deployment.invoke(new Life(point))
      await deployment.settle()
      expect({ point: life.points[point], ...(await outcomes(world)) }).toEqual({
        point: life.points[point],
        outcomes: ['remediated'],
        open: 0,
        locked: false,
      })
      expect(world.aws.ssm.commands).toHaveLength(1)
    }
  })
})

describe('a deployment', () => {
  test('carries an approved run on when the decision wakes it, and expires it when nobody decides', async () => {
    for (const decide of [true, false]) {
      const world = newWorld(APPROVE)
      const deployment = new Deployment(world)
      await deployment.findings(openGroup(world))
      await deployment.invoke()
      const [run] = await world.store.list()
      expect(run).toMatchObject({ state: 'waiting', waitingFor: 'approval' })
      if (decide) {
        const decision = {
          verdict: 'approve' as const,
          by: 'arn:aws:iam::123456789012:user/ann',
          at: world.clock.iso(),
        }
        await world.store.decide(run!.id, { ...decision, hash: run!.plan!.hash }, world.clock.now())
        await deployment.waker(new Life()).now(run!, 'decision', run!.revision)
      }
      await deployment.settle(30 * HOUR)
      expect((await world.store.get(run!.id))?.outcome).toBe(decide ? 'remediated' : 'expired')
      expect(world.aws.changes()).toHaveLength(decide ? 1 : 0)
    }
  })

  test('hands a proof on that the invocation has no time for', async () => {
    const world = newWorld(AUTO)
    const deployment = new Deployment(world)
    await deployment.findings(openGroup(world))
    // The change takes most of the invocation, and AWS shows it half a minute later.
    let shownAt = 0
    const before = [...world.aws.groups.rules.values()].map((rule) => structuredClone(rule))
    const revoke = 'ec2:RevokeSecurityGroupIngress'
    const after = () => {
      shownAt = world.clock.now() + 30_000
    }
    world.aws.fault({ on: revoke, dryRun: false, delayMs: 90_000, after })
    const stale = () => shownAt > world.clock.now()
    world.aws.fault({
      on: 'ec2:DescribeSecurityGroupRules',
      answer: (answer) => (stale() ? { ...answer, SecurityGroupRules: before } : answer),
    })
    await deployment.settle()
    expect(await outcomes(world)).toEqual({ outcomes: ['remediated'], open: 0, locked: false })
    expect(world.aws.changes()).toHaveLength(1)
  })

  test('tries an expiry that is refused again after an hour, not at every sweep', async () => {
    const { wall, world, deployment } = await endRefused('once')
    const sweeps = async (count: number) => {
      for (let n = 0; n < count; n++) {
        await deployment.sweep()
        while (await deployment.invoke());
        world.clock.advance(300_000)
      }
      return (await world.store.list()).filter(({ expiry }) => expiry).map(({ outcome }) => outcome)
    }
    expect(await sweeps(11)).toEqual(['failed'])
    world.aws.clearFaults()
    expect((await sweeps(3)).sort()).toEqual(['failed', 'undone'])
    expect(wall.v4).toEqual([])
    expect(await wall.timeBoxes()).toEqual([])
  })

  test('lets a person take out at once what an expiry was refused for', async () => {
    const { wall, world, deployment } = await endRefused('once', 'again')
    await deployment.sweep()
    while (await deployment.invoke());
    world.aws.clearFaults()
    const held = await wall.timeBoxes()
    const first = (await world.store.list()).find(({ outcome }) => outcome === 'remediated')!
    const by = 'arn:aws:iam::123456789012:user/ann'
    await deployment.send({ kind: 'undo', run: first.id, restFor: 'PT24H', by }, first.resource, 'undo')
    while (await deployment.invoke());

    expect(held).toHaveLength(2)
    expect(held.every(({ until }) => until <= world.clock.now())).toBe(true)
    expect((await world.store.get(first.id))?.undoneBy).toBeDefined()
    expect(wall.v4).toEqual([])
    expect(await wall.timeBoxes()).toEqual([])
  })

  test('does not try an expiry again for a second message about it', async () => {
    const { world, deployment } = await endRefused('once')
    await deployment.sweep()
    world.clock.advance(300_000)
    await deployment.sweep()
    expect(deployment.queue).toHaveLength(2)
    while (await deployment.invoke());

    expect((await world.store.list()).map(({ outcome }) => outcome)).toEqual(['failed', 'remediated'])
    expect(deployment.errors).toEqual([])
  })

  test('leaves a group alone that was just opened again by an undo', async () => {
    const world = newWorld(AUTO)
    const deployment = new Deployment(world)
    const finding = openGroup(world)
    await deployment.findings(finding)
    await deployment.settle()
    const [run] = await world.store.list()
    const by = 'arn:aws:iam::123456789012:user/ann'
    await deployment.send({ kind: 'undo', run: run!.id, restFor: 'PT24H', by }, run!.resource, 'undo')
    await deployment.settle()
    expect((await world.store.get(run!.id))?.undoneBy).toBeDefined()

    const observedAt = world.clock.iso()
    await deployment.findings({ ...finding, observedAt, version: `${observedAt}#0001` })
    await deployment.settle()
    expect((await world.store.list()).map(({ outcome }) => outcome)).toEqual([
      'exempted',
      'undone',
      'remediated',
    ])
    expect(world.aws.changes()).toHaveLength(2)
  })

  test('ends the same when the store cannot be reached for a minute, whenever that begins', async () => {
    for (let begins = 0; begins < 8; begins++) {
      const world = newWorld(AUTO)
      const deployment = new Deployment(world)
      await deployment.findings(openGroup(world))
      let calls = 0
      let until = Number.POSITIVE_INFINITY
      const { store } = world
      world.store = storeWithin(store, async (what, work) => {
        calls += 1
        if (calls > begins && until === Number.POSITIVE_INFINITY) until = world.clock.now() + 60_000
        if (calls > begins && world.clock.now() < until) throw new StoreError('busy', `no answer to ${what}`)
        return work()
      })
      await deployment.invoke()
      world.clock.advance(60_000)
      await deployment.settle()
      expect({ begins, ...(await outcomes({ ...world, store })) }).toEqual({
        begins,
        outcomes: ['remediated'],
        open: 0,
        locked: false,
      })
      expect(world.aws.changes()).toHaveLength(1)
      expect(deployment.errors.every((error) => error instanceof StoreError)).toBe(true)
    }
  })

  test('holds what comes in while it is paused, and carries it on by itself afterwards', async () => {
    const world = newWorld(AUTO)
    const deployment = new Deployment(world)
    await world.store.setControl({ paused: true, by: 'ann', at: world.clock.iso() })
    await deployment.findings(openGroup(world))
    await deployment.settle()
    expect(await world.store.list()).toMatchObject([
      { state: 'waiting', heldBy: { rail: 'pause', reason: expect.stringContaining('paused by ann') } },
    ])
    expect(world.aws.changes()).toEqual([])

    await world.store.setControl({ paused: false })
    await deployment.sweep()
    await deployment.settle()
    expect(await world.store.list()).toMatchObject([{ outcome: 'remediated' }])
    expect(world.aws.changes()).toHaveLength(1)
    expect(await endOf(world.store)).toEqual({ open: 0, locked: false })
  })

  test('puts 50 resources right for 200 findings in any order, with one change each', async () => {
    const world = newWorld(AUTO)
    const deployment = new Deployment(world)
    const findings = Array.from({ length: 50 }, (_, n) =>
      openGroup(world, `sg-${String(n).padStart(17, '0')}`),
    )
    const versions = [3, 1, 2, 1].flatMap((version) =>
      findings.map((finding) => ({
        ...finding,
        version: finding.version.replace('#0001', `#000${version}`),
      })),
    )
    for (const finding of versions) await deployment.findings(finding)
    await deployment.settle()
    const changed = world.aws.changes().map(({ input }) => input.GroupId)
    expect(changed).toHaveLength(50)
    expect(new Set(changed).size).toBe(50)
    expect(deployment.errors).toEqual([])
    expect(await endOf(world.store)).toEqual({ open: 0, locked: false })
  })
})
