import { beforeEach, describe, expect, test } from '@jest/globals'
import type { RunStore } from '../../src/run/store.ts'
import { ANN, BlockingSets, BOB, OTHERS, UPDATE } from './blocking-sets.ts'
import { untilDeath } from './interrupted-work.ts'
import { Life, startMortal } from './killed-process.ts'
import { APPROVE, attack, kill, start } from './simulated-world.ts'

const HOUR = 3_600_000

let wall: BlockingSets
beforeEach(() => {
  wall = new BlockingSets()
})

describe('the end of a block', () => {
  test('comes by the sweep, not before its time, and leaves the set empty', async () => {
    wall = new BlockingSets([])
    const [run] = await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(24 * HOUR - 1)
    const early = await wall.sweep()
    wall.world.clock.advance(1)
    const due = await wall.sweep()

    expect(early).toEqual([])
    expect(due).toMatchObject([{ outcome: 'undone', undoOf: run!.id, expiry: true, mode: 'auto' }])
    expect(wall.v4).toEqual([])
    expect(await wall.world.store.get(run!.id)).toMatchObject({ undoneBy: due[0]!.id })
    expect(await wall.sweep()).toEqual([])
  })

  test('leaves the entries of others for ever', async () => {
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(1_000 * 24 * HOUR)
    await wall.sweep()

    expect(wall.v4).toEqual([OTHERS])
    expect(await wall.sweep()).toEqual([])
  })

  test('was approved together with the block: nobody is asked again', async () => {
    wall = new BlockingSets([OTHERS], APPROVE)
    const { engine } = start(wall.world, { answer: () => ({ kind: 'approve' }) })
    await engine.handle([attack(wall.world, [ANN])], 'apply')
    wall.world.clock.advance(24 * HOUR)

    expect(await wall.sweep()).toMatchObject([{ outcome: 'undone' }])
    expect(wall.v4).toEqual([OTHERS])
  })

  test('that fails is tried again by the next sweep', async () => {
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(24 * HOUR)
    wall.world.aws.fault({ on: UPDATE, kind: 'deny' })
    const failed = await wall.sweep()
    wall.world.aws.clearFaults()
    const done = await wall.sweep()

    expect([...failed, ...done]).toMatchObject([{ outcome: 'failed' }, { outcome: 'undone' }])
    expect(wall.v4).toEqual([OTHERS])
  })

  test('is one write when two sweeps meet', async () => {
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(24 * HOUR)
    const both = (await Promise.all([wall.sweep(), wall.sweep()])).flat()

    expect(both.map(({ outcome }) => outcome)).not.toContain('failed')
    expect(wall.world.aws.changes()).toHaveLength(2)
    expect(wall.v4).toEqual([OTHERS])
    expect(await wall.timeBoxes()).toEqual([])
  })

  test('that was interrupted is not taken for the undo that a person asks for', async () => {
    const [run] = await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(24 * HOUR)
    const mortal = startMortal(wall.world, new Life(`before ${UPDATE}`))
    await untilDeath(mortal.engine.sweep())
    kill(wall.world, mortal)
    const undo = await wall.undo(run!)

    expect(undo).toMatchObject({ state: 'closed', undoOf: run!.id })
    expect(undo).not.toHaveProperty('expiry')
    expect(wall.v4).toEqual([OTHERS])
    expect(await wall.world.store.list({ state: ['open', 'waiting'] })).toEqual([])
  })

  test('does not take out what another process blocks again while the sweep looks', async () => {
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(24 * HOUR)
    wall.world.aws.fault({
      on: 'wafv2:GetIPSet',
      nth: 1,
      before: async () => void (await wall.apply(attack(wall.world, [ANN], { id: 'again' }))),
    })
    await wall.sweep()
    const held = [...wall.v4]
    wall.world.clock.advance(24 * HOUR)
    await wall.sweep()

    expect(held).toEqual([OTHERS, `${ANN}/32`])
    expect(wall.v4).toEqual([OTHERS])
  })

  test('of an entry that somebody else took out is no change', async () => {
    await wall.apply(attack(wall.world, [ANN]))
    wall.change([OTHERS])
    wall.world.clock.advance(24 * HOUR)

    expect(await wall.sweep()).toMatchObject([{ outcome: 'alreadyCompliant' }])
    expect(wall.world.aws.changes()).toHaveLength(1)
    expect(await wall.sweep()).toEqual([])
  })

  test('of a set that is gone ends there', async () => {
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.aws.wafv2.sets.length = 0
    wall.world.clock.advance(24 * HOUR)

    expect(await wall.sweep()).toMatchObject([{ outcome: 'resourceGone' }])
    expect(await wall.sweep()).toEqual([])
  })

  test('does not keep the same attacker from being blocked again', async () => {
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(24 * HOUR)
    await wall.sweep()

    expect(await wall.apply(attack(wall.world, [ANN]))).toMatchObject([{ outcome: 'remediated' }])
    expect(wall.v4).toEqual([OTHERS, `${ANN}/32`])
  })
})

describe('an attacker who does not stop', () => {
  test('is held once by a finding that is updated, and by the newest of its runs', async () => {
    wall = new BlockingSets([])
    const [first] = await wall.apply(attack(wall.world, [ANN]))
    for (let hours = 1; hours <= 72; hours++) {
      wall.world.clock.advance(HOUR)
      await wall.apply(attack(wall.world, [ANN]))
    }
    const [newest] = await wall.apply(attack(wall.world, [ANN], { observedAt: '2027-01-01T00:00:00.000Z' }))
    const timeBoxes = await wall.timeBoxes()
    wall.world.clock.advance(24 * HOUR)

    expect(timeBoxes).toMatchObject([{ key: first!.key, run: newest!.id, madeBy: first!.id }])
    expect(await wall.sweep()).toMatchObject([{ outcome: 'undone', undoOf: first!.id }])
    expect(wall.v4).toEqual([])
    expect(await wall.timeBoxes()).toEqual([])
  })

  test('stays blocked when the run that blocked first is undone days later; the undo names who holds it', async () => {
    const [first] = await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(23 * HOUR)
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(23 * HOUR)
    const [last] = await wall.apply(attack(wall.world, [ANN], { id: 'again' }))
    const undone = await wall.undo(first!)

    expect((await wall.timeBoxes()).map(({ run }) => run)).not.toContain(first!.id)
    expect(undone.reason).toContain(`${ANN}/32 stays: also held by`)
    expect(undone.reason).toContain(last!.id)
    expect(wall.v4).toContain(`${ANN}/32`)
  })

  test('is let in when the run that is the last to hold the entry, and did not make it, is undone', async () => {
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(24 * HOUR - 1)
    wall.world.aws.fault({ on: UPDATE, nth: 1, before: () => wall.world.clock.advance(1) })
    const [again] = await wall.apply(attack(wall.world, [ANN, BOB], { id: 'again' }))
    const held = await wall.timeBoxes()
    const undone = await wall.undo(again!)

    expect(new Set(held.map(({ run }) => run))).toEqual(new Set([again!.id]))
    expect(undone.plan?.steps).toMatchObject([{ merge: { remove: [`${ANN}/32`, `${BOB}/32`] } }])
    expect(wall.v4).toEqual([OTHERS])
    expect(await wall.timeBoxes()).toEqual([])
  })

  test('costs a sweep three looks at the registry of each set, however many entries and holders are over', async () => {
    await wall.apply(attack(wall.world, [ANN, BOB]))
    await wall.apply(attack(wall.world, [ANN, BOB], { id: 'again' }))
    wall.world.clock.advance(24 * HOUR)
    let looks = 0
    const { store } = wall.world
    const counted: RunStore = {
      ...store,
      timeBoxes: (resource, entries) => {
        if (entries) looks += 1
        return store.timeBoxes(resource, entries)
      },
    }
    wall.world.store = counted

    expect(await wall.sweep()).toMatchObject([{ outcome: 'undone' }])
    // What is over, what the undo finds, what its end changes.
    expect(looks).toBe(3)
  })
})

describe('two findings about one attacker', () => {
  test('extend the block, without a second entry or a second write', async () => {
    const [first] = await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(12 * HOUR)
    const [second] = await wall.apply(attack(wall.world, [ANN], { id: 'again' }))
    wall.world.clock.advance(12 * HOUR)
    const half = await wall.sweep()
    const held = [...wall.v4]
    wall.world.clock.advance(12 * HOUR)
    const end = await wall.sweep()

    expect(second).toMatchObject({ outcome: 'alreadyCompliant', results: [] })
    expect(wall.world.aws.changes()).toHaveLength(2)
    expect({ half, held }).toEqual({ half: [], held: [OTHERS, `${ANN}/32`] })
    expect(end).toMatchObject([{ outcome: 'undone', undoOf: first!.id }])
    expect(wall.v4).toEqual([OTHERS])
  })

  test('extend it also when it is the same finding, updated', async () => {
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(12 * HOUR)
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(12 * HOUR)

    expect(await wall.sweep()).toEqual([])
    expect(wall.v4).toContain(`${ANN}/32`)
  })

  test('at the same moment in two processes are one write, and both hold it', async () => {
    const both = await Promise.all([
      wall.apply(attack(wall.world, [ANN])),
      wall.apply(attack(wall.world, [ANN], { id: 'again' })),
    ])

    expect(
      both
        .flat()
        .map(({ outcome }) => outcome)
        .sort(),
    ).toEqual(['alreadyCompliant', 'remediated'])
    expect(wall.world.aws.changes()).toHaveLength(1)
    expect(await wall.timeBoxes()).toHaveLength(2)
  })

  test('keep it when the first is undone; the undo names the other', async () => {
    const [first] = await wall.apply(attack(wall.world, [ANN]))
    const [second] = await wall.apply(attack(wall.world, [ANN], { id: 'again' }))
    const undone = await wall.undo(first!)

    expect(undone).toMatchObject({ outcome: 'blocked' })
    expect(undone.reason).toContain(`still blocked: ${ANN}/32 stays: also held by ${second!.id}`)
    expect(wall.v4).toContain(`${ANN}/32`)
    wall.world.clock.advance(24 * HOUR)
    expect(await wall.sweep()).toMatchObject([{ outcome: 'undone' }])
    expect(wall.v4).toEqual([OTHERS])
  })

  test('of which the second brings a new address: only that one is written, both are held', async () => {
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(HOUR)
    const [second] = await wall.apply(attack(wall.world, [ANN, BOB], { id: 'again' }))
    wall.world.clock.advance(23 * HOUR)
    await wall.sweep()

    expect(second?.plan?.steps).toMatchObject([{ merge: { add: [`${BOB}/32`] } }])
    expect(wall.v4).toEqual([OTHERS, `${ANN}/32`, `${BOB}/32`])
    wall.world.clock.advance(HOUR)
    await wall.sweep()
    expect(wall.v4).toEqual([OTHERS])
  })

  test('for several addresses: the undo takes out what only it holds', async () => {
    const [first] = await wall.apply(attack(wall.world, [ANN, BOB]))
    await wall.apply(attack(wall.world, [BOB], { id: 'again' }))
    const undone = await wall.undo(first!)

    expect(undone).toMatchObject({
      outcome: 'undone',
      plan: { steps: [{ merge: { remove: [`${ANN}/32`] } }] },
    })
    expect(wall.v4).toEqual([OTHERS, `${BOB}/32`])
  })
})
