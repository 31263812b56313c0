import { EVENT_ID, type Event, getScalarValue, type SequenceEvent } from 'js-yaml'

/** Where a value of a YAML document starts, and the places of what it holds. */
interface Place {
  /** In characters from the start of the text; negative for a value that nobody wrote (`key:`). */
  offset: number
  /** By key, or index of a list; a key's own offset is where the key is. */
  parts: Map<string, { offset: number; place: Place }>
}

/** The line of a key or list item. Lines count from 1. */
export interface Lines {
  /**
   * Of the key or item at a path of the first document. Where the path leaves the document (a missing key), the line
   * of what should hold it.
   */
  of(path: readonly PropertyKey[]): number
  /** Of the first key with this name, wherever it is; undefined where there is none. */
  ofKey(name: string): number | undefined
  /** Where it starts, in characters from the start of the text; undefined where the path leaves the document. */
  offsetOf(path: readonly PropertyKey[]): number | undefined
}

/** @param events of the text, which can be constructed: every alias has its anchor */
export function linesOf(text: string, events: readonly Event[]): Lines {
  const keys = new Map<string, number>()
  const root = rootOf(text, events, keys)
  const at = lineCounter(text)
  return {
    ofKey(name) {
      const offset = keys.get(name)
      return offset === undefined ? undefined : at(offset)
    },
    offsetOf(path) {
      let [place, offset] = [root, root.offset]
      for (const key of path) {
        const part = place.parts.get(String(key))
        if (!part || part.offset < 0) return undefined
        ;({ place, offset } = part)
      }
      return offset
    },
    of(path) {
      let { offset, parts } = root
      for (const key of path) {
        const part = parts.get(String(key))
        if (!part) break
        if (part.offset >= 0) offset = part.offset
        parts = part.place.parts
      }
      return at(offset)
    },
  }
}

/** Tells the 1-based line of a character. */
export function lineCounter(text: string): (offset: number) => number {
  const starts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((end) => end.index + end[0].length)]
  return (offset) => {
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

/** @param keys gets where each key stands for the first time */
function rootOf(text: string, events: readonly Event[], keys: Map<string, number>): Place {
  const anchors = new Map<string, Place>()
  // The first event is the document.
  let at = 1

  function place(): Place {
    const event = events[at++]!
    if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP)
      return { offset: 0, parts: new Map() }
    const anchor = event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd)
    if (event.type === EVENT_ID.ALIAS) return { ...anchors.get(anchor!)!, offset: event.anchorStart }
    const offset = event.type === EVENT_ID.SCALAR ? event.valueStart : event.start
    const found: Place = { offset, parts: new Map() }
    if (anchor !== undefined) anchors.set(anchor, found)
    if (event.type === EVENT_ID.SCALAR) return found
    if (event.type === EVENT_ID.MAPPING) readKeys(found)
    else readItems(found, event)
    at++
    return found
  }

  function readKeys({ parts }: Place): void {
    while (events[at]!.type !== EVENT_ID.POP) {
      const named = events[at]!
      const { offset } = place()
      const name = named.type === EVENT_ID.SCALAR ? getScalarValue(text, named) : String(offset)
      if (!keys.has(name)) keys.set(name, offset)
      parts.set(name, { offset, place: place() })
    }
  }

  function readItems({ parts }: Place, list: SequenceEvent): void {
    for (let index = 0; events[at]!.type !== EVENT_ID.POP; index++) {
      const item = place()
      const offset = item.offset < 0 ? (dashesOf(text, list)[index] ?? list.start) : item.offset
      parts.set(String(index), { offset, place: item })
    }
  }

  return place()
}

/** Where the items of a block list start: the dashes that stand in the column of its first. */
function dashesOf(text: string, { start }: SequenceEvent): number[] {
  const column = start - Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) - 1
  const dash = new RegExp(`^ {${column}}-(?=\\s|$)`, 'gm')
  dash.lastIndex = start
  const later = [...text.matchAll(dash)].filter(({ index }) => index > start)
  return [start, ...later.map(({ index }) => index + column)]
}

/** `rules[0].when.playbook`. */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}
