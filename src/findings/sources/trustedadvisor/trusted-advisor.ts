import { accountOf } from '../../account.ts'
import { arnOf } from '../../arn.ts'
import { at, isPort, present, range, required, text } from '../../fields.ts'
import type { Evidence, Finding, FindingResource, FindingStatus } from '../../finding.ts'
import { type Fields, isFields } from '../../json-object.ts'
import { partitionOf, regionOf } from '../../region.ts'
import { resourceNamed } from '../../resource-names.ts'
import { version } from '../../version.ts'
import type { Told } from '../../wrapping.ts'
import { observed } from '../observed.ts'
import { resourcesOr, within } from '../resources-told.ts'
import type { SourceReader } from '../source.ts'
import { statusSaid } from '../words.ts'
import { type Check, checkNamed, plainName } from './trusted-advisor-checks.ts'

/**
 * AWS Trusted Advisor: "Trusted Advisor Check Item Refresh Notification". Its type is the check's id, for security
 * checks; any other check keeps its name. Account is the event's; the region is in the report's columns, because all
 * these events come from us-east-1. Support user guide, "Monitoring check results with EventBridge".
 */
export const trustedAdvisor: SourceReader = {
  recognises: (body, told) => told.source === 'aws.trustedadvisor' || text(body, 'check-name') !== undefined,
  read,
}

/** Of the event; the columns say the same as a colour, or as a word in small letters. */
const STATUS = new Map<string, FindingStatus>([
  ['ERROR', 'active'],
  ['WARN', 'active'],
  ['INFO', 'notice'],
  ['OK', 'passed'],
])
const COLUMN_STATUS = new Map<string, FindingStatus>([
  ...[...STATUS].map(([word, status]) => [word.toLowerCase(), status] as const),
  ['warning', 'active'],
  ['red', 'active'],
  ['yellow', 'active'],
  ['green', 'passed'],
  ['blue', 'notice'],
])

/** The cells of an item by the plain names of their columns; empty ones are left out. */
type Cells = Map<string, string>

function read(body: Fields, told: Told): Finding {
  const name = required('check-name', text(body, 'check-name'))
  const check = checkNamed(name)
  const cells = cellsOf(body)
  const account = accountOf('account', told.account)
  const itemArn = arnOf(text(body, 'resource_id'))
  const region = regionOfItem(cells, check, itemArn?.region, told)
  const observedAt = observed(body, told)
  const named = resourceOf(body, cells, check)
  const resources = resourcesOr(account, named === undefined ? [] : [within(account, named)])
  const type = check?.id ?? name
  return {
    id: [account, type, text(body, 'uuid') ?? resources[0]!.id].join('/'),
    version: version(observedAt),
    source: 'trustedadvisor',
    type,
    title: `${name}: ${resources[0]!.id}`,
    severity: severityOf(body, cells),
    status: statusOf(body, cells, check),
    account,
    region,
    partition: partitionOf(region, text(body, 'resource_id')),
    resources,
    observedAt,
    evidence: evidence(cells, check),
  }
}

function cellsOf(body: Fields): Cells {
  const item = at(body, 'check-item-detail')
  if (!isFields(item)) return new Map()
  const cells = Object.entries(item).map(
    ([column, cell]) =>
      [
        plainName(column),
        typeof cell === 'string' || typeof cell === 'number' ? String(cell).trim() : '',
      ] as const,
  )
  return new Map(cells.filter(([, cell]) => cell !== ''))
}

/** The first of some columns that says something. */
function cell(cells: Cells, ...columns: string[]): string | undefined {
  return columns.map((column) => cells.get(plainName(column))).find((each) => each !== undefined)
}

/** IAM and CloudFront are in no region; what is in one is never taken for being where the event was sent. */
function regionOfItem(cells: Cells, check: Check | undefined, arn: string | undefined, told: Told): string {
  const columns = ['Region API Parameter', 'Region', 'Region/AZ', 'Region Name']
  const sender = check?.regional === false ? told.region : undefined
  const said = columns.map((column) => cell(cells, column)?.replace(/(\d)[a-z]$/, '$1'))
  return regionOf('check-item-detail.Region', ...said, arn, sender)
}

function resourceOf(body: Fields, cells: Cells, check: Check | undefined): FindingResource | undefined {
  const id = text(body, 'resource_id')
  const named = arnOf(id) === undefined ? undefined : resourceNamed(undefined, id)
  if (check === undefined) return named ?? resourceNamed(undefined, id)
  if (named !== undefined && (named.type === check.type || check.id === 'rSs93HQwa1')) return named
  const said = cell(cells, ...check.columns) ?? (check.type === undefined ? undefined : id)
  if (check.type === undefined || said === undefined) return undefined
  // `sg-0123456789abcdef0 (vpc-0a1b2c3d)`.
  const [first] = said.split(' ')
  return check.type === 'AWS::IAM::AccessKey'
    ? { type: check.type, id: said }
    : resourceNamed(check.type, first)
}

/** With neither a word of the event nor a column there is no state, and `statusSaid` blames the event's. */
function statusOf(body: Fields, cells: Cells, check: Check | undefined): FindingStatus {
  const column = COLUMN_STATUS.get(cell(cells, 'Status')?.toLowerCase() ?? '')
  const said =
    text(body, 'status') === undefined && column !== undefined ? column : statusSaid(body, 'status', STATUS)
  if (said !== 'active') return said
  if (column !== undefined && column !== 'active') return column
  return check?.id === 'Pfx0RwqBli' && !isOpen(cells) ? 'notice' : said
}

/** A bucket is yellow, too, when Trusted Advisor could not look at it: then no column says that anybody has access. */
function isOpen(cells: Cells): boolean {
  const columns = ['ACL Allows List', 'ACL Allows Upload/Delete', 'Policy Allows Access']
  return columns.some((column) => /^(yes|true)$/i.test(cell(cells, column) ?? ''))
}

function severityOf(body: Fields, cells: Cells): Finding['severity'] {
  const said = (text(body, 'status') ?? cell(cells, 'Status') ?? '').toLowerCase()
  if (['error', 'red'].includes(said)) return 'HIGH'
  return ['warn', 'warning', 'yellow'].includes(said) ? 'MEDIUM' : 'INFORMATIONAL'
}

const GROUP = /\bsg-[0-9a-z]+/g

function evidence(cells: Cells, check: Check | undefined): Evidence {
  const key = check?.type === 'AWS::IAM::AccessKey'
  const user = cell(cells, 'IAM User', 'User Name (IAM or Root)')
  const isRoot = /^<?root(_account>?)?$/i.test(user ?? '')
  return present({
    ports: check?.type === 'AWS::EC2::SecurityGroup' && isTcp(cells) ? ports(cells) : undefined,
    groups: check?.type?.startsWith('AWS::ElasticLoadBalancing')
      ? [...(cell(cells, 'Security Group IDs', 'SG IDs', 'ALB SG ID') ?? '').matchAll(GROUP)].map(
          ([id]) => id,
        )
      : [],
    principal: key ? user : undefined,
    userType: key && user !== undefined ? (isRoot ? 'Root' : 'IAMUser') : undefined,
    accessKeyId: key ? cell(cells, ...check.columns) : undefined,
  })
}

/** Ports of evidence are those of TCP; a row that names no protocol is about them, as the checks are. */
function isTcp(cells: Cells): boolean {
  return /^(tcp|6|-1|all)$/i.test(cell(cells, 'Protocol') ?? 'tcp')
}

/** `22`, `20, 21`, or a range in two columns; a range of more than a thousand is no list. */
function ports(cells: Cells): number[] {
  const single = cell(cells, 'Port', 'Ports')
  const [from, to] = [cell(cells, 'From Port'), cell(cells, 'To Port')].map(Number)
  const all =
    single === undefined
      ? range(from, to)
      : single.split(/[,;\s]+/).flatMap((each) => {
          const [first, last] = each.split('-').map(Number)
          return range(first, last ?? first)
        })
  return [...new Set(all.filter(isPort))]
}
