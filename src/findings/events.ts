import { unwrap } from './envelopes.ts'
import { isFields } from './json-object.ts'
import { parseEvents } from './read.ts'
import { Documents } from './text/json-documents.ts'

/** One event with at least one finding in it, to be handed on as it is. */
export interface RawEvent {
  /** What to call it: the file with a JSON pointer (`events.json#/Records/3/body`). */
  event: string
  value: object
}

/**
 * The events in some text one by one, as a bus or a topic would deliver them: what EventBridge wrapped stays in that
 * envelope, and the lists, queues, streams and topics around it come off. Anything else is only taken out of lists.
 * What holds no finding is left out: `parseText` says why.
 */
export function eventsIn(text: string, name: string): RawEvent[] {
  return Documents.in(text).flatMap((document) =>
    'value' in document ? inDocument(document.value, name, document.pointer) : [],
  )
}

function inDocument(document: unknown, name: string, pointer: string): RawEvent[] {
  const events = new Map(unwrap(document).bodies.map(({ event }) => [event.path, event.value]))
  return [...events].flatMap(([path, value]): RawEvent[] => {
    const event = pointer + path === '' ? name : `${name}#${pointer}${path}`
    return isFields(value) && parseEvents(value, event).findings.length > 0 ? [{ event, value }] : []
  })
}
