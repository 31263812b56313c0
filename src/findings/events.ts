import { unwrap } from './envelopes.ts'
import { isFields } from './json-object.ts'
import { readJson } from './json-text.ts'
import { isJsonLines, parseEvents } from './read.ts'

/** One event with at least one finding in it, to be handed on as it is. */
export interface RawEvent {
  /** What to call it: the file with a JSON pointer (`events.json#/Records/3/body`). */
  event: string
  value: object
}

/**
 * The events in some text one by one, as a bus or a topic would deliver them: what EventBridge wrapped stays in that
 * envelope, and the lists, queues and topics around it come off. Anything else is only taken out of lists. What
 * holds no finding is left out: `parseText` says why.
 */
export function eventsIn(text: string, name: string): RawEvent[] {
  const json = readJson(text)
  if (json.ok) return inDocument(json.value, name, '')
  const lines = text.split('\n')
  if (!isJsonLines(lines)) return []
  return lines.flatMap((line, index) => {
    const one = readJson(line)
    return one.ok ? inDocument(one.value, name, `/${index}`) : []
  })
}

function inDocument(document: unknown, name: string, pointer: string): RawEvent[] {
  const places = unwrap(document).bodies.map(({ path, prefix }) => placeOf(path, prefix))
  return [...new Set(places)].flatMap((place): RawEvent[] => {
    const value = valueAt(document, place)
    const event = pointer + place === '' ? name : `${name}#${pointer}${place}`
    return isFields(value) && parseEvents(value, event).findings.length > 0 ? [{ event, value }] : []
  })
}

/** JSON pointer to the event that a body came in: the outermost envelope of EventBridge, or the item of a list. */
function placeOf(path: string, prefix: string): string {
  const [bus, inside] = path.split(/\/detail(?=\/|$)/, 2)
  if (prefix === 'detail.' || inside !== undefined) return bus!
  return /^(\/(Records|Messages|Findings|findings|configurationItems)?(\/?\d+))*/.exec(path)![0]
}

/** Follows a pointer of `unwrap`, which goes on inside JSON that is kept as text. */
function valueAt(document: unknown, pointer: string): unknown {
  let value = opened(document)
  for (const key of pointer.split('/').slice(1)) {
    value = opened((value as Record<string, unknown>)[key])
  }
  return value
}

function opened(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const json = readJson(value)
  return json.ok ? json.value : value
}
