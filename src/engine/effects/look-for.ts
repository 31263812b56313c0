import { type Close, close, type LookAnswer } from '../../../state-machines/effects.ts'
import type { Drive } from '../drive/drive.ts'
import { type Effect, iso } from '../drive/facts.ts'
import { look } from './look.ts'

/** Looks at the live resource and plans what the run is for: to put it right, or to take back what a run did. */
export async function* lookFor(drive: Drive): Effect<LookAnswer> {
  if (drive.ending) return close(drive.ending.outcome, drive.ending.reason)
  drive.asked.begin()
  const answer = yield* await lookOf(drive)
  const { intent, ruling } = drive.run
  if (intent === 'rehearse' || ruling?.mode === 'rehearse') yield { run: { reads: drive.asked.counted() } }
  const silent = silencedAs(drive)
  if (!silent) return answer
  yield { memory: { newest: undefined } }
  return silent
}

/** Runs that take something back are few: how they look is loaded with what changes something. */
async function lookOf(drive: Drive): Promise<Effect<LookAnswer>> {
  if (drive.run.undoOf === undefined) return look(drive)
  const { lookForUndo } = await import('../changing.ts')
  return lookForUndo(drive)
}

/** The plan that somebody has just declined is not asked about again for a while; another plan is. */
function silencedAs({ run, permit, silenced }: Drive): Close | undefined {
  if (!silenced || permit !== 'approve' || run.plan?.hash !== silenced.hash) return undefined
  const { outcome, reason, id } = silenced.run
  return close(outcome!, `${reason} (run ${id}); the same plan stays silent until ${iso(silenced.until)}`)
}
