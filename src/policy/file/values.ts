/** Values of a policy file that several of its keys take. */
import * as z from 'zod/mini'
import { SEVERITIES } from '../../findings/finding.ts'
import { BadDuration, durationMs, parseDuration } from '../written-durations.ts'
import { didYouMean } from './spelling.ts'

/** Text. YAML reads `12` and `true` as something else: say so. */
export const text = z
  .string({
    error: ({ input }) => `must be text${isScalar(input) ? ': write it in quotes, as it stands' : ''}`,
  })
  .check(z.trim(), z.minLength(1, 'must not be empty'))

/** One value or a list; kept as a list. An empty list would never hold, which nobody means. */
export const oneOrMore = <T extends z.ZodMiniType>(item: T) =>
  z.pipe(
    z.union([item, z.array(item).check(z.minLength(1, 'needs at least one value'))]),
    z.transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[]),
  )

/** A section of the file may be empty: `exemptions:` with every line below it commented out. */
export const section = <T extends z.ZodMiniType>(item: T) =>
  z.pipe(
    z.nullish(z.array(item)),
    z.transform((items) => items ?? []),
  )

/** Brings a text into one form; what throws `BadDuration` or gives no form is refused with the reason. */
export function formed<T>(
  given: z.ZodMiniString<string>,
  form: (text: string) => { form: T } | { wrong: string },
) {
  return z.pipe(
    given,
    z.transform((value: string, context) => {
      const found = form(value)
      if ('form' in found) return found.form
      context.issues.push({ code: 'custom', message: found.wrong, input: value })
      return z.NEVER
    }),
  )
}

/** Refuses a text with the reason that there is, if there is one. */
export const refusedWhere = (whyNot: (text: string) => string | undefined) =>
  z.superRefine<string>((value, context) => {
    const wrong = whyNot(value)
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong })
  })

export const duration = formed(
  z.string('is not a duration; write 30m, 24h, 7d or ISO 8601 (PT4H)').check(z.trim()),
  (value) => {
    try {
      const iso = parseDuration(value)
      return durationMs(iso) > 0 ? { form: iso } : { wrong: 'must be longer than nothing' }
    } catch (error) {
      if (!(error instanceof BadDuration)) throw error
      return { wrong: error.message }
    }
  },
).register(z.globalRegistry, { description: '30m, 24h, 7d or ISO 8601 (PT4H)' })

/** A word of those that there are. */
export const oneOf = <const T extends string>(what: string, values: readonly T[]) =>
  z.enum(values, {
    error: ({ input }) => {
      const near = typeof input === 'string' ? didYouMean(input, values) : ''
      return `unknown ${what} ${JSON.stringify(input)}${near || `; one of ${values.join(', ')}`}`
    },
  })

export const account = z
  .string('an account is text of 12 digits: write it in quotes (YAML reads digits as a number)')
  .check(z.regex(/^\d{12}$/, 'an account has 12 digits'))

const severity = oneOf('severity', SEVERITIES)

/** One severity, several, or at least one. */
export const severities = z.union([oneOrMore(severity), z.strictObject({ atLeast: severity })])

function isScalar(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}
