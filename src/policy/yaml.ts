import { CORE_SCHEMA, constructFromEvents, parseEvents, YAMLException } from 'js-yaml'
import { lineOf, linesOf } from './lines.ts'
import { PolicyError } from './policy-error.ts'

/** What aliases of aliases may unfold to: far more than a policy has, and soon counted. */
const MOST_VALUES = 100_000

/** The value of a YAML text, and the 1-based line of each of its parts. */
export interface YamlText {
  value: unknown
  lineAt(path: readonly PropertyKey[]): number
}

/**
 * Reads one YAML 1.2 document by the core schema, whatever version the text claims: in 1.1 `off` would be a boolean.
 * Throws `PolicyError` with the first thing that is wrong.
 */
export function readYaml(text: string, file: string): YamlText {
  try {
    const events = parseEvents(text, {})
    const [value, ...others] = constructFromEvents(events, { source: text, schema: CORE_SCHEMA })
    if (value === undefined || value === null)
      throw new PolicyError(file, [{ line: 1, message: 'the file is empty' }])
    if (others.length > 0) throw new PolicyError(file, [{ message: 'not YAML: more than one document' }])
    if (countUpTo(MOST_VALUES, value) === MOST_VALUES)
      throw new PolicyError(file, [{ message: `not YAML: its aliases unfold to over ${MOST_VALUES} values` }])
    return { value, lineAt: linesOf(text, events) }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const position = error.mark?.position ?? 0
    const key = text.slice(position).match(/^["']?([^\s:"',}]+)/)?.[1]
    const message =
      error.reason === 'duplicated mapping key' ? `duplicate key "${key}"` : `not YAML: ${error.reason}`
    throw new PolicyError(file, [{ line: lineOf(text, position), message }], { cause: error })
  }
}

/** How many values a value holds, itself included; counts no further than `most`. */
function countUpTo(most: number, value: unknown): number {
  const open = [value]
  let count = 0
  for (let each = open.pop(); count < most; each = open.pop()) {
    count++
    if (typeof each === 'object' && each !== null) open.push(...Object.values(each))
    if (open.length === 0) break
  }
  return count
}
