import type { Told } from '../envelopes.ts'
import { at, text } from '../fields.ts'
import { type Fields, isFields } from '../json-object.ts'

/** Names of the detectors whose events are recognised but not yet read. */
type Unread =
  | 'securityhub'
  | 'inspector'
  | 'trustedadvisor'
  | 'cloudtrail'
  | 'accessanalyzer'
  | 'macie'
  | 'health'
  | 'scheduler'
  | 'guardduty'

const BY_EVENT_SOURCE = new Map<string, Unread>([
  ['aws.securityhub', 'securityhub'],
  ['aws.inspector2', 'inspector'],
  ['aws.inspector', 'inspector'],
  ['aws.trustedadvisor', 'trustedadvisor'],
  ['aws.access-analyzer', 'accessanalyzer'],
  ['aws.macie', 'macie'],
  ['aws.health', 'health'],
  ['aws.scheduler', 'scheduler'],
  // GuardDuty's findings have a reader; what else it sends (malware scan results) has none.
  ['aws.guardduty', 'guardduty'],
])

/** Shapes without an envelope, each by the fields that no other source has. */
const BY_SHAPE: [source: Unread, looksLike: (body: Fields) => boolean][] = [
  // Security Hub: ASFF, and OCSF as its second version writes it.
  [
    'securityhub',
    (body) => has(body, 'productArn') && (has(body, 'generatorId') || has(body, 'schemaVersion')),
  ],
  ['securityhub', (body) => has(body, 'class_uid') && (has(body, 'finding_info') || has(body, 'metadata'))],
  ['inspector', (body) => has(body, 'findingArn')],
  // Inspector classic speaks over SNS only.
  ['inspector', (body) => has(body, 'event') && has(body, 'template') && has(body, 'target')],
  ['trustedadvisor', (body) => has(body, 'check-name')],
  ['accessanalyzer', (body) => has(body, 'analyzedAt') || has(body, 'accessPreviewId')],
  ['macie', (body) => isFields(at(body, 'resourcesAffected')) || has(body, 'alert-arn')],
  ['health', (body) => has(body, 'eventTypeCode') && has(body, 'eventArn')],
]

/** Whether a body is a CloudTrail record: its `source` is that of the service called, which may be a detector. */
export function isCloudTrail(body: Fields, told: Told): boolean {
  return (
    (told.detailType?.endsWith('via CloudTrail') ?? false) ||
    (has(body, 'eventName') && has(body, 'eventSource'))
  )
}

/** The detector that a body comes from, of those without a reader; undefined when it is none that we know. */
export function knownSource(body: Fields, told: Told): Unread | undefined {
  if (isCloudTrail(body, told)) return 'cloudtrail'
  if (told.detailType?.startsWith('AWS Health ')) return 'health'
  if (told.source === 'aws.events' && told.detailType === 'Scheduled Event') return 'scheduler'
  return BY_EVENT_SOURCE.get(told.source ?? '') ?? BY_SHAPE.find(([, looksLike]) => looksLike(body))?.[0]
}

const has = (body: Fields, field: string): boolean =>
  text(body, field) !== undefined || isFields(at(body, field))
