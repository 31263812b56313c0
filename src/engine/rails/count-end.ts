import type { Outcome } from '../../run/run.ts'
import type { Effect } from '../drive/facts.ts'
import { countAttempt } from './attempted.ts'
import { countForBreaker } from './breaker.ts'
import { countFix } from './fights.ts'
import { giveBack } from './limits.ts'
import type { Railed } from './rail.ts'

/**
 * What the end of a run counts for, before it is stored: a process that dies in between counts it once more under the
 * same key, and nothing that went wrong is forgotten.
 */
export async function* countEnd(
  drive: Railed,
  { outcome, reason }: { outcome: Outcome | null; reason: string },
): Effect<void> {
  if (outcome === null || drive.run.intent !== 'apply') return
  await giveBack(drive)
  await countForBreaker(drive, outcome)
  await countFix(drive, outcome)
  const warning = await countAttempt(drive, outcome, reason)
  if (warning === undefined) return
  const { warnings = [] } = drive.run
  if (!warnings.includes(warning)) yield { run: { warnings: [...warnings, warning] } }
}
