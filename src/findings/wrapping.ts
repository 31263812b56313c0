import { accountAt } from './account.ts'
import { BadEvent } from './bad-event.ts'
import { at, list, mayBeSet, present, text } from './fields.ts'
import { type Fields, isFields } from './json-object.ts'

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
  /** Config custom rule: the resource is none of the rule's any more. */
  leftScope?: true
}

/** Something in an envelope; its name is its JSON pointer in there. */
export interface Inner {
  name: string
  value: unknown
  told?: Told
}

/** What an envelope holds. */
export interface Inside {
  parts: Inner[]
  /** Whether it is no more than their list. */
  isList: boolean
}

/** How something is wrapped. */
interface Wrapping {
  /** What is wrapped so has one of these fields at least: most bodies have none, and need not be asked ten times. */
  fields: readonly string[]
  /** What one with such a field holds, or undefined where it is none. @throws BadEvent for one that holds no event */
  open(value: Fields): Inner[] | undefined
}

/**
 * What an envelope holds; undefined when the value is none. Each is known by fields that no other has.
 * @throws BadEvent `unknownShape` for one that never holds a finding
 */
export function inside(value: Fields | unknown[]): Inside | undefined {
  if (Array.isArray(value)) return { parts: items(value), isList: true }
  if (!Object.keys(value).some((name) => WRAPPING_FIELDS.has(name))) return undefined
  for (const wrapping of WRAPPINGS) {
    const parts = wrapping.fields.some((field) => has(value, field)) ? wrapping.open(value) : undefined
    if (parts) return { parts, isList: wrapping === batch }
  }
  return undefined
}

const items = (values: unknown[]): Inner[] => values.map((value, index) => ({ name: String(index), value }))

const has = (value: Fields, key: string): boolean => Object.hasOwn(value, key)
const none = (reason: string): BadEvent => new BadEvent('unknownShape', reason)

/**
 * Records of a stream, a queue or a topic as Lambda and Pipes get them. They name their sender as CloudTrail names the
 * service that was called, and some have an `eventName` as well: DynamoDB, S3 and Kinesis are no calls.
 */
const record: Wrapping = {
  fields: ['eventSource', 'EventSource'],
  open(value) {
    const sender = value.eventSource ?? value.EventSource
    if (typeof sender !== 'string' || !sender.startsWith('aws:')) return undefined
    if (sender === 'aws:sqs' && has(value, 'body')) return [{ name: 'body', value: value.body }]
    if (sender === 'aws:sns' && isFields(value.Sns)) return notification.open(value)
    if (sender === 'aws:kinesis') {
      if (isFields(value.kinesis)) return [{ name: 'kinesis/data', value: value.kinesis.data }]
      if (has(value, 'data')) return [{ name: 'data', value: value.data }]
    }
    throw none(`a record of ${sender}, which holds no finding`)
  },
}

/** A custom rule of AWS Config, as its function is called. */
const configRule: Wrapping = {
  fields: ['invokingEvent'],
  open(value) {
    const told = present({
      account: accountAt(value, 'accountId'),
      region: text(value, 'configRuleArn')?.split(':')[3],
      ruleName: text(value, 'configRuleName'),
      ruleParameters: value.ruleParameters,
      leftScope: mayBeSet(at(value, 'eventLeftScope') ?? undefined) ? (true as const) : undefined,
    })
    return [{ name: 'invokingEvent', value: value.invokingEvent, told }]
  },
}

/** Whole, played again from an archive (`replay-name` is in it), or what an input transformer left of it. */
const eventBridge: Wrapping = {
  fields: ['detail'],
  open(value) {
    if (!isFields(value.detail) && typeof value.detail !== 'string') return undefined
    const told = present({
      account: accountAt(value, 'account'),
      region: text(value, 'region'),
      time: text(value, 'time'),
      source: text(value, 'source'),
      detailType: text(value, 'detail-type'),
      id: text(value, 'id'),
      resources: list(value, 'resources').filter((each) => typeof each === 'string'),
    })
    return [{ name: 'detail', value: value.detail, told }]
  },
}

/** As it comes to a queue or an address (`Type`), and to a function (`Sns`). */
const notification: Wrapping = {
  fields: ['Type', 'Sns'],
  open(value) {
    if (value.Type === 'SubscriptionConfirmation' || value.Type === 'UnsubscribeConfirmation')
      throw none(`SNS asks for confirmation (${value.Type}), and tells nothing`)
    const sns = value.Type === 'Notification' ? value : value.Sns
    if (!isFields(sns) || !has(sns, 'Message')) return undefined
    const name = sns === value ? 'Message' : 'Sns/Message'
    return [{ name, value: sns.Message, told: present({ time: text(sns, 'Timestamp') }) }]
  },
}

/** What a function could not do, as Lambda hands it to a destination or to the dead letters. */
const deadLetter: Wrapping = {
  fields: ['requestContext'],
  open(value) {
    if (!isFields(value.requestContext) || !has(value, 'requestPayload')) return undefined
    return [{ name: 'requestPayload', value: value.requestPayload }]
  },
}

/** CloudWatch Logs, as a function gets it and as it lies in a stream. */
const logs: Wrapping = {
  fields: ['awslogs', 'logEvents'],
  open(value) {
    if (isFields(value.awslogs)) return [{ name: 'awslogs/data', value: value.awslogs.data }]
    if (!Array.isArray(value.logEvents)) return undefined
    if (value.messageType === 'CONTROL_MESSAGE')
      throw none('CloudWatch Logs tries whether it can be reached, and tells nothing')
    return value.logEvents.map((each: unknown, index) => ({
      name: `logEvents/${index}/message`,
      value: isFields(each) ? each.message : each,
    }))
  },
}

/** A message of SQS as it is read, also without all that is around the body. */
const message: Wrapping = {
  fields: ['body', 'Body'],
  open(value) {
    const key = message.fields.find((each) => has(value, each))
    return key === undefined ? undefined : [{ name: key, value: value[key] }]
  },
}

/** A record of Firehose as it is transformed or delivered, and one of Kinesis as it is read. */
const streamRecord: Wrapping = {
  fields: ['data', 'Data'],
  open(value) {
    if (typeof value.data === 'string' && (has(value, 'recordId') || Object.keys(value).length === 1))
      return [{ name: 'data', value: value.data }]
    if (typeof value.Data === 'string' && (has(value, 'SequenceNumber') || has(value, 'PartitionKey')))
      return [{ name: 'Data', value: value.Data }]
    return undefined
  },
}

/** What LookupEvents says of a call. */
const lookedUp: Wrapping = {
  fields: ['CloudTrailEvent'],
  open: (value) =>
    typeof value.CloudTrailEvent === 'string' && has(value, 'EventId')
      ? [{ name: 'CloudTrailEvent', value: value.CloudTrailEvent }]
      : undefined,
}

/** Batches, log files and answers. */
const batch: Wrapping = {
  fields: ['Records', 'records', 'Messages', 'Findings', 'findings', 'configurationItems', 'Events'],
  open(value) {
    for (const key of batch.fields) {
      const list = value[key]
      if (Array.isArray(list)) return items(list).map((item) => ({ ...item, name: `${key}/${item.name}` }))
    }
    return undefined
  },
}

const WRAPPINGS = [
  record,
  configRule,
  eventBridge,
  notification,
  deadLetter,
  logs,
  message,
  streamRecord,
  lookedUp,
  batch,
]

/** A value without one of these is wrapped in nothing. */
export const WRAPPING_FIELDS: ReadonlySet<string> = new Set(WRAPPINGS.flatMap(({ fields }) => fields))
