import type { Aws, Place } from '../../aws/port.ts'
import { messageOf } from '../../playbook/message-of.ts'
import type { Clock } from '../clock.ts'

/** What an SSM Change Calendar says now. */
export type CalendarState =
  | { kind: 'open' }
  /** `until`, ms since 1970, UTC: when it opens; absent where no event of it says so. */
  | { kind: 'closed'; until?: number }
  | { kind: 'unread'; why: string }

/** Says whether changes may be made by a calendar. Never fails: what cannot be read is said. */
export interface Calendars {
  /** @param calendar ARN or name of the document */
  ask(calendar: string): Promise<CalendarState>
}

/** All that is asked of a calendar. */
export const CALENDAR_READ = 'ssm:GetCalendarState'

/** How long an answer is believed (ms), and at most until the calendar changes as it said itself. */
const BELIEVED_MS = 60_000

interface Remembered {
  state: Promise<CalendarState>
  /** ms since 1970, UTC. */
  until: number
}

/**
 * Calendars by the credentials of whoever drives runs, never by those for the account of a run: one that is another
 * account's is shared with this one, and called by its ARN. Kept for as long as the process.
 * @param home whose credentials, and the region of what is called by its name
 */
export function changeCalendars(
  aws: Pick<Aws, 'reader'>,
  clock: Pick<Clock, 'now'>,
  home: () => Promise<Place>,
): Calendars {
  const remembered = new Map<string, Remembered>()
  return {
    ask(calendar) {
      const known = remembered.get(calendar)
      if (known && clock.now() < known.until) return known.state
      const entry: Remembered = { state: Promise.resolve({ kind: 'open' }), until: clock.now() + BELIEVED_MS }
      entry.state = read(aws, home, calendar).then(({ state, changesAt }) => {
        entry.until = Math.min(entry.until, changesAt)
        return state
      })
      remembered.set(calendar, entry)
      return entry.state
    },
  }
}

async function read(
  aws: Pick<Aws, 'reader'>,
  home: () => Promise<Place>,
  calendar: string,
): Promise<{ state: CalendarState; changesAt: number }> {
  try {
    const [, , , ofArn] = calendar.split(':')
    const own = await home()
    const reader = aws.reader({ ...own, region: ofArn ?? own.region }, [CALENDAR_READ], () => undefined)
    const answer = await reader.read('ssm', 'GetCalendarState', { CalendarNames: [calendar] })
    const next = Date.parse(answer.NextTransitionTime ?? '')
    const changesAt = Number.isNaN(next) ? Number.POSITIVE_INFINITY : next
    if (answer.State === 'OPEN') return { state: { kind: 'open' }, changesAt }
    if (answer.State === 'CLOSED')
      return { state: { kind: 'closed', ...(!Number.isNaN(next) && { until: next }) }, changesAt }
    return unread(`AWS calls its state ${answer.State}`)
  } catch (error) {
    // Whatever it is, it holds the run, and its word is told.
    return unread(messageOf(error))
  }
}

const unread = (why: string) => ({
  state: { kind: 'unread', why } as const,
  changesAt: Number.POSITIVE_INFINITY,
})
