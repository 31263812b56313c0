import { accountOf } from '../account.ts'
import { BadEvent, missing } from '../bad-event.ts'
import { isoTime } from '../dates.ts'
import type { Told } from '../envelopes.ts'
import { at, isTrue, number, present, required, text } from '../fields.ts'
import type { Finding, FindingResource, FindingStatus, Severity } from '../finding.ts'
import { type Fields, isFields } from '../json-object.ts'
import { partitionOf, regionOf } from '../region.ts'
import { version } from '../version.ts'
import { localPorts, remotes } from './guardduty-action.ts'
import { resources, securityGroups } from './guardduty-resource.ts'
import { guardDutyType } from './guardduty-type.ts'
import type { SourceReader } from './source.ts'

/**
 * Amazon GuardDuty: the EventBridge "GuardDuty Finding", its bare detail, and findings as GetFindings answers them
 * (the same with capitalised names). GuardDuty user guide, "Finding details".
 */
export const guardDuty: SourceReader = {
  recognises(body, told) {
    if (told.detailType === 'GuardDuty Finding') return true
    if (told.source === 'aws.guardduty' && told.detailType !== undefined) return false
    if (!isFields(at(body, 'service'))) return false
    return (
      text(body, 'service.serviceName') === 'guardduty' ||
      text(body, 'service.detectorId') !== undefined ||
      text(body, 'arn')?.split(':')[2] === 'guardduty' ||
      told.source === 'aws.guardduty'
    )
  },
  read,
}

function read(body: Fields, told: Told): Finding {
  const id = required('id', text(body, 'id'))
  const type = guardDutyType(required('type', text(body, 'type')))
  // The envelope names the administrator's account on the copy that it gets; only the finding knows the member's.
  const account = accountOf('accountId', text(body, 'accountId'))
  const region = regionOf('region', text(body, 'region'), told.region)
  const observedAt = updatedAt(body, told)
  const found = resources(body)
  return {
    id,
    version: version(observedAt, number(body, 'service.count')),
    source: 'guardduty',
    type,
    title: text(body, 'title') ?? type,
    severity: severity(body),
    status: status(body, found),
    account,
    region,
    partition: partitionOf(region, text(body, 'arn')),
    // An attack sequence names signals, no resource of its own.
    resources: found.length > 0 ? found : [{ type: 'AWS::::Account', id: account }],
    observedAt,
    evidence: present({
      role: role(body),
      remotes: remotes(body),
      ports: localPorts(body),
      groups: securityGroups(body),
      principal:
        text(body, 'resource.accessKeyDetails.userName') ??
        text(body, 'resource.accessKeyDetails.principalId'),
      accessKeyId: text(body, 'resource.accessKeyDetails.accessKeyId'),
    }),
  }
}

function updatedAt(body: Fields, told: Told): string {
  const times = [
    ...['updatedAt', 'service.eventLastSeen', 'createdAt'].map((path) => at(body, path)),
    told.time,
  ]
  const time = times.map(isoTime).find((each) => each !== undefined)
  if (time === undefined)
    throw missing('updatedAt', 'updatedAt is missing or not a date, and no other time is known')
  return time
}

/** User guide, "Severity levels": low from 1, medium from 4, high from 7, critical from 9. */
function severity(body: Fields): Severity {
  const value = number(body, 'severity')
  if (value === undefined) throw missing('severity', 'severity is missing or not a number')
  if (value >= 9) return 'CRITICAL'
  if (value >= 7) return 'HIGH'
  return value >= 4 ? 'MEDIUM' : 'LOW'
}

function role(body: Fields): 'TARGET' | 'ACTOR' | undefined {
  const said = text(body, 'service.resourceRole')
  if (said === undefined || said === 'TARGET' || said === 'ACTOR') return said
  throw new BadEvent(
    'unknownShape',
    `service.resourceRole "${said}" is not a known value`,
    'service.resourceRole',
  )
}

function status(body: Fields, found: FindingResource[]): FindingStatus {
  if (isSample(body, found)) return 'sample'
  return isTrue(body, 'service.archived') ? 'archived' : 'active'
}

/**
 * Events carry a flag, API answers hide it in JSON text, newer titles say it, and old samples show it by nothing but
 * their invented resources (user guide, "Sample findings").
 */
function isSample(body: Fields, found: FindingResource[]): boolean {
  return (
    isTrue(body, 'service.additionalInfo.sample') ||
    /"sample"\s*:\s*"?true/.test(text(body, 'service.additionalInfo.value') ?? '') ||
    (text(body, 'title')?.startsWith('[SAMPLE]') ?? false) ||
    found.some(({ id }) => id === 'i-99999999' || id.startsWith('GeneratedFinding'))
  )
}
