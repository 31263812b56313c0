import type { FlowLog } from '@aws-sdk/client-ec2'
import { isOutOfReach } from '../../../aws/errors.ts'
import type { Aws, Place } from '../../../aws/port.ts'
import { AwsError } from '../../../playbook/aws-error.ts'
import type { Cut } from '../../../playbook/network/cut.ts'
import type { CutTraffic, Traffic } from '../../../playbook/network/traffic.ts'
import type { Clock } from '../../clock.ts'
import { covering, type ReadableLog } from './covering-logs.ts'
import { interfacesAt, laterAttached, withPeers } from './cut-interfaces.ts'
import { type AskedInterface, flowQuery, SKIPPED, STATUS } from './flow-query.ts'
import { type AskLogs, logsInsights, type QueryLimits, type Row } from './insights.ts'

/** What is asked of flow logs. */
export interface TrafficQuestion extends QueryLimits {
  /** How far back, ms. */
  ms: number
}

/**
 * Flow logs are collected for up to ten minutes, and delivered in some five more
 * (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-cwl.html): of what is newer (ms) they do not tell all.
 */
export const NOT_YET_TOLD_MS = 900_000

/** What flow logs say of what a plan cuts off. */
export type AskTraffic = (place: Place, cuts: readonly Cut[]) => Promise<Traffic>

const READS = ['ec2:DescribeFlowLogs', 'logs:DescribeLogGroups']

/** For as long as a rehearsal: flow logs are listed once in each account and region. */
export function trafficOf(
  aws: Aws,
  clock: Pick<Clock, 'sleep' | 'now'>,
  question: TrafficQuestion,
): AskTraffic {
  const now = clock.now()
  const until = now - NOT_YET_TOLD_MS
  const asking: Asking = {
    aws,
    ask: logsInsights(aws, clock, question),
    now,
    since: until - question.ms,
    until,
    logs: new Map(),
    kept: new Map(),
  }
  return async (place, cuts) => {
    const all = await Promise.all(cuts.map((cut) => trafficOfCut(asking, place, cut)))
    return {
      since: new Date(asking.since).toISOString(),
      until: new Date(until).toISOString(),
      cuts: all.map(({ traffic }) => traffic),
      scannedBytes: all.reduce((sum, { scannedBytes }) => sum + scannedBytes, 0),
      ...(all.some(({ interrupted }) => interrupted) && { interrupted: true }),
    }
  }
}

interface Asking {
  aws: Aws
  ask: AskLogs
  /** ms since 1970, UTC. */
  now: number
  since: number
  until: number
  /** Flow logs by account and region, or why they cannot be read. */
  logs: Map<string, Promise<FlowLog[] | AwsError>>
  /** Days for which a log group keeps what is in it, by place and name. */
  kept: Map<string, Promise<number | undefined | AwsError>>
}

interface Told {
  traffic: CutTraffic
  scannedBytes: number
  interrupted?: true
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
    const { cut: resolved, unresolved, unworn } = await withPeers(asking.aws, place, cut)
    const about = { what, interfaces: interfaces.length }
    const { ranges } = resolved.peers
    // Nobody is meant by an address: nothing comes in so, but for what is unresolved.
    if (ranges.length === 0) {
      const flows = unresolved.length === 0 ? 0 : null
      const traffic = {
        ...about,
        flows,
        bytes: 0,
        sources: 0,
        unknown: [...unknown, ...unresolved, ...unworn],
      }
      return { traffic, scannedBytes: 0 }
    }
    const answers = await Promise.all(
      asked.map((one) => askedOf(asking, place, resolved, one.log, one.interfaces)),
    )
    const later = laterAttached(interfaces, asking.since)
    return summed(about, answers, [...unknown, ...uncovered, ...unresolved, ...unworn, ...later])
  } catch (error) {
    if (!(error instanceof AwsError) || isOutOfReach(error)) throw error
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

/** Asked once; what is neither an answer nor a denial is asked anew the next time. */
function once<T>(
  kept: Map<string, Promise<T | AwsError>>,
  key: string,
  ask: () => Promise<T>,
): Promise<T | AwsError> {
  const known = kept.get(key)
  if (known) return known
  const asked = ask().catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.kind !== 'denied') kept.delete(key)
    if (!(error instanceof AwsError) || isOutOfReach(error)) throw error
    return error
  })
  kept.set(key, asked)
  return asked
}

function flowLogsIn({ aws, logs }: Asking, place: Place): Promise<FlowLog[] | AwsError> {
  return once(logs, `${place.account} ${place.region}`, () =>
    aws.reader(place, READS, () => undefined).list('ec2', 'DescribeFlowLogs', {}, 'FlowLogs'),
  )
}

interface Answer {
  row?: Row
  unknown: string[]
  scannedBytes: number
  interrupted?: true
}

async function askedOf(
  asking: Asking,
  place: Place,
  cut: Cut,
  log: ReadableLog,
  interfaces: readonly AskedInterface[],
): Promise<Answer> {
  const { ask, since, until } = asking
  const query = flowQuery(cut, interfaces, log)
  const left = interfaces.length - query.interfaces
  const unknown = [
    ...(left > 0 ? [`${left} more interfaces are not asked about: the query has no room for them`] : []),
    ...(await missingTime(asking, place, log)),
  ]
  if (query.interfaces === 0) return { unknown, scannedBytes: 0 }
  const time = { startTime: Math.floor(since / 1000), endTime: Math.floor(until / 1000) }
  const answer = await ask(place, { group: log.group, text: query.text, ...time })
  const { scannedBytes } = answer
  if ('unanswered' in answer) {
    const { unanswered, interrupted } = answer
    return { unknown: [...unknown, unanswered], scannedBytes, ...(interrupted && { interrupted }) }
  }
  const { row, skipped } = rowsIn(answer.rows)
  return { row, unknown: [...unknown, ...skippedIn(log, skipped)], scannedBytes }
}

/** A row for each status of records; no row at all: none was found. */
function rowsIn(rows: readonly Row[]): { row: Row; skipped: number } {
  const skipped = rows.find((row) => row[STATUS] === SKIPPED)
  return { row: rows.find((row) => row !== skipped) ?? {}, skipped: Number(skipped?.flows) || 0 }
}

function skippedIn({ id, fields }: ReadableLog, skipped: number): string[] {
  if (!fields.includes('log-status'))
    return [`the format of ${id} lacks log-status: where it skipped records is not told`]
  return skipped === 0
    ? []
    : [`${id} has skipped records ${skipped} times: what they would tell is not counted`]
}

/** Time that was asked about, and of which the log has nothing any more, or yet. */
async function missingTime(
  { aws, kept, since, now }: Asking,
  place: Place,
  { id, group, createdAt }: ReadableLog,
): Promise<string[]> {
  const key = `${place.account} ${place.region} ${group}`
  const retention = await once(kept, key, () => keptDays(aws, place, group))
  if (retention instanceof AwsError)
    return [`how long ${group} keeps what is in it could not be read: ${wordsOf(retention)}`]
  const from = Math.max(
    createdAt ?? Number.NEGATIVE_INFINITY,
    retention === undefined ? Number.NEGATIVE_INFINITY : now - retention * 86_400_000,
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
    ...(answers.some(({ interrupted }) => interrupted) && { interrupted: true }),
  }
}
