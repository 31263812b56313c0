import type { Cut } from '../../../playbook/network/cut.ts'

/**
 * A query of CloudWatch Logs Insights about flow logs. The fields are taken out of each record by the format of the very log,
 * which is a line of values with blanks between: Insights discovers those of the default format only
 * (https://repost.aws/knowledge-center/cloudwatch-vpc-flow-logs).
 */

/** The fields of a flow log where nobody says otherwise (VPC user guide, "Flow log records"). */
export const DEFAULT_FIELDS: readonly string[] = [
  ...['version', 'account-id', 'interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'],
  ...['packets', 'bytes', 'start', 'end', 'action', 'log-status'],
]

const NEEDED = ['interface-id', 'srcaddr', 'dstaddr', 'dstport', 'protocol', 'bytes', 'end'] as const

/** The field by which the rows of an answer differ, where the log has it; and its value for records that AWS has skipped. */
export const STATUS = 'flow_log_status'
export const SKIPPED = 'SKIPDATA'

/** A query takes 10,000 characters (API StartQuery). */
const MOST_CHARACTERS = 10_000

/** An interface that is asked about, with its own addresses. */
export interface AskedInterface {
  id: string
  addresses: readonly string[]
}

/** The fields of a format, in their order; undefined where it is none that can be read. */
export function fieldsIn(format: string): string[] | undefined {
  const parts = format.trim().split(/\s+/)
  const names = parts.map((part) => /^\$\{([a-z0-9-]+)\}$/.exec(part)?.[1])
  const all = names.filter((name) => name !== undefined)
  return all.length === parts.length ? all : undefined
}

/** The fields that a format lacks for it to be asked about traffic. */
export function lackingIn(fields: readonly string[], acceptedOnly: boolean): string[] {
  const needed = [...NEEDED, ...(acceptedOnly ? [] : ['action'])]
  return needed.filter((name) => !fields.includes(name))
}

/** A query, and how many of the interfaces it is about: the first ones, as many as it has room for. */
export interface FlowQuery {
  text: string
  interfaces: number
}

/**
 * Counts the flows of a cut, as a row: `flows`, `all_bytes`, `sources`, `last_end`. Where the format says the status of records,
 * there is a row for each (`STATUS`): those that were skipped at the interfaces say nothing but that, and are counted apart.
 * @param fields of the log's format
 * @param acceptedOnly whether the log has accepted flows only
 */
export function flowQuery(
  { direction = 'in', protocol, ports, peers }: Pick<Cut, 'direction' | 'protocol' | 'ports' | 'peers'>,
  interfaces: readonly AskedInterface[],
  { fields, acceptedOnly }: { fields: readonly string[]; acceptedOnly: boolean },
): FlowQuery {
  const [own, other] = direction === 'in' ? ['dstaddr', 'srcaddr'] : ['srcaddr', 'dstaddr']
  const parse = `parse @message "${fields.map(() => '*').join(' ')}" as ${fields.map(named).join(', ')}`
  const conditions = [
    ...(acceptedOnly && !fields.includes('action') ? [] : [`${named('action')} = "ACCEPT"`]),
    ...(protocol === undefined ? [] : [`${named('protocol')} = ${protocol}`]),
    ...(ports ? [`${named('dstport')} >= ${ports[0]}`, `${named('dstport')} <= ${ports[1]}`] : []),
    `(${peers.ranges.map((range) => within(other, range)).join(' or ')})`,
    ...(peers.except ?? []).map((range) => `not ${within(other, range)}`),
  ]
  const saysStatus = fields.includes('log-status')
  const orSkipped = saysStatus ? `${STATUS} = "${SKIPPED}" or ` : ''
  const counted = `stats count(*) as flows, sum(${named('bytes')}) as all_bytes, count_distinct(${named(other)}) as sources, max(${named('end')}) as last_end`
  const stats = saysStatus ? `${counted} by ${STATUS}` : counted
  const filter = `filter ${orSkipped}(${conditions.join(' and ')})`
  const rest = [parse, filter, 'filter ', stats].join(' | ')
  const asked: string[] = []
  let room = MOST_CHARACTERS - rest.length
  for (const { id, addresses } of interfaces) {
    const texts = addresses.map((address) => `"${address}"`).join(', ')
    // Of two interfaces that talk to each other both have a record: each counts at its own.
    const condition = `(${named('interface-id')} = "${id}" and (${orSkipped}${named(own)} in [${texts}]))`
    room -= condition.length + ' or '.length
    if (room < 0) break
    asked.push(condition)
  }
  const text = [parse, filter, `filter ${asked.join(' or ')}`, stats].join(' | ')
  return { text, interfaces: asked.length }
}

/** Not as Insights calls the fields that it discovers by itself. */
const named = (field: string): string => `flow_${field.replaceAll('-', '_')}`

/** AWS documents the functions about subnets by ranges that are none of all addresses. */
function within(field: string, range: string): string {
  const family = range.includes(':') ? 6 : 4
  if (range.endsWith('/0')) return `isValidIpV${family}(${named(field)})`
  return `isIpv${family}InSubnet(${named(field)}, "${range}")`
}
