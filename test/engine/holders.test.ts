import { beforeEach, describe, expect, test } from '@jest/globals'
import { BadRequest } from '../../src/engine/refusals.ts'
import type { Run } from '../../src/run/run.ts'
import { FURTHER, MOST_HOLDERS } from '../../src/store/time-boxes.ts'
import { ANN, BlockingSets, BOB, OTHERS, UPDATE } from './blocking-sets.ts'
import { attack, start } from './simulated-world.ts'

const HOUR = 3_600_000

let wall: BlockingSets
beforeEach(() => {
  wall = new BlockingSets()
})

/** A finding about the addresses, and its updates so many ms apart: one run each. */
async function updated(id: string, times: number, addresses: string[] = [ANN], after = HOUR): Promise<Run[]> {
  const runs: Run[] = []
  for (let n = 0; n < times; n++) {
    wall.world.clock.advance(after)
    runs.push(...(await wall.apply(attack(wall.world, addresses, { id }))))
  }
  return runs
}

async function unblock(entry = `${ANN}/32`, answer: 'approve' | 'leave' = 'approve'): Promise<Run[]> {
  const { engine } = start(wall.world, { answer: () => ({ kind: answer }) })
  return (await engine.unblock(entry, { restFor: 'PT24H' })).runs
}

describe('the updates of one finding', () => {
  test('are one holder: the undo of the run that blocked frees the address', async () => {
    const runs = await updated('probe', 3)

    expect(runs.map(({ outcome }) => outcome)).toEqual(['remediated', 'alreadyCompliant', 'alreadyCompliant'])
    expect(await wall.timeBoxes()).toMatchObject([
      { key: runs[0]!.key, run: runs[2]!.id, madeBy: runs[0]!.id },
    ])
    expect(await wall.undo(runs[0]!)).toMatchObject({ outcome: 'undone' })
    expect(wall.v4).toEqual([OTHERS])
    expect(await wall.timeBoxes()).toEqual([])
  })

  test('are one holder: the undo of a run that only holds frees it just as well', async () => {
    const runs = await updated('probe', 3)

    expect(await wall.undo(runs[1]!)).toMatchObject({
      outcome: 'undone',
      undoOf: runs[1]!.id,
      plan: { steps: [{ merge: { remove: [`${ANN}/32`] } }], before: { addresses: [`${ANN}/32`] } },
    })
    expect(wall.v4).toEqual([OTHERS])
    const { engine } = start(wall.world)
    await expect(engine.undo(runs[2]!.id, { restFor: 'PT1H' })).rejects.toThrow(
      'holds no entry of a set any more',
    )
  })

  test('hold their key after the undo, so that the next update does not block again at once', async () => {
    const runs = await updated('probe', 2)
    await wall.undo(runs[1]!)

    expect(await updated('probe', 1)).toMatchObject([{ outcome: 'exempted' }])
    expect(wall.v4).toEqual([OTHERS])
  })

  test('of twenty findings are twenty holders, and what comes beyond is one that ends last', async () => {
    for (let n = 0; n < MOST_HOLDERS + 3; n++) await updated(`finding-${n}`, 6, [ANN], HOUR / 12)
    const timeBoxes = await wall.timeBoxes()

    expect(timeBoxes).toHaveLength(MOST_HOLDERS + 1)
    expect(Math.max(...timeBoxes.map(({ until }) => until))).toBe(
      timeBoxes.find(({ key }) => key === FURTHER)?.until,
    )
  })
})

describe('a run that only holds', () => {
  test('lets go when it is undone, and says that the address is still blocked and by whom', async () => {
    const [first] = await updated('one', 1)
    const [second] = await updated('two', 1)
    const undone = await wall.undo(second!)

    expect(undone).toMatchObject({ outcome: 'blocked', undoOf: second!.id })
    expect(undone.reason).toContain(`still blocked: ${ANN}/32 stays: also held by ${first!.id}`)
    expect(undone.reason).toContain(`rectify unblock ${ANN}/32`)
    expect(await wall.timeBoxes()).toMatchObject([{ run: first!.id }])
  })

  test('ends the block when it is the last that is undone', async () => {
    const [first] = await updated('one', 1)
    const [second] = await updated('two', 1)
    await wall.undo(first!)

    expect(await wall.undo(second!)).toMatchObject({ outcome: 'undone' })
    expect(wall.v4).toEqual([OTHERS])
    expect(await wall.timeBoxes()).toEqual([])
  })

  test('cannot be undone where nobody knows any more how the entry is taken out: failed, and told', async () => {
    await updated('one', 1)
    const [second] = await updated('two', 1)
    const [{ run: maker } = { run: '' }] = await wall.timeBoxes()
    const { store } = wall.world
    wall.world.store = { ...store, get: async (id) => (id === maker ? undefined : store.get(id)) }

    expect(await wall.undo(second!)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining(`run ${maker}, which put it there`),
    })
    expect(await wall.timeBoxes()).toHaveLength(2)
  })
})

describe('an undo', () => {
  test('of a run whose entry somebody took out says so, not that others hold it', async () => {
    const [first] = await updated('one', 1)
    await updated('two', 1)
    wall.change([OTHERS])
    const undone = await wall.undo(first!)

    expect(undone).toMatchObject({
      outcome: 'alreadyCompliant',
      reason: expect.stringContaining(`${ANN}/32 is not in the set any more`),
    })
    expect(undone.reason).not.toContain('stays')
  })

  test('that takes out one of two says at its end which is still blocked', async () => {
    const [first] = await updated('one', 1, [ANN, BOB])
    const [second] = await updated('two', 1, [BOB])
    const undone = await wall.undo(first!)

    expect(undone).toMatchObject({ outcome: 'undone' })
    expect(undone.reason).toContain(`still blocked: ${BOB}/32 stays: also held by ${second!.id}`)
    expect(wall.v4).toEqual([OTHERS, `${BOB}/32`])
  })

  test('is proven by the entries that it takes out, not by those that the run put there', async () => {
    const [first] = await updated('one', 1)
    const [second] = await updated('two', 1, [ANN, BOB])
    await wall.undo(first!)
    const onlyAnn = [OTHERS, `${ANN}/32`]
    wall.change(onlyAnn)
    wall.world.aws.fault({ on: UPDATE, after: () => wall.change(onlyAnn) })

    expect(await wall.undo(second!)).toMatchObject({ outcome: 'unverified' })
    expect(wall.v4).toEqual(onlyAnn)
  })

  test('of two at the same moment leaves no entry without a holder', async () => {
    const [first] = await updated('one', 1)
    const [second] = await updated('two', 1)
    const undone = await Promise.all([wall.undo(first!), wall.undo(second!)])
    await wall.sweep()

    expect(undone.map(({ outcome }) => outcome)).toContain('blocked')
    expect(wall.v4).toEqual([OTHERS])
    expect(await wall.timeBoxes()).toEqual([])
  })
})

describe('unblocking an address', () => {
  test('takes it out whoever holds it, and no finding of theirs blocks it again for a day', async () => {
    const [first] = await updated('one', 2)
    await updated('two', 2)
    const freed = await unblock()

    expect(freed).toMatchObject([
      { outcome: 'undone', undoOf: first!.id, mode: 'approve', resource: first!.resource },
    ])
    expect(freed[0]!.plan?.warnings.join()).toContain('#two')
    expect(wall.v4).toEqual([OTHERS])
    expect(await wall.timeBoxes()).toEqual([])
    expect([...(await updated('one', 1)), ...(await updated('two', 1))]).toMatchObject([
      { outcome: 'exempted' },
      { outcome: 'exempted' },
    ])
    wall.world.clock.advance(24 * HOUR)
    expect(await updated('two', 1)).toMatchObject([{ outcome: 'remediated' }])
  })

  test('leaves the other addresses of the runs where they are, and calls no run undone that still holds one', async () => {
    const [run] = await updated('one', 1, [ANN, BOB])
    await unblock()

    expect(wall.v4).toEqual([OTHERS, `${BOB}/32`])
    expect(await wall.timeBoxes()).toMatchObject([{ entry: `${BOB}/32` }])
    expect(await wall.world.store.get(run!.id)).not.toHaveProperty('undoneBy')
    expect(await wall.undo(run!)).toMatchObject({ outcome: 'undone' })
  })

  test('is what an undo points to of a run that came when there were as many holders as are told apart', async () => {
    const runs: Run[] = []
    for (let n = 0; n < MOST_HOLDERS + 3; n++)
      runs.push(...(await updated(`finding-${n}`, 1, [ANN], HOUR / 12)))
    const { engine } = start(wall.world)
    const last = runs.at(-1)!

    await expect(engine.undo(last.id, { restFor: 'PT1H' })).rejects.toThrow(`rectify unblock ${ANN}/32`)
  })

  test('takes out also what has more holders than are told apart', async () => {
    for (let n = 0; n < MOST_HOLDERS + 3; n++) await updated(`finding-${n}`, 1, [ANN], HOUR / 12)

    expect(await unblock()).toMatchObject([{ outcome: 'undone' }])
    expect(wall.v4).toEqual([OTHERS])
    expect(await wall.timeBoxes()).toEqual([])
  })

  test('that a pause holds is not forgotten for another one of the same run, and goes on when it ends', async () => {
    const [run] = await updated('one', 1, [ANN, BOB])
    const { store } = wall.world
    await store.setControl({ paused: true })
    for (const address of [ANN, BOB, ANN]) await unblock(`${address}/32`)
    await wall.undo(run!)

    expect(await store.list({ state: ['waiting'] })).toMatchObject([
      { undoOf: run!.id, heldBy: { rail: 'pause' } },
      { unblocks: [`${BOB}/32`], heldBy: { rail: 'pause' } },
      { unblocks: [`${ANN}/32`], heldBy: { rail: 'pause' } },
    ])
    expect(wall.v4).toEqual(expect.arrayContaining([`${ANN}/32`, `${BOB}/32`]))

    await store.setControl({ paused: false })
    const { runs } = await start(wall.world).engine.letGo()
    // The undo of the whole run finds that nothing is left of it.
    expect(runs.map(({ outcome }) => outcome)).toEqual(['undone', 'undone', 'alreadyCompliant'])
    expect(wall.v4).toEqual([OTHERS])
  })

  test('needs a person: with nobody there it waits, changes nothing, and is carried on by a second request', async () => {
    await updated('one', 1)
    const waiting = await unblock(undefined, 'leave')
    const held = [...wall.v4]
    const done = await unblock()

    expect(waiting).toMatchObject([{ state: 'waiting', waitingFor: 'approval' }])
    expect(held).toContain(`${ANN}/32`)
    expect(done).toMatchObject([{ id: waiting[0]!.id, outcome: 'undone' }])
  })

  test('that is not in the set any more ends all its holders', async () => {
    await updated('one', 1)
    await updated('two', 1)
    wall.change([OTHERS])

    expect(await unblock()).toMatchObject([
      { outcome: 'alreadyCompliant', reason: expect.stringContaining('not in the set any more') },
    ])
    expect(await wall.timeBoxes()).toEqual([])
  })

  test('that is denied is failed, and its holders stay', async () => {
    await updated('one', 1)
    wall.world.aws.fault({ on: UPDATE, kind: 'deny' })

    expect(await unblock()).toMatchObject([{ outcome: 'failed' }])
    expect(wall.v4).toContain(`${ANN}/32`)
    expect(await wall.timeBoxes()).toHaveLength(1)
  })

  test('that nobody holds is refused, also where somebody else has put it into the set', async () => {
    await expect(unblock(OTHERS)).rejects.toThrow(BadRequest)
  })
})
