import { accountAt, accountOf } from '../account.ts'
import { BadEvent, missing } from '../bad-event.ts'
import { at, present, required, text } from '../fields.ts'
import type { Finding, FindingStatus } from '../finding.ts'
import { type Fields, isFields } from '../json-object.ts'
import { partitionOf, regionOf } from '../region.ts'
import { version } from '../version.ts'
import type { Told } from '../wrapping.ts'
import { ruleByName } from './config-rules.ts'
import { observed } from './observed.ts'
import { parameterTexts } from './rule-parameters.ts'
import type { SourceReader } from './source.ts'
import { statusSaid } from './words.ts'

/**
 * AWS Config: compliance changes and configuration item changes (whole, or the summary of an oversized one), as
 * EventBridge detail, as notification in SNS, as a custom rule gets them, and bare items of its API.
 * Config developer guide, "Notifications that AWS Config Sends to an Amazon SNS topic".
 */
export const config: SourceReader = {
  recognises: (body, told) => kindOf(body, told) !== undefined,
  read(body, told) {
    const kind = kindOf(body, told)
    if (kind === 'compliance') return complianceChange(body, told)
    if (kind === 'item') return itemChange(body, told)
    const said = text(body, 'messageType') ?? told.detailType ?? 'this event'
    throw new BadEvent('unknownShape', `${said} of AWS Config says nothing about one resource; not a finding`)
  },
}

/** The items that hold the resource: whole, or the summary of one too large to send. */
const ITEM_FIELDS = ['configurationItem', 'configurationItemSummary']
const NOT_FINDINGS =
  /^(ConfigurationSnapshotDelivery\w*|ConfigurationHistoryDeliveryCompleted|ConfigRulesEvaluationStarted|ScheduledNotification)$/

function kindOf(body: Fields, told: Told): 'compliance' | 'item' | 'other' | undefined {
  const messageType = text(body, 'messageType') ?? ''
  if (messageType === 'ComplianceChangeNotification' || isFields(at(body, 'newEvaluationResult')))
    return 'compliance'
  if (/^(Oversized)?ConfigurationItemChangeNotification$/.test(messageType)) return 'item'
  if (ITEM_FIELDS.some((field) => isFields(at(body, field))) || isBareItem(body)) return 'item'
  if (NOT_FINDINGS.test(messageType)) return 'other'
  if (told.source !== 'aws.config') return undefined
  if (told.detailType === 'Config Rules Compliance Change') return 'compliance'
  return told.detailType === 'Config Configuration Item Change' ? 'item' : 'other'
}

/** As GetResourceConfigHistory and history files give it. */
function isBareItem(body: Fields): boolean {
  return ['configurationItemStatus', 'configurationItemCaptureTime'].some(
    (field) => at(body, field) !== undefined,
  )
}

/** Developer guide, ComplianceType; DELETED appears in events only. */
const COMPLIANCE_STATUS = new Map<string, FindingStatus>([
  ['NON_COMPLIANT', 'active'],
  ['COMPLIANT', 'resolved'],
  ['NOT_APPLICABLE', 'resolved'],
  ['INSUFFICIENT_DATA', 'resolved'],
  ['DELETED', 'resolved'],
])

function complianceChange(body: Fields, told: Told): Finding {
  const qualifier = at(body, 'newEvaluationResult.evaluationResultIdentifier.evaluationResultQualifier')
  const either = (name: string) => required(name, text(body, name), text(qualifier, name))
  const ruleName = either('configRuleName')
  const resourceType = either('resourceType')
  const resourceId = either('resourceId')
  const compliance = required(
    'newEvaluationResult.complianceType',
    text(body, 'newEvaluationResult.complianceType'),
  )
  const account = accountOf('awsAccountId', accountAt(body, 'awsAccountId'), told.account)
  const region = regionOf('awsRegion', text(body, 'awsRegion'), told.region)
  const observedAt = observed(
    body,
    told,
    'newEvaluationResult.resultRecordedTime',
    'newEvaluationResult.evaluationResultIdentifier.orderingTimestamp',
    'newEvaluationResult.configRuleInvokedTime',
    'notificationCreationTime',
  )
  const byName = ruleByName(ruleName)
  const parameters =
    at(body, 'ruleParameters') ?? at(body, 'configRuleInputParameters') ?? at(body, 'inputParameters')
  return {
    id: [account, region, ruleName, resourceType, resourceId].join('/'),
    version: version(observedAt),
    source: 'config',
    type: byName?.identifier ?? ruleName,
    title: `${resourceType} ${resourceId} is ${compliance} with ${ruleName}`,
    // Config rules have no severity.
    severity: 'MEDIUM',
    status: inScope(statusSaid(body, 'newEvaluationResult.complianceType', COMPLIANCE_STATUS), told),
    account,
    region,
    partition: partitionOf(region, text(body, 'configRuleARN')),
    resources: [{ type: resourceType, id: resourceId }],
    observedAt,
    evidence: {
      ruleName,
      ...present({
        ports: byName?.ports,
        ruleParameters: parameterTexts(parameters ?? told.ruleParameters),
      }),
    },
  }
}

const ITEM_STATUS = new Map<string, FindingStatus>([
  ['OK', 'active'],
  ['ResourceDiscovered', 'active'],
  ['ResourceNotRecorded', 'resolved'],
  ['ResourceDeleted', 'resolved'],
  ['ResourceDeletedNotRecorded', 'resolved'],
])

/**
 * What left the scope of a custom rule is not applicable to it, whatever it is like (developer guide, "Example Events for
 * AWS Config Rules").
 */
const inScope = (status: FindingStatus, { leftScope }: Told): FindingStatus =>
  leftScope ? 'resolved' : status

/** Region and account of an ARN, or of what is meant to be one. */
const PLACE = /^(?:[^:]*:){3}([^:]*)(?::([^:]*))?/

function itemChange(body: Fields, told: Told): Finding {
  const field = ITEM_FIELDS.find((each) => isFields(at(body, each)))
  if (field === undefined && !isBareItem(body)) throw missing('configurationItem')
  const item = field === undefined ? body : at(body, field)
  const inBody = (name: string) => (field === undefined ? name : `${field}.${name}`)
  const resourceType = required(inBody('resourceType'), text(item, 'resourceType'))
  const resourceId = required(inBody('resourceId'), text(item, 'resourceId'))
  const status = required(inBody('configurationItemStatus'), text(item, 'configurationItemStatus'))
  const arn = text(item, 'ARN') ?? text(item, 'arn')
  const [, arnRegion, arnAccount] = PLACE.exec(arn ?? '') ?? []
  const account = accountOf(
    inBody('awsAccountId'),
    accountAt(item, 'awsAccountId'),
    accountAt(item, 'accountId'),
    arnAccount || undefined,
    told.account,
  )
  const region = regionOf(inBody('awsRegion'), text(item, 'awsRegion'), arnRegion || undefined, told.region)
  const observedAt = observed(body, told, inBody('configurationItemCaptureTime'), 'notificationCreationTime')
  return {
    id: [account, region, 'item', resourceType, resourceId].join('/'),
    version: version(observedAt),
    source: 'config',
    type: `item:${resourceType}`,
    title: `${resourceType} ${resourceId} changed (${status})`,
    severity: 'MEDIUM',
    status: inScope(statusSaid(body, inBody('configurationItemStatus'), ITEM_STATUS), told),
    account,
    region,
    partition: partitionOf(region, arn),
    resources: [
      { type: resourceType, id: resourceId, ...present({ arn: trusted(arn, resourceType, resourceId) }) },
    ],
    observedAt,
    evidence: present({ ruleName: told.ruleName, ruleParameters: parameterTexts(told.ruleParameters) }),
  }
}

/** Old items of EC2 carry an ARN with a name where the id belongs; such an ARN names nothing. */
function trusted(arn: string | undefined, type: string, id: string): string | undefined {
  if (!arn?.startsWith('arn:')) return undefined
  return type.startsWith('AWS::EC2::') && !arn.endsWith(`/${id}`) ? undefined : arn
}
