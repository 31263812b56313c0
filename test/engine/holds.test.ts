import { describe, expect, test } from '@jest/globals'
import { waitersOf } from '../../src/run/found-by.ts'
import { openGroup } from './approval-scenes.ts'
import { APPROVE, AUTO, finding, newWorld, sshOpen, start, type World } from './simulated-world.ts'
import { twoSteps } from './two-step-playbook.ts'

/** A guard rail that holds a run: nothing is changed, nothing is lost, and it goes on from where it stands. */

const GROUP = 'sg-0web'
const SHARE = 'ec2:ModifySnapshotAttribute'
const SNAPSHOTS = ['snap-0a', 'snap-0b', 'snap-0c']

const pause = (world: World) =>
  world.store.setControl({ paused: true, by: 'ann', at: world.clock.iso(), reason: 'release day' })
const resume = (world: World) => world.store.setControl({ paused: false })

const apply = async (world: World, about = sshOpen(world, GROUP)) =>
  (await start(world).engine.handle([about], 'apply')).runs
const letGo = async (world: World) => (await start(world).engine.letGo()).runs

describe('before the claim', () => {
  test('a run is held, says by what, and keeps nobody else from the resource', async () => {
    const world = openGroup(AUTO)
    await pause(world)

    expect(await apply(world)).toMatchObject([
      {
        state: 'waiting',
        waitingFor: 'pause',
        heldBy: { rail: 'pause', reason: expect.stringMatching(/^paused by ann at .*: release day$/) },
        outcome: null,
        plan: { steps: [{}] },
      },
    ])
    expect(world.aws.changes()).toEqual([])
    expect(await world.store.lock((await world.store.list())[0]!.resource)).not.toHaveProperty('lockedBy')
  })

  test('a switch that cannot be read holds as well', async () => {
    const world = openGroup(AUTO)
    const store = { ...world.store, controls: () => Promise.reject(new Error('no table')) }
    const { engine } = start(world, { store })

    expect((await engine.handle([sshOpen(world, GROUP)], 'apply')).runs).toMatchObject([
      { heldBy: { rail: 'pause', reason: 'paused: the kill switch cannot be read' } },
    ])
    expect(world.aws.changes()).toEqual([])
  })

  test('it stays held as long as it is paused, whoever sweeps', async () => {
    const world = openGroup(AUTO)
    await pause(world)
    await apply(world)
    world.clock.advance(25 * 3_600_000)
    await start(world).engine.sweep()

    expect(await letGo(world)).toEqual([])
    expect(await world.store.list()).toMatchObject([{ waitingFor: 'pause' }])
    expect(world.aws.changes()).toEqual([])
  })

  test('of several pauses each holds by itself, and what one of them holds is not let go', async () => {
    const world = openGroup(AUTO)
    const scopes = ['playbook:ec2-close-open-ingress', `account:${world.aws.account}`]
    for (const scope of scopes) await world.store.setControlOf(scope, { paused: true })
    const [held] = await apply(world)
    expect(held).toMatchObject({ heldBy: { rail: 'pause', scope: scopes[0] } })
    for (const scope of scopes) {
      expect(await letGo(world)).toEqual([])
      expect(world.aws.changes()).toEqual([])
      await world.store.setControlOf(scope, { paused: false })
    }

    expect(await letGo(world)).toMatchObject([{ id: held!.id, outcome: 'remediated' }])
  })

  test('it goes on after a fresh look, under the reason of its rule', async () => {
    const world = openGroup(AUTO)
    await pause(world)
    const [held] = await apply(world)
    world.clock.advance(1_000)
    await resume(world)
    const [done] = await letGo(world)

    expect(done).toMatchObject({ id: held!.id, outcome: 'remediated', reason: held!.ruling!.reason })
    expect(done).not.toHaveProperty('heldBy')
    expect(Date.parse(done!.lookedAt!)).toBeGreaterThan(Date.parse(held!.lookedAt!))
  })

  test('what was put right meanwhile is told so, and nothing is sent', async () => {
    const world = openGroup(AUTO)
    await pause(world)
    await apply(world)
    world.aws.groups.rules.clear()
    await resume(world)

    expect(await letGo(world)).toMatchObject([{ outcome: 'alreadyCompliant' }])
    expect(world.aws.changes()).toEqual([])
  })

  test('what was approved stays approved while the plan is the same, and is asked about anew when it is not', async () => {
    const world = openGroup(APPROVE)
    const [same] = await apply(world)
    await pause(world)
    const approve = () => start(world).engine.approve(same!.id, {})
    expect((await approve()).runs).toMatchObject([{ waitingFor: 'pause' }])
    world.aws.groups.addRule(GROUP, { id: 'sgr-new', from: 22, cidr6: '::/0' })
    await resume(world)

    expect(await letGo(world)).toMatchObject([{ waitingFor: 'approval', round: 2 }])
    expect(world.aws.changes()).toEqual([])
    await pause(world)
    await approve()
    await resume(world)
    expect(await letGo(world)).toMatchObject([{ id: same!.id, outcome: 'remediated' }])
  })

  test('a finding that is over closes it without a change', async () => {
    const world = openGroup(AUTO)
    await pause(world)
    await apply(world)
    world.aws.groups.rules.clear()
    await apply(world, sshOpen(world, GROUP, { status: 'resolved' }))

    expect(await world.store.list()).toMatchObject([{ outcome: 'alreadyCompliant' }])
  })
})

describe('between two steps', () => {
  /** Three calls, after the first of which somebody pauses. */
  async function pausedInBetween(world: World) {
    for (const id of SNAPSHOTS) world.aws.ec2.addSnapshot(id)
    const resources = [{ type: 'AWS::EC2::Snapshot', id: SNAPSHOTS[0]! }]
    const about = finding(world, { source: 'config', type: 'TWO_STEPS', resources })
    world.aws.fault({ on: SHARE, nth: 1, dryRun: false, after: () => pause(world) })
    const { engine } = start(world, { playbooks: [twoSteps({ together: false })] })
    const { runs } = await engine.handle([about], 'apply')
    return runs[0]!
  }
  const shared = (world: World) => SNAPSHOTS.map((id) => world.aws.ec2.isPublic(id))
  const goOn = async (world: World) =>
    (await start(world, { playbooks: [twoSteps({ together: false })] }).engine.letGo()).runs

  test('a pause stops it before the next one, and the resource stays its own', async () => {
    const world = newWorld()
    const run = await pausedInBetween(world)

    expect(run).toMatchObject({ state: 'waiting', waitingFor: 'pause', results: [{ status: 'applied' }] })
    expect(shared(world)).toEqual([false, true, true])
    expect(await world.store.lock(run.resource)).toMatchObject({ lockedBy: { run: run.id } })
  })

  test('it ends as if nothing had been, with one call per step', async () => {
    const world = newWorld()
    const run = await pausedInBetween(world)
    await resume(world)

    expect(await goOn(world)).toMatchObject([
      { id: run.id, outcome: 'remediated', results: SNAPSHOTS.map((step) => ({ step, status: 'applied' })) },
    ])
    expect(shared(world)).toEqual([false, false, false])
    expect(world.aws.changes()).toHaveLength(3)
    expect(await world.store.lock(run.resource)).not.toHaveProperty('lockedBy')
  })

  test('a step that somebody else has done meanwhile is seen and not sent', async () => {
    const world = newWorld()
    await pausedInBetween(world)
    world.aws.ec2.permissions.delete('snap-0b')
    await resume(world)

    expect(await goOn(world)).toMatchObject([
      { outcome: 'remediated', results: [{}, { status: 'alreadyDone' }, { status: 'applied' }] },
    ])
    expect(world.aws.changes()).toHaveLength(2)
  })

  test('it may be held as often as somebody pauses: no driver of it has died', async () => {
    const world = newWorld()
    const run = await pausedInBetween(world)
    for (let n = 0; n < 8; n++) {
      await resume(world)
      await pause(world)
      world.clock.advance(25 * 3_600_000)
      await start(world, { playbooks: [twoSteps({ together: false })] }).engine.sweep()
    }
    await resume(world)

    expect(await goOn(world)).toMatchObject([{ id: run.id, outcome: 'remediated' }])
  })
})

test('a run is not found any more by what it waited for', async () => {
  const world = openGroup(AUTO)
  await pause(world)
  const [held] = await apply(world)
  await resume(world)
  await letGo(world)

  expect(await world.store.foundBy('held pause')).toEqual([])
  expect(await world.store.foundBy(waitersOf(held!.resource))).toEqual([])
})
