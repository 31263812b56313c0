import { describe, expect, test } from '@jest/globals'
import { type Json, withoutKeys } from '../../src/playbook/json.ts'
import { Killed, Life, startMortal } from './mortal.ts'
import { type Live, live } from './scenes.ts'
import { WORK, type Work } from './work.ts'
import { kill, newWorld, type Process, type World } from './world.ts'

const HOUR = 3_600_000

/** A world in which the first process was at work up to its end, or to that of its life. */
interface Begun {
  world: World
  process: Process
  ask: (process: Process) => Promise<unknown>
  wanted: Live
  earlier: { runs: string[]; changes: number }
}

async function begin(work: Work, life: Life): Promise<Begun> {
  const world = newWorld(work.policy)
  const { ask, wanted } = await work.arrange(world)
  const runs = (await world.store.list()).map(({ id }) => id)
  const earlier = { runs, changes: world.aws.changes().length }
  const process = startMortal(world, life)
  await untilDeath(ask(process))
  return { world, process, ask, wanted, earlier }
}

async function untilDeath(work: Promise<unknown>): Promise<void> {
  const [ended] = await Promise.allSettled([work])
  if (ended.status === 'rejected' && !(ended.reason instanceof Killed)) throw ended.reason
}

/** How it ended. Of runs that changed nothing only `alreadyCompliant` is not worth telling. */
async function ending({ world, wanted, earlier }: Begun) {
  const runs = (await world.store.list()).filter(({ id }) => !earlier.runs.includes(id))
  const locks = await Promise.all(runs.map(({ resource }) => world.store.lock(resource)))
  const told = runs.filter((run) => run.outcome !== 'alreadyCompliant' || run.results.length > 0)
  return {
    live: held(live(world)),
    wanted: held(wanted),
    changes: world.aws.changes().length - earlier.changes,
    outcomes: told.map(({ outcome }) => outcome),
    states: [...new Set(runs.map(({ state }) => state))],
    locked: locks.some(({ held }) => held),
  }
}

/** What AWS holds, but for the ids that it generates and the order in which it gives things. */
function held({ rules, shares, ...others }: Live): unknown {
  const texts = Object.values(rules).map((rule) =>
    JSON.stringify(withoutKeys(rule as Json, ['SecurityGroupRuleId'])),
  )
  const shared = Object.entries(shares).map(([id, all]) => [id, all.map((one) => JSON.stringify(one)).sort()])
  return { ...others, rules: texts.sort(), shares: shared }
}

/** What happens after the death of a process. */
const RECOVERIES: { name: string; recover(begun: Begun): Promise<unknown> }[] = [
  {
    name: 'the same request comes again',
    recover({ world, process, ask }) {
      kill(world, process)
      return ask(startMortal(world, new Life()))
    },
  },
  {
    name: 'a sweep comes, and then the same request',
    async recover({ world, process, ask }) {
      kill(world, process)
      await startMortal(world, new Life()).engine.sweep()
      await ask(startMortal(world, new Life()))
    },
  },
  {
    name: 'the same request comes again an hour later',
    recover({ world, process, ask }) {
      kill(world, process)
      world.clock.advance(HOUR)
      return ask(startMortal(world, new Life()))
    },
  },
]

describe.each(WORK)('$name', (work) => {
  const whole = new Life()
  let undisturbed: Awaited<ReturnType<typeof ending>>

  test('ends as it should when nothing disturbs it', async () => {
    undisturbed = await ending(await begin(work, whole))
    expect(undisturbed).toMatchObject({ outcomes: [work.outcome], states: ['closed'], locked: false })
    expect(undisturbed.live).toEqual(undisturbed.wanted)
    expect(undisturbed.changes).toBeGreaterThan(0)
  })

  test.each(RECOVERIES)('ends the same, with no second change, wherever it is killed: $name', async ({ recover }) => {
    for (const [end, point] of whole.points.entries()) {
      const begun = await begin(work, new Life(end))
      await recover(begun)
      expect({ point, end, ...(await ending(begun)) }).toEqual({ point, end, ...undisturbed })
    }
  })
})
