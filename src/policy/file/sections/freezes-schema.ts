/** When nothing may be changed: from and to, every week, or while a calendar of AWS is closed. */
import * as z from 'zod/mini'
import { firstAt, isZone, lastBefore } from '../../freezes/zone-time.ts'
import type { Freeze } from '../../rules.ts'
import { didYouMean } from '../spelling.ts'
import { formed, oneOrMore, refusedWhere, severities, text } from '../values.ts'
import { weeklyWindow } from './weekly-window.ts'

const zone = text
  .check(refusedWhere(whyNoZone))
  .register(z.globalRegistry, { description: 'Of the IANA database: Europe/Berlin, UTC' })

function whyNoZone(value: string): string | undefined {
  if (isZone(value)) return undefined
  const near = didYouMean(value, Intl.supportedValuesOf('timeZone'))
  return `unknown time zone "${value}"${near || '; write one of the IANA database (Europe/Berlin, UTC)'}`
}

/** A time as the clock shows it: `z.iso` knows how many days a month has. */
const CLOCK_TIME = z.iso.datetime({ local: true })
const MINUTE_TIME = z.iso.datetime({ local: true, precision: -1 })

const clockTime = text.check(refusedWhere(whyNoClockTime)).register(z.globalRegistry, {
  description: 'A date, or a time without a zone: 2026-12-24T00:00. A date as the end counts to its end',
})

function whyNoClockTime(value: string): string | undefined {
  const isZoned = /T.*(?:Z|[+-]\d\d:?\d\d)$/.test(value)
  if (isZoned) return 'names a zone of its own: leave that to zone (2026-12-24T00:00)'
  const parses = [z.iso.date(), CLOCK_TIME, MINUTE_TIME].some((form) => form.safeParse(value).success)
  return parses ? undefined : 'is not a date (2026-12-24) or a time without a zone (2026-12-24T18:00)'
}

const window = formed(text, weeklyWindow)

const CALENDAR = /^(?:arn:[a-z-]+:ssm:[a-z0-9-]+:\d{12}:document\/)?[A-Za-z0-9_.-]{3,128}$/
const calendar = text.check(
  z.regex(
    CALENDAR,
    'is neither the ARN nor the name of an SSM Change Calendar (arn:aws:ssm:eu-central-1:111122223333:document/change-freeze)',
  ),
)

const written = z.strictObject({
  name: z.exactOptional(text),
  from: z.exactOptional(clockTime),
  to: z.exactOptional(clockTime),
  weekly: z.exactOptional(oneOrMore(window)),
  calendar: z.exactOptional(calendar),
  zone: z.exactOptional(zone),
  except: z.exactOptional(z.strictObject({ severity: severities })),
})
type Written = z.output<typeof written>

/** A freeze as it is written, without its line. */
export type UnplacedFreeze = Freeze extends infer F ? (F extends Freeze ? Omit<F, 'line'> : never) : never

interface Wrong {
  path: string[]
  message: string
}

/** Which keys belong together, for the form of each kind. */
const KINDS = {
  dated: ['name', 'from', 'to', 'zone'],
  weekly: ['name', 'weekly', 'zone'],
  calendar: ['calendar'],
} as const
type Kind = keyof typeof KINDS

/** One entry of `freezes`. */
export const freeze = z
  .pipe(
    written,
    z.transform((given: Written, context): UnplacedFreeze => {
      // What a misspelled key would have said is not missing.
      if (context.issues.some(({ code }) => code === 'unrecognized_keys')) return z.NEVER
      const found = formOf(given)
      if (!Array.isArray(found)) return found
      for (const { path, message } of found) {
        context.issues.push({ code: 'custom', path, message, input: given })
      }
      return z.NEVER
    }),
  )
  .register(z.globalRegistry, { oneOf: Object.values(KINDS).map((required) => ({ required })) })

function formOf(given: Written): UnplacedFreeze | Wrong[] {
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => KIND_KEYS[kind].some((key) => key in given))
  const [kind] = kinds
  if (kind === undefined) return [{ path: [], message: `says not when: ${ONE_OF}` }]
  const [, other] = kinds
  if (other !== undefined)
    return [{ path: [KIND_KEYS[other][0]!], message: `one of these is meant: ${ONE_OF}` }]
  const missing = KINDS[kind].filter((key) => !(key in given))
  if (missing.length > 0) {
    return missing.map((key) => ({ path: [key], message: `missing key "${key}"` }))
  }
  if (kind === 'calendar' && given.zone !== undefined) {
    return [{ path: ['zone'], message: 'is for from and to, or weekly: a calendar has its own' }]
  }
  const { name = '', except } = given
  const common = { name, ...(except && { except }) }
  if (kind === 'weekly') return { ...common, kind, windows: given.weekly ?? [], zone: given.zone ?? '' }
  if (kind === 'dated') return datedForm(given, common)
  const document = given.calendar ?? ''
  return { ...common, kind, name: name || document.replace(/^.*\//, ''), calendar: document }
}

const KIND_KEYS: Record<Kind, readonly (keyof Written)[]> = {
  dated: ['from', 'to'],
  weekly: ['weekly'],
  calendar: ['calendar'],
}
const ONE_OF = 'from and to, weekly, or calendar'

function datedForm(
  { from = '', to = '', zone: clock = '' }: Written,
  common: Pick<UnplacedFreeze, 'name' | 'except'>,
): UnplacedFreeze | Wrong[] {
  const begins = firstAt(clock, Date.parse(`${from.includes('T') ? from : `${from}T00:00`}Z`))
  const ends = lastBefore(clock, endOf(to))
  if (ends <= begins) return [{ path: ['to'], message: `${to} is not after ${from} (${clock})` }]
  return {
    ...common,
    kind: 'dated',
    from: new Date(begins).toISOString(),
    to: new Date(ends).toISOString(),
  }
}

/** A day counts to its end. */
function endOf(to: string): number {
  return to.includes('T') ? Date.parse(`${to}Z`) : Date.parse(`${to}T00:00Z`) + 86_400_000
}
