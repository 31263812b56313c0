import { accountAt, accountOf } from '../../account.ts'
import { at, present, required, text } from '../../fields.ts'
import type { Evidence, Finding } from '../../finding.ts'
import { type Fields, isFields } from '../../json-object.ts'
import { partitionOf, regionOf } from '../../region.ts'
import { version } from '../../version.ts'
import type { Told } from '../../wrapping.ts'
import { observed } from '../observed.ts'
import type { SourceReader } from '../source.ts'
import { isOfCloudTrail } from '../told-notice.ts'
import { calledResources } from './called-resources.ts'
import { outcome } from './outcome.ts'

/**
 * AWS CloudTrail: API calls, sign-ins to the console and events of services, as EventBridge detail and as a record of
 * a log file. Its type is the service called and the name of the event. Account and region are those that the record
 * was delivered to, which own what was called. CloudTrail user guide, "CloudTrail record contents".
 */
export const cloudTrail: SourceReader = {
  recognises(body, told) {
    if (isOfCloudTrail(told)) return true
    const eventSource = text(body, 'eventSource')
    // Records of Kinesis, DynamoDB streams and notifications of S3 have fields of the same names.
    if (eventSource === undefined || eventSource.startsWith('aws:')) return false
    return text(body, 'eventName') !== undefined && isFields(at(body, 'userIdentity'))
  },
  read,
}

function read(body: Fields, told: Told): Finding {
  const id = required('eventID', text(body, 'eventID'), told.id, text(body, 'requestID'))
  const service = required('eventSource', text(body, 'eventSource')).replace(/\.amazonaws\.com(\.cn)?$/, '')
  const eventName = required('eventName', text(body, 'eventName'))
  const account = accountOf('recipientAccountId', accountAt(body, 'recipientAccountId'), told.account)
  const region = regionOf('awsRegion', text(body, 'awsRegion') ?? told.region)
  const observedAt = observed(body, told, 'eventTime')
  const type = `${service}:${eventName}`
  const caller = principal(body)
  return {
    id,
    version: version(observedAt),
    source: 'cloudtrail',
    type,
    title: `${type} by ${caller ?? 'an unknown caller'}`,
    // A call has no severity.
    severity: 'MEDIUM',
    status: outcome(body),
    account,
    region,
    partition: partitionOf(region, text(body, 'userIdentity.arn')),
    resources: calledResources(body, service, account),
    observedAt,
    evidence: evidence(body, caller),
  }
}

function principal(body: Fields): string | undefined {
  return (
    text(body, 'userIdentity.userName') ??
    text(body, 'userIdentity.sessionContext.sessionIssuer.userName') ??
    text(body, 'userIdentity.arn') ??
    text(body, 'userIdentity.principalId')
  )
}

/** What called from within AWS has the name of the service for an address. */
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-f:.]*:[0-9a-f:.]*$/i

function evidence(body: Fields, caller: string | undefined): Evidence {
  const address = text(body, 'sourceIPAddress')
  return present({
    remotes: address !== undefined && ADDRESS.test(address) ? [{ address }] : [],
    principal: caller,
    accessKeyId: text(body, 'userIdentity.accessKeyId'),
    userType: text(body, 'userIdentity.type'),
  })
}
