import { accountOf } from '../account.ts'
import { arnOf } from '../arn.ts'
import { at, list, number, present, required, text } from '../fields.ts'
import type { Evidence, Finding, FindingResource, FindingStatus, Severity } from '../finding.ts'
import type { Fields } from '../json-object.ts'
import { partitionOf, regionOf } from '../region.ts'
import { resourceNamed } from '../resource-names.ts'
import { version } from '../version.ts'
import type { Told } from '../wrapping.ts'
import { observed } from './observed.ts'
import { resourcesOr } from './resources-told.ts'
import type { SourceReader } from './source.ts'
import { statusSaid } from './words.ts'

/**
 * AWS Health: events and reports of abuse. A long event comes in pages, each with entities of its own, so each is a
 * finding of its own. Health user guide, "Amazon EventBridge event schema for AWS Health".
 */
export const health: SourceReader = {
  recognises: (body, told) =>
    told.source === 'aws.health' ||
    /^AWS Health (Abuse )?Event$/.test(told.detailType ?? '') ||
    (text(body, 'eventTypeCode') !== undefined && text(body, 'eventArn') !== undefined),
  read,
}

const STATUS = new Map<string, FindingStatus>([
  ['open', 'active'],
  ['upcoming', 'active'],
  ['closed', 'resolved'],
])

function read(body: Fields, told: Told): Finding {
  const eventArn = required('eventArn', text(body, 'eventArn'))
  const type = required('eventTypeCode', text(body, 'eventTypeCode'))
  const account = accountOf('account', affected(body), told.account)
  const { named, entities, status } = entitiesOf(body)
  const region = regionOfEvent(body, eventArn, named, told)
  const observedAt = observed(body, told, 'lastUpdatedTime', 'startTime')
  const isKey = isAboutKeys(body, type)
  return {
    id: [eventArn, text(body, 'communicationId'), pageOf(body)]
      .filter((each) => each !== undefined)
      .join('/'),
    version: version(observedAt),
    source: 'health',
    type,
    title: text(list(body, 'eventDescription')[0], 'latestDescription') ?? type,
    severity: severity(body),
    status,
    account,
    region,
    partition: partitionOf(region, eventArn),
    resources: resourcesOr(
      account,
      entities.map((each) => entityOf(each, isKey)),
    ),
    observedAt,
    evidence: isKey ? keyOf(body, entities) : {},
  }
}

/** What AWS Health calls an entity that nothing is wrong with any more. API reference, AffectedEntity. */
const OVER = /^(RESOLVED|UNIMPAIRED)$/i

/**
 * The entities that an event names, those of them that it is about still, and its state: it is over as well where it is
 * for each of them. Then all stand for what it was about.
 */
function entitiesOf(body: Fields) {
  const listed = list(body, 'affectedEntities').flatMap((each) => {
    const id = text(each, 'entityValue')
    const isOver = ['status', 'statusCode'].some((name) => OVER.test(text(each, name) ?? ''))
    return id === undefined ? [] : [{ id, isOver }]
  })
  const left = listed.filter(({ isOver }) => !isOver)
  // Until 2023 an event did not say it, and was sent because it had begun.
  const said = at(body, 'statusCode') === undefined ? 'active' : statusSaid(body, 'statusCode', STATUS)
  const isOver = listed.length > 0 && left.length === 0
  return {
    named: listed.map(({ id }) => id),
    entities: (isOver ? listed : left).map(({ id }) => id),
    status: isOver ? ('resolved' as const) : said,
  }
}

/** On an organization's event, whose it is; some events have a key there. */
function affected(body: Fields): string | undefined {
  const said = text(body, 'affectedAccount')
  return said !== undefined && /^\d{12}$/.test(said) ? said : undefined
}

/** Health sends an event to a second region as well, so that of the envelope comes last; an abuse is `global`. */
function regionOfEvent(body: Fields, eventArn: string, entities: string[], told: Told): string {
  const ofArn = eventArn.split(':')[3]
  return regionOf(
    'eventRegion',
    ...[text(body, 'eventRegion'), ofArn, arnOf(entities[0])?.region].filter((each) => each !== 'global'),
    told.region,
  )
}

function pageOf(body: Fields): string | undefined {
  return (number(body, 'totalPages') ?? 1) > 1 ? `page ${number(body, 'page') ?? 1}` : undefined
}

/** `AWS_RISK_CREDENTIALS_EXPOSED`, `AWS_RISK_CREDENTIALS_COMPROMISED`: entities are ids of access keys. */
const isAboutKeys = (body: Fields, type: string): boolean =>
  text(body, 'service') === 'RISK' && /CREDENTIALS|IAM_QUARANTINE/.test(type)

function entityOf(entity: string, isKey: boolean): FindingResource | undefined {
  if (isKey && arnOf(entity) === undefined) return { type: 'AWS::IAM::AccessKey', id: entity }
  const named = resourceNamed(undefined, entity)
  return named?.type === 'Other' ? undefined : named
}

function keyOf(body: Fields, entities: string[]): Evidence {
  const user = text(body, 'eventMetadata.userName')
  return present({
    principal: user,
    userType: user === undefined ? undefined : user === '<root_account>' ? 'Root' : 'IAMUser',
    accessKeyId: text(body, 'eventMetadata.publicKey') ?? entities[0],
  })
}

/** Health rates nothing: what it says of risk and abuse is urgent, what it announces is not. */
function severity(body: Fields): Severity {
  if (['RISK', 'ABUSE'].includes(text(body, 'service') ?? '')) return 'HIGH'
  const category = text(body, 'eventTypeCategory')
  if (category === 'issue' || category === 'investigation') return 'MEDIUM'
  return category === 'scheduledChange' ? 'LOW' : 'INFORMATIONAL'
}
