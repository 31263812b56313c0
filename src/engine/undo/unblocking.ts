import { unblocksOf } from '../../run/found-by.ts'
import type { Run } from '../../run/run.ts'
import type { RunStore } from '../../run/store.ts'
import { makerOf } from '../../store/time-boxes.ts'
import { continueRun } from '../continue-run.ts'
import { newUndo, type UndoOptions } from '../drive/new-undo.ts'
import type { EnginePorts, Report } from '../ports.ts'
import { BadRequest } from '../refusals.ts'
import { runFoundBy } from '../run-called.ts'
import { type Holder, told } from './holders.ts'
import { driveUndo } from './undo-run.ts'

/** An entry of one set, and who holds it there. */
export interface HeldEntry {
  /** ARN of the set. */
  resource: string
  entry: string
  /** The run that put it there, and says how it is taken out. */
  madeBy: string
  holders: Holder[]
}

/**
 * Where an entry is held, set by set.
 * Errors: `BadRequest` where it is nowhere: what is in a set all the same is somebody else's.
 */
export async function heldEntries(
  store: Pick<RunStore, 'timeBoxesOn' | 'get'>,
  entry: string,
): Promise<HeldEntry[]> {
  const holders = await told(store, await store.timeBoxesOn(entry))
  const held = [...Map.groupBy(holders, ({ resource }) => resource)].map(([resource, its]) => ({
    resource,
    entry,
    madeBy: makerOf(its)!,
    holders: its,
  }))
  if (held.length > 0) return held
  throw new BadRequest(
    'usage',
    `nobody holds ${entry} in a set here: no run of this store blocks it now (\`rectify runs\` lists them)`,
  )
}

/** Takes an entry out of all sets in which it is held, whoever holds it: one run per set, that a person confirms. */
export async function unblock(
  ports: EnginePorts,
  entry: string,
  { restFor }: { restFor: string },
): Promise<Report> {
  const runs: Run[] = []
  for (const held of await heldEntries(ports.store, entry))
    runs.push(await unblockRun(ports, held, { restFor }))
  return { runs, ignored: [] }
}

/**
 * Takes an entry out of one set; a run that is under way with it is carried on.
 * @param options.as id of that run, so that the same request coming twice is one run
 */
export async function unblockRun(
  ports: EnginePorts,
  { entry, madeBy }: Pick<HeldEntry, 'entry' | 'madeBy'>,
  options: Pick<UndoOptions, 'restFor' | 'by' | 'as'>,
): Promise<Run> {
  const { as } = options
  const own = as === undefined ? undefined : await ports.store.get(as)
  if (own) return continueRun(ports, own)
  const maker = await ports.store.get(madeBy)
  if (!maker)
    throw new BadRequest(
      'usage',
      `run ${madeBy}, which put ${entry} into its set, is no longer in this store: take it out by hand`,
    )
  const begun = await begunUnblock(ports.store, { entry, resource: maker.resource })
  if (begun) return continueRun(ports, begun)
  return driveUndo(ports, await newUndo(ports, maker, { ...options, unblocks: [entry] }))
}

/** The run that is under way with taking an entry out of a set. */
export function begunUnblock(
  store: Pick<RunStore, 'foundBy' | 'get'>,
  { entry, resource }: Pick<HeldEntry, 'entry' | 'resource'>,
): Promise<Run | undefined> {
  return runFoundBy(store, unblocksOf(resource, entry))
}
