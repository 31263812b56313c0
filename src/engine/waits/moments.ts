import { durationMs } from '../../policy/written-durations.ts'
import type { Asked, Run } from '../../run/run.ts'

/** Something that is said while a run waits for an approval. */
interface Moment {
  /** ms since 1970, UTC. */
  at: number
  says: 'half' | 'lastTenth' | 'level'
}

/** The latest first. */
const REMINDERS = ['lastTenth', 'half'] as const satisfies Asked['reminded'][]

/**
 * What is said of a wait, in the order of time: people are reminded in the channel in which they were asked, at half of
 * the time and when a tenth of it is left, and each level opens in its time.
 */
function momentsOf({ approval, asked, waitingUntil }: Run): Moment[] {
  if (!approval || !asked || waitingUntil === undefined) return []
  const [from, until] = [Date.parse(asked.at), Date.parse(waitingUntil)]
  const reminds = approval.channel !== undefined && approval.remind !== false
  const share = (part: number) => from + Math.floor((until - from) * part)
  const moments: Moment[] = [
    ...(reminds
      ? ([
          { at: share(0.5), says: 'half' },
          { at: share(0.9), says: 'lastTenth' },
        ] as const)
      : []),
    ...(approval.escalate ?? []).map(({ after }) => ({
      at: from + durationMs(after),
      says: 'level' as const,
    })),
  ]
  return moments.filter(({ at }) => at < until).sort((a, b) => a.at - b.at)
}

/**
 * What has been said of a wait once all is said that is due at `now` (ms since 1970, UTC); undefined where that is no
 * more than was said already. What was missed is made up for at once: of the reminders only the latest is given.
 */
export function askedBy(run: Run, now: number): Asked | undefined {
  const { asked } = run
  if (!asked || run.waitingFor !== 'approval') return undefined
  const past = momentsOf(run)
    .filter(({ at }) => at <= now)
    .map(({ says }) => says)
  // Clocks differ: what was said is not taken back.
  const level = Math.max(asked.level, past.filter((says) => says === 'level').length)
  const reminded = REMINDERS.find((one) => one === asked.reminded || past.includes(one))
  if (level === asked.level && reminded === asked.reminded) return undefined
  return { at: asked.at, level, ...(reminded && { reminded }) }
}

/** What was said by the later of two, in words of the audit. */
export function saidBetween(before: Asked | undefined, after: Asked): ('escalated' | 'reminded')[] {
  return [
    ...(after.level > (before?.level ?? 0) ? ['escalated' as const] : []),
    ...(after.reminded !== before?.reminded ? ['reminded' as const] : []),
  ]
}

/**
 * When a run that waits is to be woken, ms since 1970, UTC: while it asks at the next thing that is to be said, in the
 * end at that of its wait. `NaN` for one that waits for no time.
 */
export function wokenAt(run: Run): number {
  const end = Date.parse(run.waitingUntil ?? '')
  if (run.waitingFor !== 'approval') return end
  const next = momentsOf(run).find(({ at }) => askedBy(run, at) !== undefined)
  return next ? Math.min(next.at, end) : end
}
