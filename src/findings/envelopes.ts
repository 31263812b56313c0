import { BadEvent } from './bad-event.ts'
import { type Fields, isFields } from './json-object.ts'
import { Documents } from './text/json-documents.ts'
import { type Budget, textMeant, unpackingBudget } from './text/packed-text.ts'
import { type Inner, type Inside, inside, type Told } from './wrapping.ts'

/** Something without a known envelope around it any more: a finding, we hope. */
export interface Body {
  /** JSON pointer to the event that holds it (`/Records/3/body`; empty for the document itself). */
  path: string
  /** Dotted path from that event to the body: `detail.`, or empty. */
  prefix: string
  value: Fields
  told: Told
  /** What would be handed on of it: the outermost envelope of EventBridge, else the item of a list that it came in. */
  event: { path: string; value: unknown }
}

export interface Unwrapped {
  bodies: Body[]
  rejected: { path: string; error: BadEvent }[]
}

/** Deeper nesting than any delivery makes; the limit keeps a crafted document from exhausting the stack. */
const MAX_DEPTH = 32

interface Place {
  path: string
  prefix: string
  told: Told
  /** Undefined as long as only lists came off. */
  event: (Body['event'] & { isBus: boolean }) | undefined
}

/**
 * Takes off what events come in, in any nesting: EventBridge, SQS, SNS, Kinesis, Firehose, CloudWatch Logs, dead letters
 * of Lambda, custom Config rule invocations, API answers with a list, and plain lists; text may be JSON, several values
 * of it, or base64 of it, packed or not. Bodies come in the order of the document; what cannot be opened is rejected
 * with its place, and costs nothing else.
 */
export function unwrap(document: unknown): Unwrapped {
  const out: Unwrapped = { bodies: [], rejected: [] }
  open(document, { path: '', prefix: '', told: {}, event: undefined }, 0, { out, budget: unpackingBudget() })
  return out
}

interface Work {
  out: Unwrapped
  budget: Budget
}

function open(value: unknown, place: Place, depth: number, work: Work): void {
  try {
    if (depth > MAX_DEPTH) throw new BadEvent('unknownShape', `nested deeper than ${MAX_DEPTH}`)
    if (typeof value === 'string' && depth > 0) {
      openText(value, place, depth, work)
      return
    }
    if (!Array.isArray(value) && !isFields(value)) throw new BadEvent('unknownShape', 'holds no event')
    const inner = inside(value)
    if (inner === undefined) {
      work.out.bodies.push(bodyAt(place, value as Fields))
      return
    }
    if (inner.parts.length === 0) throw new BadEvent('unknownShape', 'an empty list, no event in it')
    const event = eventAt(place, value, inner)
    for (const part of inner.parts) open(part.value, placeOf(part, place, event), depth + 1, work)
  } catch (error) {
    if (!(error instanceof BadEvent)) throw error
    work.out.rejected.push({ path: pathOf(place), error })
  }
}

/** @throws BadEvent for text that cannot be unpacked */
function openText(text: string, place: Place, depth: number, work: Work): void {
  const documents = Documents.in(textMeant(text, work.budget))
  for (const document of documents) {
    const there =
      documents.length === 1 ? place : { ...place, path: pathOf(place) + document.pointer, prefix: '' }
    if ('value' in document) {
      // Text in text in text is no envelope.
      if (typeof document.value === 'string') reject(work, there, 'unknownShape', 'holds no event')
      else open(document.value, there, depth, work)
    } else reject(work, there, document.refused.code, document.refused.reason.replace(/^line 1: /, ''))
  }
}

function reject({ out }: Work, place: Place, code: 'notJson' | 'tooLarge' | 'unknownShape', reason: string) {
  out.rejected.push({ path: pathOf(place), error: new BadEvent(code, reason) })
}

function bodyAt({ path, prefix, told, event }: Place, value: Fields): Body {
  return { path, prefix, told, value, event: event ?? { path, value } }
}

function eventAt(place: Place, value: unknown, { parts, isList }: Inside): Place['event'] {
  const isBus = parts[0]?.name === 'detail'
  if (place.event?.isBus || (place.event && !isBus)) return place.event
  return isBus || !isList ? { path: pathOf(place), value, isBus } : undefined
}

function placeOf(inner: Inner, place: Place, event: Place['event']): Place {
  const { name } = inner
  const told = inner.told === undefined ? place.told : { ...place.told, ...inner.told }
  return name === 'detail'
    ? { path: pathOf(place), prefix: 'detail.', told, event }
    : { path: `${pathOf(place)}/${name}`, prefix: '', told, event }
}

function pathOf(place: Pick<Place, 'path' | 'prefix'>): string {
  return place.prefix === '' ? place.path : `${place.path}/detail`
}
