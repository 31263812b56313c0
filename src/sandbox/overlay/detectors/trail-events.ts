import { randomUUID } from 'node:crypto'
import { isRead } from '../../../playbook/api.ts'
import type { Control, MadeChange } from '../../control.ts'
import { type Answer, jsonAnswer } from '../../front/answer.ts'
import type { AwsRequest } from '../../front/request.ts'
import type { Answerer } from '../answerer.ts'

/** More are not kept. */
const MOST_KEPT = 500
/** What is written all the time, and is no change of a resource: CloudTrail has no management events of it either. */
const DATA = ['dynamodb', 'sqs', 'sns', 'sts', 'logs']

/** A change that went through is written down, as CloudTrail does: the emulator has no events. */
export function noteChange(
  request: AwsRequest,
  { status }: Answer,
  { changes, assumed, now }: Control,
): void {
  const { service, operation, input, account, region, accessKey, dryRun } = request
  const isCall = /^[A-Z][A-Za-z0-9]+$/.test(operation) && !isRead(operation)
  if (!isCall || dryRun || status >= 400 || DATA.includes(service)) return
  const by = assumed.get(accessKey)?.session ?? `arn:aws:iam::${account}:user/sandbox`
  changes.push({ service, operation, input, account, region, by, at: now() })
  changes.splice(0, changes.length - MOST_KEPT)
}

/** By the name of a resource alone, in one page; there at once, where AWS takes some minutes. */
const lookupEvents: Answerer = ({ input, account, region }, control) => {
  const [{ AttributeKey, AttributeValue } = {}] = (input.LookupAttributes ?? []) as {
    AttributeKey?: string
    AttributeValue?: string
  }[]
  const from = Number(input.StartTime ?? 0) * 1000
  const isMeant = (change: MadeChange) =>
    change.account === account &&
    change.region === region &&
    change.at >= from &&
    AttributeKey === 'ResourceName' &&
    Object.values(change.input).includes(AttributeValue)
  const found = control.changes
    .filter(isMeant)
    .toReversed()
    .slice(0, Number(input.MaxResults ?? 50))
  return jsonAnswer({ Events: found.map(eventOf) })
}

function eventOf({ service, operation, input, account, region, by, at }: MadeChange) {
  const type = /:assumed-role\//.test(by) ? 'AssumedRole' : 'IAMUser'
  const record = {
    eventVersion: '1.10',
    userIdentity: { type, arn: by, accountId: account },
    eventTime: new Date(at).toISOString(),
    eventSource: `${service}.amazonaws.com`,
    eventName: operation,
    awsRegion: region,
    readOnly: false,
    requestParameters: input,
    eventID: randomUUID(),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
  }
  return {
    EventId: record.eventID,
    EventName: operation,
    EventTime: at / 1000,
    Username: by.split('/').at(-1),
    CloudTrailEvent: JSON.stringify(record),
  }
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
export const cloudtrail: Record<string, Answerer> = { LookupEvents: lookupEvents }
