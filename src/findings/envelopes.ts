import { accountAt } from './account.ts'
import { BadEvent } from './bad-event.ts'
import { type Fields, isFields, list, present, text } from './fields.ts'
import { readJson } from './json-text.ts'

/** What the envelopes around a body said; the innermost wins. */
export interface Told {
  account?: string
  region?: string
  /** As written. */
  time?: string
  /** EventBridge `source`, `aws.config`. */
  source?: string
  /** EventBridge `detail-type`. */
  detailType?: string
  /** EventBridge `id`: of the event, not of what it tells. */
  id?: string
  /** EventBridge `resources`, as written: mostly ARNs. */
  resources?: string[]
  /** Config custom rule: the rule that was invoked, and its parameters as JSON text or object. */
  ruleName?: string
  ruleParameters?: unknown
}

/** Something without a known envelope around it any more: a finding, we hope. */
export interface Body {
  /** JSON pointer to the event that holds it (`/Records/3/body`; empty for the document itself). */
  path: string
  /** Dotted path from that event to the body: `detail.`, or empty. */
  prefix: string
  value: Fields
  told: Told
}

export interface Unwrapped {
  bodies: Body[]
  rejected: { path: string; error: BadEvent }[]
}

/** Deeper nesting than any delivery makes; the limit keeps a crafted document from exhausting the stack. */
const MAX_DEPTH = 32

type Inner = { name: string; value: unknown; told?: Told }

/**
 * Takes EventBridge, SQS, SNS (envelope and Lambda), custom Config rule invocations, API answers with a list of
 * findings and plain lists off, in any nesting. Bodies come in the order of the document; what cannot be opened is
 * rejected with its place, and costs nothing else.
 */
export function unwrap(document: unknown): Unwrapped {
  const out: Unwrapped = { bodies: [], rejected: [] }
  open(document, { path: '', prefix: '', told: {} }, 0, out)
  return out
}

function open(value: unknown, place: Omit<Body, 'value'>, depth: number, out: Unwrapped): void {
  const reject = (code: 'notJson' | 'unknownShape', reason: string) =>
    out.rejected.push({ path: pathOf(place), error: new BadEvent(code, reason) })
  if (depth > MAX_DEPTH) return void reject('unknownShape', `nested deeper than ${MAX_DEPTH}`)
  if (!Array.isArray(value) && !isFields(value)) return void reject('unknownShape', 'holds no event')

  const inner = Array.isArray(value) ? items(value) : envelope(value)
  if (inner === undefined) return void out.bodies.push({ ...place, value: value as Fields })
  if (inner.length === 0) reject('unknownShape', 'an empty list, no event in it')

  for (const part of inner) {
    const told = { ...place.told, ...part.told }
    const there =
      part.name === 'detail'
        ? { path: pathOf(place), prefix: 'detail.', told }
        : { path: `${pathOf(place)}/${part.name}`, prefix: '', told }
    if (typeof part.value !== 'string') {
      open(part.value, there, depth + 1, out)
      continue
    }
    const json = readJson(part.value)
    if (json.ok) open(json.value, there, depth + 1, out)
    else out.rejected.push({ path: pathOf(there), error: new BadEvent('notJson', json.message) })
  }
}

/** What an envelope holds; undefined when the value is none. */
function envelope(value: Fields): Inner[] | undefined {
  const has = (key: string) => Object.hasOwn(value, key)
  if (has('invokingEvent')) {
    return [{ name: 'invokingEvent', value: value.invokingEvent, told: customRule(value) }]
  }
  if (has('detail') && (isFields(value.detail) || typeof value.detail === 'string')) {
    return [{ name: 'detail', value: value.detail, told: eventBridge(value) }]
  }
  const sns = value.Type === 'Notification' ? value : value.Sns
  if (isFields(sns) && Object.hasOwn(sns, 'Message')) {
    const name = sns === value ? 'Message' : 'Sns/Message'
    return [{ name, value: sns.Message, told: present({ time: text(sns, 'Timestamp') }) }]
  }
  for (const key of ['body', 'Body']) {
    if (has(key)) return [{ name: key, value: value[key] }]
  }
  for (const key of ['Records', 'Messages', 'Findings', 'findings', 'configurationItems']) {
    const inside = value[key]
    if (Array.isArray(inside)) return items(inside).map((item) => ({ ...item, name: `${key}/${item.name}` }))
  }
  return undefined
}

function items(values: unknown[]): Inner[] {
  return values.map((value, index) => ({ name: String(index), value }))
}

function eventBridge(value: Fields): Told {
  return present({
    account: accountAt(value, 'account'),
    region: text(value, 'region'),
    time: text(value, 'time'),
    source: text(value, 'source'),
    detailType: text(value, 'detail-type'),
    id: text(value, 'id'),
    resources: list(value, 'resources').filter((each) => typeof each === 'string'),
  })
}

function customRule(value: Fields): Told {
  return present({
    account: accountAt(value, 'accountId'),
    region: text(value, 'configRuleArn')?.split(':')[3],
    ruleName: text(value, 'configRuleName'),
    ruleParameters: value.ruleParameters,
  })
}

function pathOf(place: { path: string; prefix: string }): string {
  return place.prefix === '' ? place.path : `${place.path}/detail`
}
