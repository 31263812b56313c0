import { accountAt, accountOf } from '../account.ts'
import { BadEvent, missing } from '../bad-event.ts'
import { at, flag, number, present, required, text } from '../fields.ts'
import type { Evidence, Finding, FindingStatus, Severity } from '../finding.ts'
import { type Fields, isFields } from '../json-object.ts'
import { partitionOf, regionOf } from '../region.ts'
import { version } from '../version.ts'
import type { Told } from '../wrapping.ts'
import { endpoints, isSequence, sequenceId, sequenceParts } from './guardduty/attack-sequence.ts'
import { localPorts, remotes } from './guardduty/guardduty-action.ts'
import { images, objects, resources, securityGroups } from './guardduty/guardduty-resource.ts'
import { isMalwareScan, malwareScan } from './guardduty/malware-scan.ts'
import { isSample } from './guardduty/sample-marks.ts'
import { guardDutyType } from './guardduty-type.ts'
import { observed } from './observed.ts'
import { resourcesOr, within } from './resources-told.ts'
import type { SourceReader } from './source.ts'
import { isFrom, notice } from './told-notice.ts'

/**
 * Amazon GuardDuty: the EventBridge "GuardDuty Finding", its bare detail, and findings as GetFindings answers them
 * (the same with capitalised names); results of malware scans; all else that it sends (coverage of runtime monitoring,
 * state of malware protection) is told for information. GuardDuty user guide, "Finding details".
 */
export const guardDuty: SourceReader = {
  recognises(body, told) {
    if (told.detailType === 'GuardDuty Finding' || isFrom(told, 'aws.guardduty')) return true
    if (isFields(at(body, 'scanResultDetails')) && isFields(at(body, 's3ObjectDetails'))) return true
    if (!isFields(at(body, 'service'))) return false
    return (
      text(body, 'service.serviceName') === 'guardduty' ||
      text(body, 'service.detectorId') !== undefined ||
      text(body, 'arn')?.split(':')[2] === 'guardduty' ||
      told.source === 'aws.guardduty'
    )
  },
  read(body, told) {
    if (isMalwareScan(told) || isFields(at(body, 'scanResultDetails'))) return malwareScan(body, told)
    const isFinding = told.detailType === 'GuardDuty Finding' || isFields(at(body, 'service'))
    if (!isFinding) return notice('guardduty', required('detail-type', told.detailType), body, told)
    return isSequence(body) ? sequence(body, told) : finding(body, told)
  },
}

function finding(body: Fields, told: Told): Finding {
  const id = required('id', text(body, 'id'))
  const type = guardDutyType(required('type', text(body, 'type')))
  // The envelope names the administrator's account on the copy that it gets; only the finding knows the member's.
  const account = accountOf('accountId', accountAt(body, 'accountId'))
  const region = regionOf('region', text(body, 'region'), told.region)
  const observedAt = observed(body, told, 'updatedAt', 'service.eventLastSeen', 'createdAt')
  return {
    id,
    version: version(observedAt, number(body, 'service.count')),
    source: 'guardduty',
    type,
    title: text(body, 'title') ?? type,
    severity: severity(body),
    status: status(body),
    account,
    region,
    partition: partitionOf(region, text(body, 'arn')),
    resources: resourcesOr(
      account,
      resources(body, account).map((each) => within(account, each)),
    ),
    observedAt,
    evidence: evidence(body),
    ...(told.account !== undefined && told.account !== account && { origin: { account: told.account } }),
  }
}

/**
 * One finding for each account and region that an attack sequence reaches into, all of one group; only when it stays
 * in one place is its id GuardDuty's own.
 */
function sequence(body: Fields, told: Told): Finding[] {
  const whole = finding(body, told)
  const parts = sequenceParts(body, whole)
  const group = sequenceId(body)
  return parts.map((part) => ({
    ...whole,
    id: parts.length === 1 ? whole.id : `${whole.id}/${part.account}/${part.region}`,
    account: part.account,
    region: part.region,
    resources: part.resources,
    evidence: {
      ...whole.evidence,
      ...present({
        remotes: [...(whole.evidence.remotes ?? []), ...endpoints(body)],
        objects: [...(whole.evidence.objects ?? []), ...part.objects],
        group,
      }),
    },
  }))
}

function evidence(body: Fields): Evidence {
  const resource = at(body, 'resource')
  const accessKey = at(resource, 'accessKeyDetails')
  const own = text(body, 'service.action.networkConnectionAction.localNetworkInterface')
  return present({
    role: role(body),
    remotes: remotes(body),
    ports: localPorts(body),
    groups: securityGroups(resource, own),
    principal: text(accessKey, 'userName') ?? text(accessKey, 'principalId'),
    accessKeyId: text(accessKey, 'accessKeyId'),
    userType: text(accessKey, 'userType'),
    images: images(resource),
    objects: objects(resource),
  })
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

/** @throws BadEvent where it is not said whether it is archived: whoever took the field out took the archive with it */
function status(body: Fields): FindingStatus {
  if (isSample(body)) return 'sample'
  const archived = flag(body, 'service.archived')
  if (archived === undefined)
    throw missing('service.archived', 'service.archived is missing or neither true nor false')
  return archived ? 'archived' : 'active'
}
