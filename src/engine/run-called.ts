import type { Run } from '../store/run.ts'
import type { RunStore } from '../store/store.ts'
import { BadRequest } from './engine.ts'

/** The run with this id; `BadRequest` where the store has none. */
export async function runCalled(store: Pick<RunStore, 'get'>, id: string): Promise<Run> {
  const run = await store.get(id)
  if (run) return run
  throw new BadRequest(
    'usage',
    `no run is called "${id}" here; \`rectify runs\` lists them, those of a deployment with --stack`,
  )
}
