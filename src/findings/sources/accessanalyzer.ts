import { accountAt, accountOf } from '../account.ts'
import { arnOf } from '../arn.ts'
import { BadEvent, missing } from '../bad-event.ts'
import { at, flag, mayBeSet, present, required, text } from '../fields.ts'
import type { Finding, FindingStatus, Severity } from '../finding.ts'
import { type Fields, isFields } from '../json-object.ts'
import { partitionOf, regionOf } from '../region.ts'
import { resourceNamed } from '../resource-names.ts'
import { version } from '../version.ts'
import type { Told } from '../wrapping.ts'
import { observed } from './observed.ts'
import { resourcesTold } from './resources-told.ts'
import type { SourceReader } from './source.ts'
import { isFrom, notice } from './told-notice.ts'
import { statusSaid } from './words.ts'

/**
 * IAM Access Analyzer: findings of external, internal and unused access, as EventBridge detail and as ListFindings
 * answers them. A changed preview is told for information. IAM user guide, "Monitoring with EventBridge".
 */
export const accessAnalyzer: SourceReader = {
  recognises: (body, told) =>
    isFrom(told, 'aws.access-analyzer') ||
    text(body, 'accessPreviewId') !== undefined ||
    (text(body, 'analyzedAt') !== undefined && text(body, 'resourceType') !== undefined),
  read: (body, told) =>
    text(body, 'accessPreviewId') === undefined ? finding(body, told) : preview(body, told),
}

const STATUS = new Map<string, FindingStatus>([
  ['ACTIVE', 'active'],
  ['ARCHIVED', 'archived'],
  ['RESOLVED', 'resolved'],
])

function finding(body: Fields, told: Told): Finding {
  const resource = required('resource', text(body, 'resource'))
  const resourceType = required('resourceType', text(body, 'resourceType'))
  const account = ownerOf(body, resource)
  const region = regionOf('region', text(body, 'region'), told.region, arnOf(resource)?.region)
  const observedAt = observed(body, told, 'updatedAt', 'analyzedAt', 'createdAt')
  const kind = kindOf(body, told)
  const type = kind.startsWith('Unused') ? kind : `${kind}:${resourceType}`
  const named = resourceNamed(resourceType, resource)
  const analyzer = told.resources?.find((each) => /^arn:[\w-]+:access-analyzer:[^/]+:analyzer\//.test(each))
  if (named === undefined) throw missing('resource')
  return {
    id: required('id', text(body, 'id'), text(body, 'findingId')),
    version: version(observedAt),
    source: 'accessanalyzer',
    ...(analyzer !== undefined && { origin: { analyzer } }),
    type,
    title: `${kind} of ${resource}`,
    severity: severity(body, kind),
    status: status(body, kind),
    account,
    region,
    partition: partitionOf(region, resource),
    resources: [named],
    observedAt,
    evidence: present({
      principal: principal(body),
      userType: text(body, 'principalType'),
      isPublic: isPublic(body) ? (true as const) : undefined,
    }),
  }
}

/** A delegated administrator's analyzer finds in members: the finding names the owner, and its ARN must agree. */
function ownerOf(body: Fields, resource: string): string {
  const account = accountOf(
    'accountId',
    accountAt(body, 'accountId'),
    accountAt(body, 'resourceOwnerAccount'),
  )
  const named = arnOf(resource)?.account
  if (named !== undefined && named !== account) {
    throw new BadEvent(
      'unknownShape',
      `resource is of account ${named}, accountId says ${account}`,
      'resource',
    )
  }
  return account
}

/** `ExternalAccess`, `InternalAccess`, `UnusedIAMRole` …: events of external access do not say it. */
function kindOf(body: Fields, told: Told): string {
  const said = text(body, 'findingType')
  if (said !== undefined) return said
  const detailType = told.detailType ?? 'Access Analyzer Finding'
  if (detailType === 'Access Analyzer Finding') return 'ExternalAccess'
  if (detailType === 'Internal Access Finding') return 'InternalAccess'
  throw missing('findingType')
}

function status(body: Fields, kind: string): FindingStatus {
  const said = statusSaid(body, 'status', STATUS)
  if (said !== 'active') return said
  if (mayBeSet(at(body, 'isDeleted'))) return 'resolved'
  // It could not be analysed; whether anybody has access is not known.
  if (at(body, 'error') !== undefined) return 'notice'
  if (!kind.startsWith('Unused') && at(body, 'principal') === undefined && !isPublic(body)) {
    throw missing('principal', 'principal is missing: who has access is not said')
  }
  return said
}

const isPublic = (body: Fields): boolean => flag(body, 'isPublic') === true

/** Access Analyzer rates nothing: public is worse than shared, and what nobody uses is open to nobody new. */
function severity(body: Fields, kind: string): Severity {
  if (kind.startsWith('Unused')) return 'LOW'
  return isPublic(body) ? 'HIGH' : 'MEDIUM'
}

/** `{ AWS: "999988887777" }`, `{ Federated: … }`, or `*`. */
function principal(body: Fields): string | undefined {
  const said = at(body, 'principal')
  const [first] = isFields(said) ? Object.values(said) : [said]
  return typeof first === 'string' && first !== '' ? first : undefined
}

function preview(body: Fields, told: Told): Finding {
  const configured = at(body, 'configuredResources')
  const account = accountOf('account', told.account)
  return notice('accessanalyzer', 'Access Preview State Change', body, told, {
    id: required('accessPreviewId', text(body, 'accessPreviewId')),
    times: ['createdAt'],
    resources: resourcesTold(
      account,
      Array.isArray(configured) ? configured.filter((each) => typeof each === 'string') : [],
    ),
  })
}
