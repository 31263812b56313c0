import { CORE_SCHEMA, constructFromEvents, EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml'
import { type Lines, lineCounter, linesOf } from './lines.ts'
import { PolicyError } from './policy-error.ts'

/** Of the text: a policy that people read is a hundredth of it. */
const MOST_CHARACTERS = 4_000_000
/** What aliases of aliases may unfold to: far more than a policy has, and soon counted. */
const MOST_VALUES = 100_000
/** How many closing brackets are moved in before the file is refused. */
const MOST_BRACKETS = 500

/** The value of a YAML text, and the 1-based line of each of its parts. */
export interface YamlText {
  value: unknown
  lineOf: Lines['of']
  /** Absent where the parser was given another text than was written. */
  offsetOf?: Lines['offsetOf']
}

/**
 * Reads one YAML 1.2 document by the core schema, whatever version the text claims: in 1.1 `off` would be a boolean.
 * Throws `PolicyError` with the first thing that is wrong.
 */
export function readYaml(given: string, file: string): YamlText {
  if (given.length > MOST_CHARACTERS) {
    const size = `${(given.length / 1e6).toFixed(1)} million characters`
    throw new PolicyError(file, [{ message: `is too long: ${size}, and at most 4 million are read` }])
  }
  const { text, events } = parsed(given, file)
  const documents = constructed(events, text, file)
  const [value] = documents
  if (documents.length > 1) throw new PolicyError(file, [{ message: 'not YAML: more than one document' }])
  if (value === undefined || value === null)
    throw new PolicyError(file, [{ line: 1, message: 'the file is empty' }])
  const unfolds = events.some(({ type }) => type === EVENT_ID.ALIAS)
  if (unfolds && countUpTo(MOST_VALUES, value) === MOST_VALUES)
    throw new PolicyError(file, [{ message: `not YAML: its aliases unfold to over ${MOST_VALUES} values` }])
  const lines = linesOf(text, events)
  // JavaScript takes that key for something else, and the schema would pass over the condition that it names.
  const line = lines.ofKey('__proto__')
  if (line !== undefined)
    throw new PolicyError(file, [{ line, key: '__proto__', message: 'is not a key that a policy can have' }])
  return { value, lineOf: lines.of, ...(text === given && { offsetOf: lines.offsetOf }) }
}

/**
 * The parser wants a closing bracket further in than the key of the list that it closes, as YAML does, and nearly all
 * that is written has it right below the key. A line that begins with such a bracket is moved in; that changes no value.
 */
function parsed(given: string, file: string): { text: string; events: Event[] } {
  let text = given
  let first: unknown
  for (let moved = 0; ; moved++) {
    try {
      return { text, events: parseEvents(text, {}) }
    } catch (error) {
      first ??= error
      const start = moved < MOST_BRACKETS ? startOfBracket(text, error) : undefined
      // Where moving does not help, what is wrong is what was wrong as it stood.
      if (start === undefined) throw refusal(file, given, first)
      text = `${text.slice(0, start)}${' '.repeat(200)}${text.slice(start)}`
    }
  }
}

const DEFICIENT = 'deficient indentation'

/** Where the line starts that the parser refused, if that is because it begins with a closing bracket. */
function startOfBracket(text: string, error: unknown): number | undefined {
  if (!(error instanceof YAMLException) || error.reason !== DEFICIENT || !error.mark) return undefined
  const start = text.lastIndexOf('\n', error.mark.position - 1) + 1
  return /^ *[\]},]/.test(text.slice(start, start + 200)) ? start : undefined
}

/** What the parser says, for whoever wrote the file. */
const PLAINER: Record<string, string> = {
  [DEFICIENT]: 'a [, { or quote above is not closed, or this line must be indented further than its key',
}

/** What the parser refuses, as an error of the policy with its line. */
function refusal(file: string, text: string, error: unknown): unknown {
  if (!(error instanceof YAMLException)) return error
  const position = error.mark?.position ?? 0
  const quote = /["']/.exec(text[position - 1] ?? '')?.[0]
  const key = text.slice(position).split(quote ?? /[\s:,}]/, 1)[0]
  const message =
    error.reason === 'duplicated mapping key'
      ? `duplicate key "${key}"`
      : `not YAML: ${PLAINER[error.reason] ?? error.reason}`
  return new PolicyError(file, [{ line: lineCounter(text)(position), message }], { cause: error })
}

/** The documents of a text, by the core schema. */
function constructed(events: Event[], text: string, file: string): unknown[] {
  try {
    return constructFromEvents(events, { source: text, schema: CORE_SCHEMA })
  } catch (error) {
    throw refusal(file, text, error)
  }
}

/** How many values a value holds, itself included; counts no further than `most`. */
function countUpTo(most: number, value: unknown): number {
  const open = [value]
  let count = 0
  while (open.length > 0 && count < most) {
    const each = open.pop()
    count++
    if (typeof each === 'object' && each !== null) for (const inner of Object.values(each)) open.push(inner)
  }
  return count
}
