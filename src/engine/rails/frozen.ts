import { type Severity, severestOf } from '../../findings/finding.ts'
import { calendarsOf, frozenBy } from '../../policy/freezes/freeze.ts'
import type { Hold } from '../../run/run.ts'
import { iso } from '../drive/facts.ts'
import type { Rail, Railed } from './rail.ts'

/**
 * A freeze of the policy that makes no exception for so severe a finding. What a person takes back may be taken back at
 * any time, and so may what was meant to last for a time only.
 */
export const freeze: Rail = async (drive) => {
  const { run } = drive
  return run.undoOf === undefined ? frozen(drive, severestOf(run.findings)) : undefined
}

/** Before a calendar that could not be read is asked again (ms). */
const ASKED_AGAIN_MS = 600_000

/**
 * What holds runs about so severe a finding now: the freezes of the file, then the calendars that it names, one after the
 * other. A calendar that cannot be read holds as one that is closed.
 */
export async function frozen(
  { ports: { clock, calendars }, policy }: Pick<Railed, 'ports' | 'policy'>,
  severity: Severity,
): Promise<Hold | undefined> {
  const now = clock.now()
  const byFile = frozenBy(policy, { severity }, now)
  if (byFile) return { rail: 'freeze', reason: `freeze "${byFile.name}"`, until: iso(byFile.until) }
  for (const { name, calendar } of calendarsOf(policy, { severity })) {
    const state = await calendars.ask(calendar)
    if (state.kind === 'open') continue
    const scope = `calendar ${calendar}`
    if (state.kind === 'unread') {
      const reason = `the calendar ${calendar} cannot be read: ${state.why}`
      return { rail: 'freeze', reason, until: iso(now + ASKED_AGAIN_MS), scope }
    }
    const until = state.until === undefined ? {} : { until: iso(state.until) }
    return { rail: 'freeze', reason: `freeze "${name}"`, ...until, scope }
  }
  return undefined
}
