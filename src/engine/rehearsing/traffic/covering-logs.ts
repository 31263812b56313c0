import type { FlowLog, NetworkInterface } from '@aws-sdk/client-ec2'
import { type AskedInterface, DEFAULT_FIELDS, fieldsIn, lackingIn } from './flow-query.ts'

/** A flow log that can be asked about. */
export interface ReadableLog {
  id: string
  /** Name of the log group. */
  group: string
  fields: readonly string[]
  /** It has accepted flows only. */
  acceptedOnly: boolean
  /** ms since 1970, UTC: since when it has been there; absent: AWS does not say. */
  createdAt?: number
}

/** What can be asked about some interfaces, and why not about all. */
export interface Coverage {
  /** Which log is asked about which interfaces: each interface by one log. */
  asked: { log: ReadableLog; interfaces: AskedInterface[] }[]
  /** A sentence each. */
  unknown: string[]
}

/**
 * Which of the region's flow logs tell of which interfaces: that of the interface itself, its subnet or its VPC; of several the
 * one that tells of the longest time. Pure.
 * @param account whose they are
 */
export function covering(
  interfaces: readonly NetworkInterface[],
  logs: readonly FlowLog[],
  account: string,
): Coverage {
  const asked = new Map<string, Coverage['asked'][number]>()
  const unread = new Map<string, number>()
  const twice = new Set<string>()
  for (const one of interfaces) {
    const own = logs.filter(({ ResourceId: of }) => of !== undefined && standsIn(one, of))
    const read = own.map((log) => readable(log, account))
    const [log, ...others] = read.filter((each) => typeof each !== 'string').toSorted(byAge)
    if (log === undefined) {
      const whys = own.length === 0 ? ['no flow log tells of it'] : (read as string[])
      const why = [...new Set(whys)].join('; ')
      unread.set(why, (unread.get(why) ?? 0) + 1)
      continue
    }
    if (others.some(({ group }) => group === log.group)) twice.add(log.group)
    const known = asked.get(log.id) ?? { log, interfaces: [] }
    known.interfaces.push({ id: one.NetworkInterfaceId ?? '', addresses: addressesOf(one) })
    asked.set(log.id, known)
  }
  return {
    asked: [...asked.values()],
    unknown: [
      ...[...unread].map(([why, count]) => `${why} (${count} of ${interfaces.length} network interfaces)`),
      ...[...twice].map(
        (group) => `more than one flow log writes the same into ${group}: flows are counted twice`,
      ),
    ],
  }
}

const byAge = (a: ReadableLog, b: ReadableLog): number => (a.createdAt ?? 0) - (b.createdAt ?? 0)

const standsIn = ({ NetworkInterfaceId, SubnetId, VpcId }: NetworkInterface, resource: string): boolean =>
  [NetworkInterfaceId, SubnetId, VpcId].includes(resource)

/** All addresses of an interface that its flow logs name: those inside. */
export function addressesOf(one: NetworkInterface): string[] {
  const { PrivateIpAddress: first, PrivateIpAddresses: more = [], Ipv6Addresses: v6 = [] } = one
  const all = [
    first,
    ...more.map(({ PrivateIpAddress }) => PrivateIpAddress),
    ...v6.map(({ Ipv6Address }) => Ipv6Address),
  ]
  return [...new Set(all.filter((address) => address !== undefined))]
}

/** The log, or why it cannot be asked. */
function readable(log: FlowLog, account: string): ReadableLog | string {
  const { FlowLogId: id = '', LogDestinationType: to = 'cloud-watch-logs', LogDestination = '' } = log
  if (to !== 'cloud-watch-logs') return `${id} writes to ${DESTINATIONS[to] ?? to}, which is not asked`
  if (log.FlowLogStatus !== undefined && log.FlowLogStatus !== 'ACTIVE')
    return `${id} is ${log.FlowLogStatus.toLowerCase()}`
  if (log.DeliverLogsStatus === 'FAILED')
    return `${id} delivers nothing: ${log.DeliverLogsErrorMessage ?? 'AWS does not say why'}`
  if (log.TrafficType === 'REJECT') return `${id} has rejected flows only`
  const [, owner, ofArn] = /^arn:[\w-]+:logs:[^:]*:(\d{12}):log-group:([^:]+)/.exec(LogDestination) ?? []
  if (owner !== undefined && owner !== account)
    return `${id} writes into account ${owner}, which is not asked`
  const group = log.LogGroupName ?? ofArn
  if (group === undefined) return `${id} does not say into which log group it writes`
  const fields = log.LogFormat === undefined ? DEFAULT_FIELDS : fieldsIn(log.LogFormat)
  if (fields === undefined) return `${id} has a format that is not understood: ${log.LogFormat}`
  const acceptedOnly = log.TrafficType === 'ACCEPT'
  const lacking = lackingIn(fields, acceptedOnly)
  if (lacking.length > 0) return `the format of ${id} lacks ${lacking.join(', ')}`
  const createdAt = log.CreationTime?.getTime()
  return { id, group, fields, acceptedOnly, ...(createdAt !== undefined && { createdAt }) }
}

const DESTINATIONS: Readonly<Record<string, string>> = {
  s3: 'S3',
  'kinesis-data-firehose': 'Amazon Data Firehose',
}
