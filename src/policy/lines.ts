import { EVENT_ID, type Event, getScalarValue } from 'js-yaml'

/** Where a value of a YAML document starts, and the places of what it holds. */
interface Place {
  /** In characters from the start of the text; negative for a value that nobody wrote (`key:`). */
  offset: number
  /** By key, or index of a list; a key's own offset is where the key is. */
  parts: Map<string, { offset: number; place: Place }>
}

/**
 * The 1-based line of the key or list item at a path of the first document of a YAML text. Where the path leaves the
 * document (a missing key), the line of what should hold it.
 * @param events of the text, which can be constructed: every alias has its anchor
 */
export function linesOf(text: string, events: readonly Event[]): (path: readonly PropertyKey[]) => number {
  const root = rootOf(text, events)
  return (path) => {
    let { offset, parts } = root
    for (const key of path) {
      const part = parts.get(String(key))
      if (!part) break
      if (part.offset >= 0) offset = part.offset
      parts = part.place.parts
    }
    return lineOf(text, offset)
  }
}

/** The 1-based line of a character. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, Math.max(0, offset)).split('\n').length
}

function rootOf(text: string, events: readonly Event[]): Place {
  const anchors = new Map<string, Place>()
  // The first event is the document.
  let at = 1

  function place(): Place {
    const event = events[at++]!
    if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP)
      return { offset: 0, parts: new Map() }
    const anchor = event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd)
    if (event.type === EVENT_ID.ALIAS) return { ...anchors.get(anchor!)!, offset: event.anchorStart }
    const found: Place = {
      offset: event.type === EVENT_ID.SCALAR ? event.valueStart : event.start,
      parts: new Map(),
    }
    if (anchor !== undefined) anchors.set(anchor, found)
    if (event.type === EVENT_ID.SCALAR) return found
    for (let index = 0; events[at]!.type !== EVENT_ID.POP; index++) {
      const named = events[at]!
      const key = event.type === EVENT_ID.MAPPING ? place() : undefined
      const value = place()
      const name = key && named.type === EVENT_ID.SCALAR ? getScalarValue(text, named) : String(index)
      found.parts.set(name, { offset: (key ?? value).offset, place: value })
    }
    at++
    return found
  }

  return place()
}

/** `rules[0].when.playbook`. */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}
