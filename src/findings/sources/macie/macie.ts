import { accountAt, accountOf } from '../../account.ts'
import { missing } from '../../bad-event.ts'
import { at, flag, number, present, required, text } from '../../fields.ts'
import type { Finding, FindingStatus } from '../../finding.ts'
import { type Fields, isFields } from '../../json-object.ts'
import { partitionOf, regionOf } from '../../region.ts'
import { resourceNamed } from '../../resource-names.ts'
import { version } from '../../version.ts'
import type { Told } from '../../wrapping.ts'
import { observed } from '../observed.ts'
import { within } from '../resources-told.ts'
import type { SourceReader } from '../source.ts'
import { severitySaid } from '../words.ts'
import { isClassicAlert, macieClassic } from './macie-classic.ts'

/**
 * Amazon Macie: policy and sensitive data findings, as EventBridge detail and as GetFindings answers them; alerts of
 * Macie Classic. Macie user guide, "EventBridge event schema for findings".
 */
export const macie: SourceReader = {
  recognises: (body, told) =>
    told.source === 'aws.macie' || isFields(at(body, 'resourcesAffected')) || isClassicAlert(body),
  read: (body, told) => (isClassicAlert(body) ? macieClassic(body, told) : finding(body, told)),
}

function finding(body: Fields, told: Told): Finding {
  const type = required('type', text(body, 'type'))
  const account = accountOf('accountId', accountAt(body, 'accountId'))
  const region = regionOf('region', text(body, 'region'), told.region)
  const observedAt = observed(body, told, 'updatedAt', 'createdAt')
  const bucket = required(
    'resourcesAffected.s3Bucket.name',
    text(body, 'resourcesAffected.s3Bucket.name'),
    text(body, 'resourcesAffected.s3Bucket.arn')?.split(':::')[1],
  )
  const key = text(body, 'resourcesAffected.s3Object.key')
  const named = resourceNamed('AWS::S3::Bucket', text(body, 'resourcesAffected.s3Bucket.arn') ?? bucket)
  return {
    id: required('id', text(body, 'id')),
    version: version(observedAt, number(body, 'count')),
    source: 'macie',
    type,
    title: text(body, 'title') ?? type,
    severity: severitySaid(body, 'severity.description'),
    status: status(body),
    account,
    region,
    partition: partitionOf(region, named?.arn),
    resources: [within(account, named ?? { type: 'AWS::S3::Bucket', id: bucket })],
    observedAt,
    evidence: present({
      objects: key === undefined ? [] : [`${bucket}/${key}`],
      principal: text(body, 'policyDetails.actor.userIdentity.iamUser.userName'),
    }),
  }
}

/** @throws BadEvent where a finding does not say whether it is archived or a sample: Macie's always do */
function status(body: Fields): FindingStatus {
  if (isSaid(body, 'sample')) return 'sample'
  return isSaid(body, 'archived') ? 'archived' : 'active'
}

function isSaid(body: Fields, path: string): boolean {
  const said = flag(body, path)
  if (said === undefined) throw missing(path, `${path} is missing or neither true nor false`)
  return said
}
