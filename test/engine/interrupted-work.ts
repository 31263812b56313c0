import { type Json, withoutKeys } from '../../src/playbook/json.ts'
import type { RunStore } from '../../src/run/store.ts'
import { Killed, type Life, startMortal } from './killed-process.ts'
import { type Live, live } from './scene-per-playbook.ts'
import { newWorld, type Process, type World } from './simulated-world.ts'
import type { Work } from './work-per-playbook.ts'

/** A world in which a first process was at work up to its end, or to that of its life. */
export interface Begun {
  world: World
  process: Process
  ask: (process: Process) => Promise<unknown>
  wanted: Live
  earlier: { runs: string[]; changes: number }
}

export async function begin(work: Work, life: Life): Promise<Begun> {
  const world = newWorld(work.policy)
  const { ask, wanted } = await work.arrange(world)
  const runs = (await world.store.list()).map(({ id }) => id)
  const earlier = { runs, changes: world.aws.changes().length }
  const process = startMortal(world, life)
  await untilDeath(ask(process))
  return { world, process, ask, wanted, earlier }
}

export async function untilDeath(work: Promise<unknown>): Promise<void> {
  const [ended] = await Promise.allSettled([work])
  if (ended.status === 'rejected' && !(ended.reason instanceof Killed)) throw ended.reason
}

/** How it ended. Of runs that changed nothing only `alreadyCompliant` is not worth telling. */
export async function ending({ world, wanted, earlier }: Begun) {
  const runs = (await world.store.list()).filter(({ id }) => !earlier.runs.includes(id))
  const locks = await Promise.all(runs.map(({ resource }) => world.store.lock(resource)))
  const told = runs.filter((run) => run.outcome !== 'alreadyCompliant' || run.results.length > 0)
  return {
    live: held(live(world)),
    wanted: held(wanted),
    changes: world.aws.changes().length - earlier.changes,
    outcomes: told.map(({ outcome }) => outcome),
    states: [...new Set(runs.map(({ state }) => state))],
    locked: locks.some(({ lockedBy }) => lockedBy),
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

/** What must hold of a store once all is done: nothing open, nothing locked. */
export async function endOf(store: RunStore): Promise<{ open: number; locked: boolean }> {
  const runs = await store.list()
  const locks = await Promise.all(runs.map(({ resource }) => store.lock(resource)))
  const open = runs.filter(({ state }) => state !== 'closed')
  return { open: open.length, locked: locks.some(({ lockedBy }) => lockedBy) }
}
