import type { Values } from './setting.ts'

/** `HttpTokens: required`; a long value, as a policy document is, by its length. */
export function shown(values: Values | null): string {
  if (values === null) return 'nothing'
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${short(typeof value === 'string' ? value : JSON.stringify(value))}`)
    .join(', ')
}

/** What still is one line for a person (characters). */
const MOST_SHOWN = 200

const short = (text: string): string =>
  text.length <= MOST_SHOWN ? text : `(${text.length} characters, see the plan)`
