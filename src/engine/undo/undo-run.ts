import { durationMs } from '../../policy/written-durations.ts'
import type { Run } from '../../run/run.ts'
import type { RunStore } from '../../run/store.ts'
import { appliedSteps } from '../change/applied-steps.ts'
import { loadPolicy, resume } from '../continue-run.ts'
import { TakenOver } from '../drive/commit.ts'
import { drive } from '../drive/drive.ts'
import { begin } from '../drive/machine.ts'
import { newUndo, openSession } from '../drive/open-drive.ts'
import { BadRequest, type EnginePorts, type Report } from '../ports.ts'
import { runCalled } from '../run-called.ts'
import { boxedEntries, holdersOf, isOwn } from './holders.ts'

/**
 * Takes a run back, as a run of its own that a person confirms; one that is under way is carried on.
 * @param options.as id of that run, so that the same request coming twice is one run
 */
export async function undoRun(
  ports: EnginePorts,
  id: string,
  options: { holdFor: string; by?: string; as?: string },
): Promise<Report> {
  const { as, by, holdFor } = options
  if (as !== undefined && (await ports.store.get(as))) return { runs: [await resume(ports, as)], ignored: [] }
  const original = await undoable(ports.store, id)
  const begun = await begunUndo(ports.store, original)
  if (begun) return { runs: [await resume(ports, begun.id)], ignored: [] }
  const run = await newUndo(ports, original)
  if (as !== undefined) run.id = as
  run.holdFor = durationMs(holdFor)
  if (by !== undefined) run.requestedBy = by
  return { runs: [await driveUndo(ports, run)], ignored: [] }
}

/** The run that is under way because a person takes a run back: no expiry of its entries, no unblocking of one. */
export async function begunUndo(store: Pick<RunStore, 'list'>, original: Run): Promise<Run | undefined> {
  const open = await store.list({ state: ['open', 'waiting'] })
  return open.find(({ undoOf, unblocks, expiry }) => undoOf === original.id && !unblocks && !expiry)
}

/** Takes time-boxed entries out again whose last holder has ended. */
export async function expire(ports: EnginePorts, original: Run, entries: string[]): Promise<Run> {
  const run = await newUndo(ports, original)
  run.expiry = true
  return driveUndo(ports, run, entries)
}

/** Drives a new undo run. */
export async function driveUndo(ports: EnginePorts, run: Run, expiring?: string[]): Promise<Run> {
  const session = await openSession(ports, run)
  const unreadable = loadPolicy(session)
  if (unreadable !== undefined) session.ending = { outcome: 'blocked', reason: unreadable }
  if (expiring) session.expiring = expiring
  else session.newest = (await ports.store.newest(run.playbook, run.key)) ?? null
  try {
    return await drive(session, begin({ intent: 'apply', undo: true }))
  } catch (error) {
    if (!(error instanceof TakenOver) || run.revision === 0) throw error
    return resume(ports, run.id)
  }
}

/** The run, if it changed or holds something that can be taken back; `BadRequest` says why not. */
export async function undoable(store: Pick<RunStore, 'get' | 'list' | 'holds'>, id: string): Promise<Run> {
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
function closedAgain({ holdUntil }: Run): string {
  const from = holdUntil === undefined ? '' : `from ${holdUntil} on, `
  return `what it opened is closed again by its finding: ${from}hand that in once more (\`rectify apply EVENT\`)`
}
