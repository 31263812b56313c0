import { accountOf } from '../../account.ts'
import { arnOf } from '../../arn.ts'
import { at, number, present, required, text } from '../../fields.ts'
import type { Finding, FindingStatus } from '../../finding.ts'
import { type Fields, isFields } from '../../json-object.ts'
import { partitionOf, regionOf } from '../../region.ts'
import { version } from '../../version.ts'
import type { Told } from '../../wrapping.ts'
import { observed } from '../observed.ts'
import { resourcesOr } from '../resources-told.ts'
import { severityOfNumber, statusSaid } from '../words.ts'

const STATUS = new Map<string, FindingStatus>([
  ['ALERT_CREATED', 'active'],
  ['ALERT_UPDATED', 'active'],
])

export const isClassicAlert = (body: Fields): boolean => text(body, 'alert-arn') !== undefined

/**
 * "Macie Alert" of Macie Classic, which AWS ended in 2021: replayed archives still hold them. Buckets and objects are
 * keys of its summary, with how often each was seen.
 */
export function macieClassic(body: Fields, told: Told): Finding {
  const alert = required('alert-arn', text(body, 'alert-arn'))
  const account = accountOf('alert-arn', arnOf(alert)?.account)
  const region = regionOf('alert-arn', arnOf(alert)?.region)
  const observedAt = observed({ time: told.time, ...body }, told, 'time', 'created-at')
  const objects = keysOf(body, 'summary.Object')
  const buckets = [...keysOf(body, 'summary.Bucket'), ...objects.map((each) => each.split('/')[0]!)]
  const name = required('name', text(body, 'name'))
  return {
    id: alert,
    version: version(observedAt),
    source: 'macie',
    type: `MacieAlert:${text(body, 'trigger.alert-type') ?? 'basic'}/${name}`,
    title: name,
    // From 1 to 100.
    severity: severityOfNumber(number(body, 'risk-score') ?? 0),
    status: statusSaid(body, 'notification-type', STATUS),
    account,
    region,
    partition: partitionOf(region, alert),
    resources: resourcesOr(
      account,
      buckets.map((id) => ({ type: 'AWS::S3::Bucket', id })),
    ),
    observedAt,
    evidence: present({ objects, principal: text(body, 'actor') }),
  }
}

function keysOf(body: Fields, path: string): string[] {
  const counted = at(body, path)
  return isFields(counted) ? Object.keys(counted).filter((each) => each !== '') : []
}
