import type { Weekday, WeeklyWindow } from '../../rules.ts'
import { didYouMean } from '../spelling.ts'

/** Windows of the week as they are written: `Mon-Fri 18:00-08:00`, `Sat,Sun 00:00-24:00`. Pure. */

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const WINDOW = /^(\S+(?:\s*[,-]\s*\S+)*)\s+(\d\d:\d\d)\s*-\s*(\d\d:\d\d)$/
const FORM = 'write days and times (Mon-Fri 18:00-08:00)'

/** The window, or why the text names none. */
export function weeklyWindow(text: string): { form: WeeklyWindow } | { wrong: string } {
  const [, named, begins = '', ends = ''] = WINDOW.exec(text) ?? []
  if (named === undefined) return { wrong: `"${text}" is no window of the week; ${FORM}` }
  const days = daysOf(named)
  if ('wrong' in days) return days
  const [from, to] = [minutesOf(begins), minutesOf(ends)]
  const impossible = from === undefined || from === DAY ? begins : to === undefined ? ends : undefined
  if (from === undefined || to === undefined || impossible !== undefined) {
    return { wrong: `${impossible} is no time of a day; write 00:00 to 23:59, and 24:00 for its end` }
  }
  if (from === to || (from === 0 && to === 0)) {
    return { wrong: `begins and ends at ${begins}; write 00:00-24:00 for whole days` }
  }
  return { form: { days: days.days, from, to } }
}

const DAY = 24 * 60

function minutesOf(text: string): number | undefined {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  const all = hours * 60 + minutes
  return minutes < 60 && all <= DAY ? all : undefined
}

/** `Mon-Wed,Fri`: days and ranges of days, which may go over the end of the week. */
function daysOf(named: string): { days: Weekday[] } | { wrong: string } {
  const days = new Set<Weekday>()
  for (const part of named.split(',').map((each) => each.trim())) {
    const ends = part.split('-').map((each) => each.trim())
    const unknown = ends.find((each) => !DAYS.includes(each))
    if (unknown !== undefined || ends.length > 2) {
      const wrong = unknown ?? part
      return { wrong: `unknown day "${wrong}"${didYouMean(wrong, DAYS) || `; one of ${DAYS.join(', ')}`}` }
    }
    const [first = 0, last = first] = ends.map((each) => DAYS.indexOf(each))
    for (let at = first; ; at = (at + 1) % 7) {
      days.add((at + 1) as Weekday)
      if (at === last) break
    }
  }
  return { days: [...days].sort() }
}
