import { undoesOf } from '../../run/found-by.ts'
import type { Run } from '../../run/run.ts'
import type { RunStore } from '../../run/store.ts'
import { appliedSteps } from '../change/applied-steps.ts'
import { continueRun } from '../continue-run.ts'
import { TakenOver } from '../drive/commit.ts'
import { drive } from '../drive/loop.ts'
import { begin } from '../drive/machine.ts'
import { newUndo, type UndoOptions } from '../drive/new-run.ts'
import { type Opening, openDrive, underItsPolicy } from '../drive/open-drive.ts'
import type { EnginePorts, Report } from '../ports.ts'
import { BadRequest } from '../refusals.ts'
import { runCalled, runFoundBy } from '../run-called.ts'
import { boxedEntries, holdersOf, isOwn } from './holders.ts'

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

/** The run that is under way because a person takes a run back: no expiry of its entries, no unblocking of one. */
export function begunUndo(store: Pick<RunStore, 'foundBy' | 'get'>, original: Run): Promise<Run | undefined> {
  return runFoundBy(store, undoesOf(original.id))
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
    return await drive(underItsPolicy(opened), begin({ intent: 'apply', undo: true }))
  } catch (error) {
    if (!(error instanceof TakenOver) || run.revision === 0) throw error
    return continueRun(ports, run.id)
  }
}

/** The run, if it changed or holds something that can be taken back; `BadRequest` says why not. */
export async function undoable(
  store: Pick<RunStore, 'get' | 'list' | 'timeBoxes'>,
  id: string,
): Promise<Run> {
  const run = await runCalled(store, id)
  if (run.undoOf) throw new BadRequest('usage', `run ${run.id} is itself an undo; ${closedAgain(run)}`)
  if (run.waitingFor === 'approval') {
    const advice = `\`rectify decline ${run.id} --reason TEXT\` ends it`
    throw new BadRequest(
      'usage',
      `run ${run.id} has changed nothing yet: it waits for an approval; ${advice}`,
    )
  }
  if (run.state !== 'closed') {
    const advice = 'carry it on with `rectify sweep`, then undo it'
    throw new BadRequest('usage', `run ${run.id} is still ${run.state}; ${advice}`)
  }
  if (appliedSteps(run).length > 0) return run
  const wanted = boxedEntries(run)
  const holders = wanted.length > 0 ? await holdersOf(store, run.resource, wanted) : []
  if (holders.some((holder) => isOwn(holder, run))) return run
  const [other] = holders
  const more = other
    ? `, and is none of those who are told apart as holders of ${other.entry}; \`rectify unblock ${other.entry}\` takes it out for all of them`
    : `${wanted.length > 0 ? ', and holds no entry of a set any more' : ''}: there is nothing to undo`
  throw new BadRequest('usage', `run ${run.id} (${run.outcome}) changed nothing${more}`)
}

/** How what an undo has opened is closed again: not by the same finding as long as the undo holds it. */
function closedAgain({ restUntil }: Run): string {
  const from = restUntil === undefined ? '' : `from ${restUntil} on, `
  return `what it opened is closed again by its finding: ${from}hand that in once more (\`rectify apply EVENT\`)`
}
