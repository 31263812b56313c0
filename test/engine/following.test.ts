import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import { fair, Interleaving } from './interleaving.ts'
import { endOf, untilDeath } from './interrupted-work.ts'
import { Life, startMortal, startWithin } from './killed-process.ts'
import { BALANCER, live, SCENES } from './scene-per-playbook.ts'
import { attack, kill, newWorld, start, type World } from './simulated-world.ts'

const SET = 'rectify-block-v4'
const LEASE_MS = 180_000

/** Two attackers: two runs with a key each on one set. */
function twoAttackers(): { world: World; first: Finding; second: Finding } {
  const world = newWorld()
  world.aws.wafv2.addBlockingAcl('web', world.aws.wafv2.addSet(SET, ['45.9.148.1/32']), [BALANCER])
  return { world, first: attack(world, ['45.155.205.10']), second: attack(world, ['45.155.205.11']) }
}

/** The first change hangs until it is let go: its process lives, but is slow. */
function hanging(world: World): () => void {
  let letGo = () => {}
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  world.aws.fault({ on: 'wafv2:UpdateIPSet', nth: 1, before: () => gate })
  return () => letGo()
}

/** Until the process has its change under way. */
async function untilChanging(world: World, before = 0): Promise<void> {
  while (world.aws.changes().length === before) await new Promise((resolve) => setImmediate(resolve))
}

const blocked = (world: World) => [...world.aws.wafv2.set(SET).Addresses].sort()

describe('a process that dies while another one follows it', () => {
  test.each(SCENES)('leaves the run to its follower, wherever it dies: $name', async (scene) => {
    for (let end = 0, survived = false; !survived; end++) {
      const world = newWorld()
      const finding = scene.arrange(world)
      const wanted = scene.wanted(live(world))
      const [turns, life] = [new Interleaving(), new Life(end)]
      const around = turns.of(0)
      const mortal = startWithin(world, (what, work) => life.around(what, () => around(what, work)))
      const follower = startWithin(world, turns.of(1))
      const dying = untilDeath(mortal.engine.handle([finding], 'apply')).then(() => kill(world, mortal))
      const following = follower.engine.handle([finding], 'apply')
      await turns.play<unknown>([dying, following], fair())
      survived = life.points.length <= end

      const death = { end, point: life.points.at(-1) }
      const { runs } = await following
      expect({ ...death, outcomes: runs.map(({ outcome }) => outcome) }).toEqual({
        ...death,
        outcomes: ['remediated'],
      })
      expect({ ...death, live: live(world) }).toEqual({ ...death, live: wanted })
      expect({ ...death, changes: world.aws.changes().length }).toEqual({ ...death, changes: 1 })
      expect(await endOf(world.store)).toEqual({ open: 0, locked: false })
    }
  })
})

describe('a living process that is slow', () => {
  test('keeps its lock for a lease; the other run is left waiting for it, and a sweep wakes it', async () => {
    const { world, first, second } = twoAttackers()
    const letGo = hanging(world)
    const slow = start(world).engine.handle([first], 'apply')
    await untilChanging(world)
    const since = world.clock.now()
    const { runs } = await start(world).engine.handle([second], 'apply')
    expect(runs).toMatchObject([{ state: 'waiting', waitingFor: 'lock', outcome: null }])
    expect(world.clock.now() - since).toBeLessThanOrEqual(LEASE_MS + 1_000)
    expect(blocked(world)).toEqual(['45.9.148.1/32'])

    letGo()
    expect((await slow).runs).toMatchObject([{ outcome: 'remediated' }])
    const swept = await start(world).engine.sweep()
    expect(swept.runs).toMatchObject([{ id: runs[0]!.id, outcome: 'remediated' }])
    expect(blocked(world)).toEqual(['45.155.205.10/32', '45.155.205.11/32', '45.9.148.1/32'])
    expect(await endOf(world.store)).toEqual({ open: 0, locked: false })
  })

  test('is left alone by a sweep as long as its lease lasts', async () => {
    const { world, first } = twoAttackers()
    const letGo = hanging(world)
    const slow = start(world).engine.handle([first], 'apply')
    await untilChanging(world)
    expect((await start(world).engine.sweep()).runs).toEqual([])

    letGo()
    expect((await slow).runs).toMatchObject([{ outcome: 'remediated' }])
    expect(world.aws.changes()).toHaveLength(1)
  })

  test('shows the end of its run when another has carried it on after the lease', async () => {
    const { world, first } = twoAttackers()
    const letGo = hanging(world)
    const slow = start(world).engine.handle([first], 'apply')
    await untilChanging(world)
    world.clock.advance(LEASE_MS)
    const taken = await start(world).engine.sweep()
    expect(taken.runs).toMatchObject([{ outcome: 'remediated' }])

    letGo()
    expect((await slow).runs).toMatchObject([{ id: taken.runs[0]!.id, outcome: 'remediated' }])
    expect(blocked(world)).toEqual(['45.155.205.10/32', '45.9.148.1/32'])
  })
})

describe('a lock that a dead process left behind', () => {
  /** The run for the first attacker was claimed, and nothing was sent. */
  async function claimedAndDead() {
    const given = twoAttackers()
    const life = new Life('before wafv2:UpdateIPSet')
    const process = startMortal(given.world, life)
    await untilDeath(process.engine.handle([given.first], 'apply'))
    return { ...given, process }
  }

  async function bothEnded(world: World): Promise<void> {
    expect(world.aws.wafv2.set(SET).Addresses).toEqual([
      '45.9.148.1/32',
      '45.155.205.10/32',
      '45.155.205.11/32',
    ])
    expect((await world.store.list()).map(({ outcome }) => outcome)).toEqual(['remediated', 'remediated'])
    expect(world.aws.changes()).toHaveLength(2)
    expect(await endOf(world.store)).toEqual({ open: 0, locked: false })
  }

  test('is freed by carrying its run to the end, and then the next run goes', async () => {
    const { world, second, process } = await claimedAndDead()
    kill(world, process)
    const { runs } = await start(world).engine.handle([second], 'apply')
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    await bothEnded(world)
  })

  test('is never taken from its run, however long ago the lease ended', async () => {
    const { world, second } = await claimedAndDead()
    world.clock.advance(10 * LEASE_MS)
    const { runs } = await start(world).engine.handle([second], 'apply')
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    await bothEnded(world)
  })

  test('holds for its lease when nobody can tell that the process is dead', async () => {
    const { world, second } = await claimedAndDead()
    world.clock.advance(1_000)
    const before = world.clock.now()
    await start(world).engine.handle([second], 'apply')
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(LEASE_MS - 1_000)
    await bothEnded(world)
  })
})

describe('an expiry that had to wait for the lock', () => {
  test('takes the entry out when it is woken, and leaves the block the newest run of its key', async () => {
    const { world, first, second } = twoAttackers()
    const [block] = (await start(world).engine.handle([first], 'apply')).runs
    world.clock.advance(24 * 3_600_000 - 1)
    const letGo = hanging(world)
    const changes = world.aws.changes().length
    const slow = start(world).engine.handle([second], 'apply')
    await untilChanging(world, changes)
    world.clock.advance(1)
    const { runs } = await start(world).engine.sweep()
    expect(runs).toMatchObject([{ undoOf: block!.id, state: 'waiting', waitingFor: 'lock' }])

    letGo()
    await slow
    await start(world).engine.sweep()
    expect(blocked(world)).toEqual(['45.155.205.11/32', '45.9.148.1/32'])
    expect(await world.store.newest(block!.playbook, block!.key)).toBe(block!.id)
    expect(await endOf(world.store)).toEqual({ open: 0, locked: false })
  })
})
