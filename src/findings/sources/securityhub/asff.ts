import { accountAt } from '../../account.ts'
import { at, list, number, present, required, text } from '../../fields.ts'
import type { FindingStatus } from '../../finding.ts'
import { type Fields, isFields } from '../../json-object.ts'
import type { Told } from '../../wrapping.ts'
import { observed } from '../observed.ts'
import { statusSaid } from '../words.ts'
import { controlId } from './control-id.ts'
import { isOwnNote } from './own-note.ts'
import {
  copyIn,
  firstAgainst,
  named,
  PROWLER,
  placed,
  productOf,
  type Report,
  SECURITY_HUB,
  severityOf,
} from './report.ts'
import { isSample } from './sample.ts'

/** AWS Security Finding Format: what Security Hub tells and what scanners write for it. */
export function isAsff(body: Fields): boolean {
  return (
    productOf(text(body, 'productArn')) !== undefined ||
    (text(body, 'generatorId') !== undefined && text(body, 'schemaVersion') === '2018-10-08')
  )
}

/** Security Hub user guide, "AWS Security Finding Format (ASFF)". */
export function readAsff(body: Fields, told: Told): Report {
  const id = required('Id', text(body, 'id'))
  const productArn = required('ProductArn', text(body, 'productArn'))
  const product = required('ProductArn', productOf(productArn))
  const own = at(body, 'productFields')
  const fields = isFields(own) ? own : {}
  const title = required('Title', text(body, 'title'))
  const place = whereabouts(body, productArn)
  const passedOn =
    told.source === 'aws.securityhub' || text(fields, 'aws/securityhub/FindingId') !== undefined
  const seen = observed(body, told, 'UpdatedAt', 'LastObservedAt', 'CreatedAt')
  const severity = at(body, 'severity')
  const said = isSample(body, { own: fields, title, resources: place.resources })
    ? 'sample'
    : status(body, { product, passedOn, observedAt: seen })
  return {
    id,
    product,
    passedOn,
    title,
    types: list(body, 'types').filter((each): each is string => typeof each === 'string'),
    severity: severityOf('Severity.Label', text(severity, 'label'), number(severity, 'normalized')),
    status: (said === 'active' || said === 'resolved') && isOwnNote(body, told, seen) ? 'own' : said,
    ...place,
    origin: {
      form: 'asff',
      id,
      product: productArn,
      ...copyIn(told, place, { account: accountAt(body, 'awsAccountId'), region: text(body, 'region') }),
    },
    observedAt: seen,
    own: fields,
    body,
    ...present({
      generator: text(body, 'generatorId'),
      control: product === SECURITY_HUB ? controlOf(body, fields, id) : undefined,
    }),
  }
}

function whereabouts(body: Fields, productArn: string) {
  return placed({
    listed: list(body, 'resources').map((each) =>
      present({
        type: text(each, 'type'),
        id: named(each, 'id'),
        region: text(each, 'region'),
      }),
    ),
    account: { field: 'AwsAccountId', said: [accountAt(body, 'awsAccountId')] },
    // Only the copy in the aggregation region is delivered elsewhere; the product's ARN keeps the region of origin.
    region: { field: 'Region', said: [text(body, 'region'), productArn.split(':')[3]] },
  })
}

function controlOf(body: Fields, own: Fields, id: string): string | undefined {
  const guide = text(own, 'StandardsGuideArn')
  const rule = text(own, 'RuleId')
  return controlId(
    text(body, 'compliance.securityControlId'),
    text(body, 'generatorId'),
    text(own, 'StandardsControlArn'),
    guide === undefined || rule === undefined ? undefined : `${guide}/rule/${rule}`,
    id,
    text(own, 'ControlId'),
  )
}

const COMPLIANCE = new Map<string, FindingStatus>([
  ['FAILED', 'active'],
  ['PASSED', 'passed'],
  // The check could not be made: nothing is known to be wrong.
  ['WARNING', 'notice'],
  ['NOT_AVAILABLE', 'notice'],
])
const WORKFLOW = new Map<string, FindingStatus>([
  ['NEW', 'active'],
  ['NOTIFIED', 'active'],
  ['SUPPRESSED', 'suppressed'],
  ['RESOLVED', 'resolved'],
])
/** WorkflowState, which Workflow replaced in March 2020; it stays at NEW whatever is done since. */
const OLD_WORKFLOW = new Map<string, FindingStatus>([
  ['NEW', 'active'],
  ['ASSIGNED', 'active'],
  ['IN_PROGRESS', 'active'],
  ['DEFERRED', 'suppressed'],
  ['RESOLVED', 'resolved'],
])
const BEFORE_WORKFLOW = '2020-04'
const RECORD = new Map<string, FindingStatus>([
  ['ACTIVE', 'active'],
  ['ARCHIVED', 'archived'],
])
/** Products whose findings are the results of checks; one that does not say which is none. */
const CHECKS = new Set([SECURITY_HUB, 'aws/config', PROWLER])

/** The first reason against acting; a value that is not known is no finding, because it may be one. */
function status(
  body: Fields,
  { product, passedOn, observedAt }: Pick<Report, 'product' | 'passedOn' | 'observedAt'>,
): FindingStatus {
  const said = (field: string, words: Map<string, FindingStatus>, needed: boolean): FindingStatus =>
    needed || at(body, field) !== undefined ? statusSaid(body, field, words) : 'active'
  const fromProwler = product === PROWLER
  const old = observedAt < BEFORE_WORKFLOW && at(body, 'workflow') === undefined
  const compliance = said('Compliance.Status', COMPLIANCE, CHECKS.has(product))
  const reasons = [
    said('RecordState', RECORD, true),
    old
      ? said('WorkflowState', OLD_WORKFLOW, true)
      : said('Workflow.Status', WORKFLOW, !fromProwler || passedOn),
    // What Prowler's own list of exceptions names, it writes as a warning.
    fromProwler && compliance === 'notice' && text(body, 'compliance.status') === 'WARNING'
      ? 'muted'
      : compliance,
  ]
  return firstAgainst(reasons)
}
