import { accountAt } from '../../account.ts'
import { BadEvent, missing } from '../../bad-event.ts'
import { isoTime } from '../../dates.ts'
import { at, list, number, present, required, text } from '../../fields.ts'
import type { FindingStatus } from '../../finding.ts'
import { type Fields, isFields } from '../../json-object.ts'
import type { Told } from '../../wrapping.ts'
import { controlId } from './control-id.ts'
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

/** Open Cybersecurity Schema Framework: what the second version of Security Hub tells, and what scanners write. */
export function isOcsf(body: Fields): boolean {
  return (
    number(body, 'class_uid') !== undefined &&
    (isFields(at(body, 'finding_info')) || isFields(at(body, 'metadata')))
  )
}

/** Classes of the category "Findings": security, vulnerability, compliance, detection, data security. */
const FINDINGS = new Set([2001, 2002, 2003, 2004, 2006])

/** OCSF schema 1.0.0-rc.2 to 1.6, "Findings". */
export function readOcsf(body: Fields, told: Told): Report {
  const product = productNamed(body)
  const provider = text(body, 'cloud.provider')
  if (provider !== undefined && provider.toLowerCase() !== 'aws') {
    throw new BadEvent('unknownShape', `a finding about ${provider}, not about AWS`, 'cloud.provider')
  }
  if (!FINDINGS.has(number(body, 'class_uid') ?? 0)) {
    throw new BadEvent('unknownShape', 'class_uid is not a class of findings', 'class_uid')
  }
  // Before OCSF 1.1 the block was called "finding".
  const info = at(body, 'finding_info') ?? at(body, 'finding')
  const id = required('finding_info.uid', text(info, 'uid'))
  const title = required('finding_info.title', text(info, 'title'))
  const place = whereabouts(body)
  const own = productFields(body)
  const generator = text(body, 'metadata.product.feature.uid')
  return {
    id,
    product,
    passedOn:
      told.source === 'aws.securityhub' || productOf(text(body, 'metadata.product.uid')) !== undefined,
    title,
    types: list(info, 'types').filter((each): each is string => typeof each === 'string'),
    severity: severityOf(
      'severity',
      text(body, 'severity') ?? LABELS[number(body, 'severity_id') ?? 0],
      undefined,
    ),
    status: isSample(at(body, 'unmapped'), { own, title, resources: place.resources })
      ? 'sample'
      : status(body, info, product),
    ...place,
    origin: {
      form: 'ocsf',
      id,
      ...present({ product: text(body, 'metadata.product.uid') }),
      ...copyIn(told, place, {
        account: accountAt(body, 'cloud.account.uid'),
        region: text(body, 'cloud.region'),
      }),
    },
    observedAt: observedAt(body, info, told),
    own,
    body,
    ...present({
      generator: product === PROWLER ? text(body, 'metadata.event_code') : generator,
      control: product === SECURITY_HUB ? controlOf(body, own, id) : undefined,
    }),
  }
}

function controlOf(body: Fields, own: Fields, id: string): string | undefined {
  return controlId(
    text(body, 'compliance.control'),
    text(body, 'metadata.product.feature.uid'),
    text(own, 'StandardsControlArn'),
    id,
    text(own, 'ControlId'),
  )
}

const LABELS = [undefined, 'INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL', 'FATAL']

function productNamed(body: Fields): string {
  const uid = text(body, 'metadata.product.uid')
  if (uid === 'prowler') return PROWLER
  const product = productOf(uid)
  if (product !== undefined) return product
  const name = text(body, 'metadata.product.name') ?? 'an unnamed product'
  throw new BadEvent(
    'unknownShape',
    `a finding in OCSF of ${name}, which is not known`,
    'metadata.product.uid',
  )
}

function whereabouts(body: Fields) {
  const resources = [...list(body, 'resources'), ...list(body, 'resource')]
  // A container has no address of its own; what it runs on has.
  const hosts = resources.filter((each) => text(each, 'type') !== 'AWS::Container::Container')
  return placed({
    listed: (hosts.length > 0 ? hosts : resources).map((each) =>
      present({
        type: text(each, 'type'),
        id: named(each, 'uid'),
        region: text(each, 'region'),
        account: accountAt(each, 'owner.account.uid'),
      }),
    ),
    account: {
      field: 'cloud.account.uid',
      said: [accountAt(body, 'cloud.account.uid'), accountAt(body, 'cloud.account_uid')],
    },
    region: {
      field: 'cloud.region',
      said: [text(body, 'cloud.region'), text(body, 'metadata.product.uid')?.split(':')[3]],
    },
  })
}

/** What had no place in OCSF when it was made of ASFF. */
function productFields(body: Fields): Fields {
  const unmapped = at(body, 'unmapped')
  if (!isFields(unmapped)) return {}
  const prefix = 'ProductFields.'
  return Object.fromEntries(
    Object.entries(unmapped)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  )
}

/** Numbers first: some scanners write the texts in the time zone of the machine, without saying so. */
function observedAt(body: Fields, info: unknown, told: Told): string {
  const times = [
    ...['modified_time', 'modified_time_dt'].map((name) => at(info, name)),
    ...['time', 'time_dt'].map((name) => at(body, name)),
    ...['last_seen_time_dt', 'created_time', 'created_time_dt'].map((name) => at(info, name)),
    told.time,
  ]
  const found = times.map(isoTime).find((each) => each !== undefined)
  if (found === undefined) throw missing('time', 'time is missing or not a date')
  return found
}

/** Names in small letters without blanks, and numbers, as both stand for the same. */
const ACTIVITY: Record<string, FindingStatus> = {
  ...{ '1': 'active', create: 'active', '2': 'active', update: 'active' },
  ...{ '3': 'resolved', close: 'resolved' },
}
const STATUS: Record<string, FindingStatus> = {
  ...{ '1': 'active', new: 'active', '2': 'active', inprogress: 'active' },
  ...{ '3': 'suppressed', suppressed: 'suppressed', '4': 'resolved', resolved: 'resolved' },
  ...{ '5': 'archived', archived: 'archived', '6': 'resolved', deleted: 'resolved' },
}
const COMPLIANCE: Record<string, FindingStatus> = {
  ...{ '1': 'passed', pass: 'passed', passed: 'passed', '3': 'active', fail: 'active', failed: 'active' },
  ...{ '2': 'notice', warning: 'notice', not_available: 'notice', notavailable: 'notice' },
}
/** Of ASFF, which OCSF has no place for. */
const RECORD: Record<string, FindingStatus> = { active: 'active', archived: 'archived' }
/** Of Prowler; what is checked by hand is no finding. */
const CHECK: Record<string, FindingStatus> = {
  pass: 'passed',
  fail: 'active',
  manual: 'notice',
  muted: 'muted',
  warning: 'muted',
}
const CHECKS = new Set([SECURITY_HUB, 'aws/config'])

/** Every place that tells the state has a say, and one that says that nothing is to be done is believed. */
function status(body: Fields, info: unknown, product: string): FindingStatus {
  const said = (table: Record<string, FindingStatus>, needed: boolean, ...fields: string[]) => {
    const words = fields.filter((field) => (at(body, field) ?? undefined) !== undefined)
    if (words.length === 0 && needed) throw missing(fields[0]!)
    return words.map((field) => stateOf(table, text(body, field) ?? '', field))
  }
  const fromProwler = product === PROWLER
  const isCheck = CHECKS.has(product) && !isExposure(info)
  const reasons = [
    ...said(ACTIVITY, true, 'activity_id', 'activity_name'),
    ...said(STATUS, true, 'status_id', 'status', 'state_id', 'state').map((each) =>
      fromProwler && each === 'suppressed' ? 'muted' : each,
    ),
    ...said(COMPLIANCE, isCheck, 'compliance.status_id', 'compliance.status'),
    ...said(RECORD, false, 'unmapped.RecordState'),
    ...(fromProwler ? said(CHECK, true, 'status_code') : []),
    ...(isCoverage(body, info) ? ['notice' as const] : []),
  ]
  return firstAgainst(reasons)
}

function stateOf(table: Record<string, FindingStatus>, word: string, field: string): FindingStatus {
  const key = word.toLowerCase().replaceAll(' ', '')
  if (Object.hasOwn(table, key)) return table[key]!
  throw new BadEvent('unknownShape', `${field} "${word}" is not a known value`, field)
}

/** What Security Hub concludes from several findings (user guide, "Exposure findings"). */
export function isExposure(info: unknown): boolean {
  return text(info, 'analytic.name') === 'Exposure'
}

/** Whether a service is switched on where it should be; says nothing about a resource (user guide, "Coverage findings"). */
function isCoverage(body: Fields, info: unknown): boolean {
  const words = [
    ...list(info, 'types'),
    text(info, 'analytic.name'),
    text(body, 'metadata.product.feature.name'),
    text(body, 'metadata.event_code'),
  ]
  return words.some((each) => typeof each === 'string' && /(^|\/)coverage( findings?)?$/i.test(each))
}
