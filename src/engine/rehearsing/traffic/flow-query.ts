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
 * Counts the flows of a cut, as one row: `flows`, `all_bytes`, `sources`, `last_end`.
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
  const stats = `stats count(*) as flows, sum(${named('bytes')}) as all_bytes, count_distinct(${named(other)}) as sources, max(${named('end')}) as last_end`
  const rest = [parse, `filter ${conditions.join(' and ')}`, 'filter ', stats].join(' | ')
  const asked: string[] = []
  let room = MOST_CHARACTERS - rest.length
  for (const { id, addresses } of interfaces) {
    const texts = addresses.map((address) => `"${address}"`).join(', ')
    // Of two interfaces that talk to each other both have a record: each counts at its own.
    const condition = `(${named('interface-id')} = "${id}" and ${named(own)} in [${texts}])`
    room -= condition.length + ' or '.length
    if (room < 0) break
    asked.push(condition)
  }
  const text = [parse, `filter ${conditions.join(' and ')}`, `filter ${asked.join(' or ')}`, stats].join(
    ' | ',
  )
  return { text, interfaces: asked.length }
}

/** Not as Insights calls the fields that it discovers by itself. */
const named = (field: string): string => `flow_${field.replaceAll('-', '_')}`

const within = (field: string, range: string): string =>
  `${range.includes(':') ? 'isIpv6InSubnet' : 'isIpv4InSubnet'}(${named(field)}, "${range}")`
