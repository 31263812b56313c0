import type { Run } from '../../run/run.ts'
import { continueRun } from '../continue-run.ts'
import { TakenOver } from '../drive/commit.ts'
import { drive } from '../drive/loop.ts'
import { begin } from '../drive/machine.ts'
import { newUndo, type UndoOptions } from '../drive/new-undo.ts'
import { type Opening, openDrive, underItsPolicy } from '../drive/open-drive.ts'
import type { EnginePorts, Report } from '../ports.ts'
import { begunUndo, undoable } from './undoable.ts'

/**
 * Takes a run back, as a run of its own that a person confirms; one that is under way is carried on.
 * @param options.as id of that run, so that the same request coming twice is one run
 */
export async function undoRun(
  ports: EnginePorts,
  id: string,
  options: Pick<UndoOptions, 'restFor' | 'by' | 'as'>,
): Promise<Report> {
  const { as } = options
  const own = as === undefined ? undefined : await ports.store.get(as)
  if (own) return { runs: [await continueRun(ports, own)], ignored: [] }
  const original = await undoable(ports.store, id)
  const begun = await begunUndo(ports.store, original)
  if (begun) return { runs: [await continueRun(ports, begun)], ignored: [] }
  return { runs: [await driveUndo(ports, await newUndo(ports, original, options))], ignored: [] }
}

/** Takes time-boxed entries out again whose last holder has ended. */
export async function expire(ports: EnginePorts, original: Run, expiring: string[]): Promise<Run> {
  return driveUndo(ports, await newUndo(ports, original, { expiry: true }), { expiring })
}

/** Drives a new undo run. */
export async function driveUndo(
  ports: EnginePorts,
  run: Run,
  opening?: Pick<Opening, 'expiring'>,
): Promise<Run> {
  const newest = opening ? undefined : ((await ports.store.newest(run.playbook, run.key)) ?? null)
  const opened = await openDrive(ports, run, { ...opening, ...(newest !== undefined && { newest }) })
  try {
    return await drive(await underItsPolicy(opened), begin({ intent: 'apply', undo: true }))
  } catch (error) {
    if (!(error instanceof TakenOver) || run.revision === 0) throw error
    return continueRun(ports, run.id)
  }
}
