import type { Aws, Place } from '../../aws/port.ts'
import { messageOf } from '../../playbook/message-of.ts'
import type { Permission } from '../../playbook/permissions.ts'
import type { Clock } from '../clock.ts'
import { remembering } from '../remembering.ts'

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
/** On those that the policy names, of other regions and of accounts that share them, too. */
export const CALENDAR_NEED: Permission = {
  action: CALENDAR_READ,
  resource: 'arn:{partition}:ssm:*:*:document/*',
}

/** How long an answer is believed (ms), and at most until the calendar changes as it said itself. */
const BELIEVED_MS = 60_000

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
  const remembered = remembering<Answered>(clock, BELIEVED_MS, ({ changesAt }) => changesAt)
  return {
    ask: async (calendar) => (await remembered(calendar, () => read(aws, home, calendar))).state,
  }
}

interface Answered {
  state: CalendarState
  /** ms since 1970, UTC: when the state changes, as the calendar says itself. */
  changesAt: number
}

async function read(
  aws: Pick<Aws, 'reader'>,
  home: () => Promise<Place>,
  calendar: string,
): Promise<Answered> {
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
