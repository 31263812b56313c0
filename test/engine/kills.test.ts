import { describe, expect, test } from '@jest/globals'
import { StoreError } from '../../src/store/store-error.ts'
import { type Begun, begin, ending, untilDeath } from './interrupted-work.ts'
import { deathsIn, Life, startMortal } from './killed-process.ts'
import { kill, newWorld, start } from './simulated-world.ts'
import { WORK, type Work } from './work-per-playbook.ts'

const HOUR = 3_600_000

const next = ({ world }: Begun, life = new Life()) => startMortal(world, life)

/** What happens after the death of a process. */
const RECOVERIES: { name: string; recover(begun: Begun): Promise<unknown> }[] = [
  {
    name: 'the same request comes again',
    recover: (begun) => begun.ask(next(begun)),
  },
  {
    name: 'a sweep comes, and then the same request',
    async recover(begun) {
      await next(begun).engine.sweep()
      await begun.ask(next(begun))
    },
  },
  {
    name: 'the same request comes again an hour later',
    recover(begun) {
      begun.world.clock.advance(HOUR)
      return begun.ask(next(begun))
    },
  },
]

/** Does the work undisturbed: how it ends, and the points at which it can be killed. */
async function undisturbed(work: Work) {
  const life = new Life()
  return { expected: await ending(await begin(work, life)), points: life.points }
}

describe.each(WORK)('$name', (work) => {
  test('ends as it should when nothing disturbs it', async () => {
    const { expected } = await undisturbed(work)
    expect(expected).toMatchObject({ outcomes: [work.outcome], states: ['closed'], locked: false })
    expect(expected.live).toEqual(expected.wanted)
    expect(expected.changes).toBeGreaterThan(0)
  })

  test.each(RECOVERIES)(
    'killed anywhere it ends the same, with no second change: $name',
    async ({ recover }) => {
      const { expected, points } = await undisturbed(work)
      for (const { end, point } of deathsIn(points)) {
        const begun = await begin(work, new Life(end))
        kill(begun.world, begun.process)
        await recover(begun)
        expect({ point, end, ...(await ending(begun)) }).toEqual({ point, end, ...expected })
      }
    },
  )
})

const SHORT = WORK.filter(({ name }) =>
  /^an auto run for (an open group|a public snapshot|an attacker)$/.test(name),
)

describe.each(SHORT)('$name', (work) => {
  test('killed anywhere, and its death not known, ends the same once the lease is over', async () => {
    const { expected, points } = await undisturbed(work)
    for (const { end, point } of deathsIn(points)) {
      const begun = await begin(work, new Life(end))
      await begun.ask(next(begun))
      expect({ point, end, ...(await ending(begun)) }).toEqual({ point, end, ...expected })
    }
  })

  test('goes on when the answer to a commit is lost: the store knows it by its id', async () => {
    const { expected } = await undisturbed(work)
    for (const lost of [1, 2]) {
      const begun = await begin(work, new Life(0))
      let commits = 0
      const store = {
        ...begun.world.store,
        async commit(...given: Parameters<typeof begun.world.store.commit>) {
          const result = await begun.world.store.commit(...given)
          commits += 1
          if (commits === lost) throw new StoreError('busy', 'the answer to the commit is lost')
          return result
        },
      }
      await begun.ask(start(begun.world, { store }))
      expect(await ending(begun)).toEqual(expected)
      expect(commits).toBe(3)
    }
  })
})

describe('a run whose drivers die again and again', () => {
  test('killed anywhere, and anywhere again while it is taken up, ends the same with no second change', async () => {
    const work = SHORT[0]!
    const { expected, points } = await undisturbed(work)
    for (const { end, point } of deathsIn(points)) {
      const taken = async (life: Life) => {
        const begun = await begin(work, new Life(end))
        kill(begun.world, begun.process)
        const process = next(begun, life)
        await untilDeath(begun.ask(process))
        kill(begun.world, process)
        return begun
      }
      const undisturbedLife = new Life()
      await taken(undisturbedLife)
      for (const again of deathsIn(undisturbedLife.points)) {
        const begun = await taken(new Life(again.end))
        await begun.ask(next(begun))
        const death = { point, end, again }
        expect({ ...death, ...(await ending(begun)) }).toEqual({ ...death, ...expected })
      }
    }
  })

  test('is closed as failed after the fifth time, and its lock is free', async () => {
    const work = SHORT[0]!
    const { points } = await undisturbed(work)
    const claimed = points.indexOf('after store.commit')
    const begun = await begin(work, new Life(claimed))
    kill(begun.world, begun.process)
    for (let death = 1; death <= 5; death++) {
      const life = new Life('before store.controls')
      const process = next(begun, life)
      await untilDeath(process.engine.sweep())
      kill(begun.world, process)
    }
    expect(await ending(begun)).toMatchObject({ states: ['open'], locked: true, changes: 0 })
    const { runs } = await next(begun).engine.sweep()
    expect(runs).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('interrupted 5 times') },
    ])
    expect(await ending(begun)).toMatchObject({ states: ['closed'], locked: false, changes: 0 })
  })

  test('leaves nothing behind when it dies before anything was stored', async () => {
    const world = newWorld()
    const { ask } = await SHORT[0]!.arrange(world)
    await untilDeath(ask(startMortal(world, new Life(3))))
    expect(await world.store.list()).toEqual([])
  })
})
