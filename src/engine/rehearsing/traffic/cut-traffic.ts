import type { FlowLog, NetworkInterface } from '@aws-sdk/client-ec2'
import type { Aws, Place } from '../../../aws/port.ts'
import { AwsError } from '../../../playbook/aws-error.ts'
import type { Cut, CutAt } from '../../../playbook/network/cut.ts'
import type { CutTraffic, Traffic } from '../../../playbook/network/traffic.ts'
import type { Clock } from '../../clock.ts'
import { addressesOf, covering, type ReadableLog } from './covering-logs.ts'
import { type AskedInterface, flowQuery } from './flow-query.ts'
import { type AskLogs, logsInsights } from './insights.ts'

/** What is asked of flow logs. */
export interface TrafficQuestion {
  /** How far back, ms. */
  ms: number
  /** So many bytes of logs may be read for all of it: then no query is begun any more. */
  mostBytes: number
}

/** What flow logs say of what a plan cuts off. */
export type AskTraffic = (place: Place, cuts: readonly Cut[]) => Promise<Traffic>

/** More addresses of a security group are not written into a query. */
const MOST_PEERS = 50

const READS = ['ec2:DescribeFlowLogs', 'ec2:DescribeNetworkInterfaces', 'logs:DescribeLogGroups']

/** For as long as a rehearsal: flow logs are listed once in each account and region. */
export function trafficOf(
  aws: Aws,
  clock: Pick<Clock, 'sleep' | 'now'>,
  question: TrafficQuestion,
): AskTraffic {
  const endMs = clock.now()
  const asking: Asking = {
    aws,
    ask: logsInsights(aws, clock, question.mostBytes),
    since: endMs - question.ms,
    until: endMs,
    logs: new Map(),
    kept: new Map(),
  }
  return async (place, cuts) => {
    const all = await Promise.all(cuts.map((cut) => trafficOfCut(asking, place, cut)))
    return {
      since: new Date(asking.since).toISOString(),
      until: new Date(endMs).toISOString(),
      cuts: all.map(({ traffic }) => traffic),
      scannedBytes: all.reduce((sum, { scannedBytes }) => sum + scannedBytes, 0),
    }
  }
}

interface Asking {
  aws: Aws
  ask: AskLogs
  /** ms since 1970, UTC. */
  since: number
  until: number
  /** Flow logs by account and region, or why they cannot be read. */
  logs: Map<string, Promise<FlowLog[] | AwsError>>
  /** Days for which a log group keeps what is in it, by place and name. */
  kept: Map<string, Promise<number | undefined>>
}

interface Told {
  traffic: CutTraffic
  scannedBytes: number
}

async function trafficOfCut(asking: Asking, place: Place, cut: Cut): Promise<Told> {
  const { what, doubt } = cut
  const unknown = doubt === undefined ? [] : [doubt]
  const untold = (why: string, interfaces = 0): Told => ({
    traffic: { what, interfaces, flows: null, bytes: 0, sources: 0, unknown: [...unknown, why] },
    scannedBytes: 0,
  })
  try {
    const [interfaces, logs] = await Promise.all([
      interfacesAt(asking.aws, place, cut.at),
      flowLogsIn(asking, place),
    ])
    if (interfaces.length === 0) return atNone(cut, untold)
    if (logs instanceof AwsError) return untold(wordsOf(logs), interfaces.length)
    const { asked, unknown: uncovered } = covering(interfaces, logs, place.account)
    const { cut: resolved, unresolved } = await withPeers(asking.aws, place, cut)
    const answers = await Promise.all(
      asked.map((one) => askedOf(asking, place, resolved, one.log, one.interfaces)),
    )
    return summed({ what, interfaces: interfaces.length }, answers, [...unknown, ...uncovered, ...unresolved])
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return untold(wordsOf(error))
  }
}

/** Where nothing wears a group, its rules let nobody in; of what a service makes there is one that was not found. */
function atNone({ what, at, doubt }: Cut, untold: (why: string) => Told): Told {
  if (at.requester !== undefined) return untold(`no network interface of ${at.requester} was found`)
  const unknown = doubt === undefined ? [] : [doubt]
  return { traffic: { what, interfaces: 0, flows: 0, bytes: 0, sources: 0, unknown }, scannedBytes: 0 }
}

const wordsOf = ({ action, message }: AwsError): string => `${action}: ${message}`

function flowLogsIn({ aws, logs }: Asking, place: Place): Promise<FlowLog[] | AwsError> {
  const key = `${place.account} ${place.region}`
  const known = logs.get(key)
  if (known) return known
  const read = aws
    .reader(place, READS, () => undefined)
    .list('ec2', 'DescribeFlowLogs', {}, 'FlowLogs')
    .catch((error: unknown) => {
      if (error instanceof AwsError) return error
      throw error
    })
  logs.set(key, read)
  return read
}

async function interfacesAt(
  aws: Aws,
  place: Place,
  { groups, subnets, requester }: CutAt,
): Promise<NetworkInterface[]> {
  const named = groups ? ['group-id', groups] : ['subnet-id', subnets ?? []]
  const [Name, Values] = named as [string, readonly string[]]
  if (Values.length === 0) return []
  const reader = aws.reader(place, READS, () => undefined)
  const input = { Filters: [{ Name, Values: [...Values] }] }
  const all = await reader.list('ec2', 'DescribeNetworkInterfaces', input, 'NetworkInterfaces')
  return all.filter(
    ({ RequesterId, SubnetId }) =>
      (requester === undefined || RequesterId === requester) &&
      (groups === undefined || subnets === undefined || subnets.includes(SubnetId ?? '')),
  )
}

/** The same cut with the addresses of the groups that are meant. */
async function withPeers(aws: Aws, place: Place, cut: Cut): Promise<{ cut: Cut; unresolved: string[] }> {
  const { ranges, groups = [], unresolved = [] } = cut.peers
  const addresses = new Set<string>()
  for (const one of await interfacesAt(aws, place, { groups }))
    for (const address of addressesOf(one)) addresses.add(address)
  const inGroups = [...addresses].map((address) => `${address}/${address.includes(':') ? 128 : 32}`)
  const more = inGroups.length - MOST_PEERS
  return {
    cut: { ...cut, peers: { ...cut.peers, ranges: [...ranges, ...inGroups.slice(0, MOST_PEERS)] } },
    unresolved: [
      ...(more > 0 ? [`${more} more addresses of ${groups.join(', ')} are not asked about`] : []),
      ...unresolved.map((peer) => `what comes by ${peer} is not asked about`),
    ],
  }
}

interface Answer {
  row?: Readonly<Record<string, string>>
  unknown: string[]
  scannedBytes: number
}

async function askedOf(
  asking: Asking,
  place: Place,
  cut: Cut,
  log: ReadableLog,
  interfaces: readonly AskedInterface[],
): Promise<Answer> {
  const { ask, since, until } = asking
  // Nobody is meant by an address: what is unresolved is told.
  if (cut.peers.ranges.length === 0) return { unknown: [], scannedBytes: 0 }
  const query = flowQuery(cut, interfaces, log)
  const left = interfaces.length - query.interfaces
  const unknown = [
    ...(left > 0 ? [`${left} more interfaces are not asked about: the query has no room for them`] : []),
    ...(await missingTime(asking, place, log)),
  ]
  const time = { startTime: Math.floor(since / 1000), endTime: Math.floor(until / 1000) }
  try {
    const answer = await ask(place, { group: log.group, text: query.text, ...time })
    const { scannedBytes } = answer
    if ('unanswered' in answer) return { unknown: [...unknown, answer.unanswered], scannedBytes }
    return { row: answer.row, unknown, scannedBytes }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { unknown: [...unknown, wordsOf(error)], scannedBytes: 0 }
  }
}

/** Time that was asked about, and of which the log has nothing any more, or yet. */
async function missingTime(
  { aws, kept, since, until }: Asking,
  place: Place,
  { id, group, createdAt }: ReadableLog,
): Promise<string[]> {
  const key = `${place.account} ${place.region} ${group}`
  const days = kept.get(key) ?? keptDays(aws, place, group)
  kept.set(key, days)
  const retention = await days.catch((error: unknown) => {
    if (error instanceof AwsError) return wordsOf(error)
    throw error
  })
  if (typeof retention === 'string')
    return [`how long ${group} keeps what is in it could not be read: ${retention}`]
  const from = Math.max(
    createdAt ?? Number.NEGATIVE_INFINITY,
    retention === undefined ? Number.NEGATIVE_INFINITY : until - retention * 86_400_000,
  )
  return from > since ? [`${id} tells of nothing before ${new Date(from).toISOString()}`] : []
}

async function keptDays(aws: Aws, place: Place, logGroupNamePrefix: string): Promise<number | undefined> {
  const reader = aws.reader(place, READS, () => undefined)
  const groups = await reader.list('logs', 'DescribeLogGroups', { logGroupNamePrefix }, 'logGroups')
  return groups.find(({ logGroupName }) => logGroupName === logGroupNamePrefix)?.retentionInDays
}

function summed(
  about: Pick<CutTraffic, 'what' | 'interfaces'>,
  answers: readonly Answer[],
  unknown: readonly string[],
): Told {
  const rows = answers.map(({ row }) => row).filter((row) => row !== undefined)
  const sum = (field: string) => rows.reduce((all, row) => all + (Number(row[field]) || 0), 0)
  const last = Math.max(0, ...rows.map((row) => Number(row.last_end) || 0))
  const counts = rows.filter((row) => Number(row.sources) > 0)
  const twice =
    counts.length > 1
      ? [`sources are counted in each of ${counts.length} logs: the same one may be in several`]
      : []
  return {
    traffic: {
      ...about,
      flows: rows.length === 0 ? null : sum('flows'),
      bytes: sum('all_bytes'),
      sources: sum('sources'),
      ...(last > 0 && { lastSeen: new Date(last * 1000).toISOString() }),
      unknown: [...new Set([...unknown, ...answers.flatMap((answer) => answer.unknown), ...twice])],
    },
    scannedBytes: answers.reduce((all, { scannedBytes }) => all + scannedBytes, 0),
  }
}
