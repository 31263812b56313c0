import type { Run } from '../run/run.ts'
import type { RunStore } from '../run/store.ts'
import type { TakenUp } from './ports.ts'
import { BadRequest } from './refusals.ts'

/** Shortest beginning of an id that is taken for it: the time of a ULID to about a second. */
const SHORTEST = 8
/** How far back a beginning is looked for. */
const NEWEST = 500

/**
 * The run with this id, or the one run whose id begins so; `BadRequest` where the store has none or several. Whoever
 * goes on with it uses the id of the run.
 */
export async function runCalled(store: Pick<RunStore, 'get' | 'list'>, id: string): Promise<Run> {
  const run = await store.get(id)
  if (run) return run
  const [found, ...others] = await beginningWith(store, id)
  if (found && others.length === 0) return found
  if (found) {
    const ids = [found, ...others].map((one) => one.id).join(', ')
    throw new BadRequest('usage', `several runs begin with "${id}": ${ids}`)
  }
  throw new BadRequest(
    'usage',
    `no run is called "${id}" here; \`rectify runs\` lists them, those of a deployment with --stack`,
  )
}

/** The run that is to be carried on, read where it is not at hand. */
export async function runTaken(store: Pick<RunStore, 'get' | 'list'>, taken: TakenUp): Promise<Run> {
  return typeof taken === 'string' ? runCalled(store, taken) : taken
}

/** The first run that is found by a key (`src/run/found-by.ts`). */
export async function runFoundBy(
  store: Pick<RunStore, 'foundBy' | 'get'>,
  key: string,
): Promise<Run | undefined> {
  const [run] = await runsFoundBy(store, key, { limit: 1 })
  return run
}

/** The runs that are found by a key (`src/run/found-by.ts`), the one that started first first. */
export async function runsFoundBy(
  store: Pick<RunStore, 'foundBy' | 'get'>,
  key: string,
  page?: { limit?: number },
): Promise<Run[]> {
  const ids = await store.foundBy(key, page)
  const runs = await Promise.all(ids.map((id) => store.get(id)))
  return runs.filter((run) => run !== undefined)
}

async function beginningWith(store: Pick<RunStore, 'list'>, text: string): Promise<Run[]> {
  const beginning = text.toUpperCase().replace(/(\.\.\.|…)$/, '')
  if (beginning.length < SHORTEST) return []
  return (await store.list({ limit: NEWEST })).filter(({ id }) => id.startsWith(beginning))
}
