import type { Severity } from '../../findings/finding.ts'
import { severityHolds } from '../conditions/severity-condition.ts'
import type { DatedFreeze, Freeze, LoadedPolicy, WeeklyFreeze } from '../rules.ts'
import { firstAt, lastBefore, wallTime } from './zone-time.ts'

/** When nothing may be changed. Pure; all moments are ms since 1970, UTC. */

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Weekly windows that leave nothing out never end: whoever waits looks again after this. */
const FURTHEST_MS = 366 * DAY_MS

/** By which freeze a run is held, and until when at the latest that is known. */
export interface FrozenBy {
  name: string
  /** The first moment that is in no freeze, or some moment of the year after where there is none before. */
  until: number
}

/**
 * The first freeze of the file that holds a run at a moment; undefined: none does. `until` is the end of all that follow
 * one another without a gap. Calendars are not asked: see `calendarsOf`.
 */
export function frozenBy(
  policy: LoadedPolicy,
  subject: { severity: Severity },
  now: number,
): FrozenBy | undefined {
  return frozenByOne(freezesFor(policy, subject), now)
}

/** The same of freezes that make no exception. */
export function frozenByOne(freezes: readonly Freeze[], now: number): FrozenBy | undefined {
  const first = freezes.find((freeze) => endOf(freeze, now) !== undefined)
  if (!first) return undefined
  let until = now
  while (until - now < FURTHEST_MS) {
    const ends = freezes.map((freeze) => endOf(freeze, until)).filter((end) => end !== undefined)
    if (ends.length === 0) break
    until = Math.max(...ends)
  }
  return { name: first.name, until }
}

/** The calendars of which none may be closed for such a run. */
export function calendarsOf(
  policy: LoadedPolicy,
  subject: { severity: Severity },
): { name: string; calendar: string }[] {
  return freezesFor(policy, subject).flatMap((freeze) =>
    freeze.kind === 'calendar' ? [{ name: freeze.name, calendar: freeze.calendar }] : [],
  )
}

/** The freezes that make no exception for a run. */
export function freezesFor(policy: LoadedPolicy, { severity }: { severity: Severity }): Freeze[] {
  if (policy.kind === 'none') return []
  return policy.policy.freezes.filter(({ except }) => {
    return except?.severity === undefined || !severityHolds(except.severity, severity)
  })
}

/** Whether a freeze never holds again. */
export function isOver(freeze: Freeze, now: number): boolean {
  return freeze.kind === 'dated' && Date.parse(freeze.to) <= now
}

/** The end of a freeze as it holds at a moment; undefined where it does not. */
function endOf(freeze: Freeze, at: number): number | undefined {
  if (freeze.kind === 'dated') return endOfDated(freeze, at)
  if (freeze.kind === 'weekly') return endOfWeekly(freeze, at)
  return undefined
}

function endOfDated({ from, to }: DatedFreeze, at: number): number | undefined {
  const end = Date.parse(to)
  return Date.parse(from) <= at && at < end ? end : undefined
}

/**
 * A window lasts from when its clock first shows a time in it to when it last does: where the clock is put back in the
 * middle, it stays closed.
 */
function endOfWeekly({ windows, zone }: WeeklyFreeze, at: number): number | undefined {
  const today = Math.floor(wallTime(zone, at) / DAY_MS) * DAY_MS
  const ends = [-1, 0, 1].flatMap((days) => {
    const start = today + days * DAY_MS
    return windows.flatMap((window) => {
      if (!window.days.some((day) => day === weekdayOf(start))) return []
      const { from, to } = window
      const nextDay = to > from ? 0 : DAY_MS
      const end = lastBefore(zone, start + nextDay + to * MINUTE_MS)
      return firstAt(zone, start + from * MINUTE_MS) <= at && at < end ? [end] : []
    })
  })
  return ends.length > 0 ? Math.max(...ends) : undefined
}

/** 1 January 1970 was a Thursday. */
function weekdayOf(day: number): number {
  return ((day / DAY_MS + 3) % 7) + 1
}
