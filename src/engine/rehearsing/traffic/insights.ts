import type { ResultField } from '@aws-sdk/client-cloudwatch-logs'
import pLimit, { type LimitFunction } from 'p-limit'
import { isOutOfReach } from '../../../aws/errors.ts'
import type { Aws, Place } from '../../../aws/port.ts'
import { call } from '../../../playbook/api.ts'
import { AwsError } from '../../../playbook/aws-error.ts'
import type { Reader } from '../../../playbook/playbook.ts'
import type { Clock } from '../../clock.ts'

/** Queries under way at the same time in one account and region: AWS allows some tens to all who ask there. */
export const QUERIES_AT_ONCE = 4
/** A query is asked how far it is after this pause (ms), doubled each time up to the last: AWS lets five be asked a second. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 4_000
/** A query that has not ended after so long (ms) is stopped. */
export const QUERY_PATIENCE_MS = 120_000
/** So often a query is begun at most, where AWS says that it is too fast. */
export const MOST_STARTS = 5
/** Rows of an answer: one for each status of flow records. */
const MOST_ROWS = 10

const READS = ['logs:GetQueryResults', 'logs:StopQuery']

/** A row of results, by field. */
export type Row = Readonly<Record<string, string>>

/** What a query came to; and bytes of logs that were read for it. */
export interface Answered {
  rows: readonly Row[]
  scannedBytes: number
}

/** It has not come to an end that says anything. */
export interface NotAnswered {
  unanswered: string
  scannedBytes: number
  /** Only because it was to stop. */
  interrupted?: true
}

/** A query about one log group, and a time in seconds since 1970, UTC. */
export interface LogQuery {
  group: string
  text: string
  startTime: number
  endTime: number
}

/** How far queries may go. */
export interface QueryLimits {
  /** Bytes of logs that may be read for all of them: then none is begun any more, and those under way are stopped. */
  mostBytes?: number
  /** From here on none is begun, and those under way are stopped. */
  until?: AbortSignal
}

/** Asks CloudWatch Logs Insights. Errors: those of `isOutOfReach`; any other one of AWS is no answer. */
export type AskLogs = (place: Place, query: LogQuery) => Promise<Answered | NotAnswered>

/** All queries of one rehearsal. */
interface Queries {
  aws: Aws
  clock: Pick<Clock, 'sleep' | 'now'>
  mostBytes: number
  until: AbortSignal | undefined
  /** Bytes that were read until now, also by those under way. */
  scanned: number
}

/** A query that was begun. */
interface UnderWay {
  queryId: string
  group: string
  reader: Reader
  scannedBytes: number
  isOver: boolean
}

type Why = Pick<NotAnswered, 'unanswered' | 'interrupted'>

/** A few queries at a time in each account and region, each for so long at most. */
export function logsInsights(
  aws: Aws,
  clock: Pick<Clock, 'sleep' | 'now'>,
  { mostBytes = Number.POSITIVE_INFINITY, until }: QueryLimits = {},
): AskLogs {
  const limits = new Map<string, LimitFunction>()
  const queries: Queries = { aws, clock, mostBytes, until, scanned: 0 }
  return (place, query) => {
    const key = `${place.account} ${place.region}`
    const limit = limits.get(key) ?? pLimit(QUERIES_AT_ONCE)
    limits.set(key, limit)
    return limit(async () => {
      const why = whyNoMore(queries, `${query.group} was not asked`)
      return why ? { ...why, scannedBytes: 0 } : answerTo(queries, place, query)
    })
  }
}

/** Why no query may be begun, or go on; undefined: it may. */
function whyNoMore({ until, scanned, mostBytes }: Queries, what: string): Why | undefined {
  if (until?.aborted) return { unanswered: `${what}: the rehearsal was interrupted`, interrupted: true }
  if (scanned < mostBytes) return undefined
  return { unanswered: `${what}: as many bytes of logs have been read as may be (${mostBytes})` }
}

async function answerTo(queries: Queries, place: Place, query: LogQuery): Promise<Answered | NotAnswered> {
  const begun = await orWhy(() => started(queries, place, query))
  if ('unanswered' in begun) return { ...begun, scannedBytes: 0 }
  const reader = queries.aws.reader(place, READS, () => undefined)
  const underWay: UnderWay = { ...begun, group: query.group, reader, scannedBytes: 0, isOver: false }
  const end = await orWhy(() => followed(queries, underWay)).catch(async (error: unknown) => {
    await stopped(underWay)
    throw error
  })
  const { scannedBytes } = underWay
  if ('rows' in end) return { rows: end.rows, scannedBytes }
  const more = underWay.isOver ? '' : await stopped(underWay)
  return { ...end, unanswered: `${end.unanswered}${more}`, scannedBytes }
}

/** The same, or what AWS has against it. */
async function orWhy<T>(ask: () => Promise<T>): Promise<T | Why> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof AwsError) || isOutOfReach(error)) throw error
    return { unanswered: `${error.action}: ${error.message}` }
  }
}

/**
 * Sent once, and again only where AWS refused it as too fast: where an answer is lost, a query may be under way that nobody
 * stops or counts, and there shall be one of these at most.
 */
async function started(
  { aws, clock, until }: Queries,
  place: Place,
  { group, text, startTime, endTime }: LogQuery,
): Promise<{ queryId: string } | Why> {
  const query = { logGroupName: group, queryString: text, startTime, endTime, limit: MOST_ROWS }
  for (let starts = 1, pause = FIRST_PAUSE_MS; ; starts += 1, pause = longer(pause)) {
    try {
      const { queryId } = await aws.send(place, call('logs', 'StartQuery', query), { attempts: 1 })
      return typeof queryId === 'string' ? { queryId } : { unanswered: 'AWS gives the query no id' }
    } catch (error) {
      if (!(error instanceof AwsError) || isOutOfReach(error)) throw error
      const why = `${error.action}: ${error.message}`
      if (error.inDoubt) return { unanswered: `${why}; it may have begun, and what it reads is not counted` }
      if (error.kind !== 'throttled' || starts === MOST_STARTS || until?.aborted) throw error
      await clock.sleep(pause, until)
    }
  }
}

const longer = (pause: number): number => Math.min(2 * pause, LONGEST_PAUSE_MS)

async function followed(queries: Queries, underWay: UnderWay): Promise<{ rows: Row[] } | Why> {
  const { clock, until } = queries
  const { reader, queryId, group } = underWay
  const end = clock.now() + QUERY_PATIENCE_MS
  for (let pause = FIRST_PAUSE_MS; ; pause = longer(pause)) {
    await clock.sleep(pause, until)
    const { status, results = [], statistics } = await reader.read('logs', 'GetQueryResults', { queryId })
    const grown = Math.max(0, (statistics?.bytesScanned ?? 0) - underWay.scannedBytes)
    underWay.scannedBytes += grown
    queries.scanned += grown
    underWay.isOver = status !== 'Scheduled' && status !== 'Running'
    if (status === 'Complete') return { rows: results.map(rowOf) }
    if (underWay.isOver) return { unanswered: `the query of ${group} ended as ${status}` }
    const why = whyNoMore(queries, `the query of ${group} had not ended`)
    if (why) return why
    if (clock.now() >= end)
      return { unanswered: `the query of ${group} had not ended after ${QUERY_PATIENCE_MS / 1000} s` }
  }
}

/** Stops a query; what there is to say of it. */
async function stopped({ reader, queryId }: UnderWay): Promise<string> {
  try {
    await reader.read('logs', 'StopQuery', { queryId })
    return '; it was stopped'
  } catch (error) {
    if (!(error instanceof AwsError) || isOutOfReach(error)) throw error
    // It has ended by itself meanwhile.
    if (error.code === 'InvalidParameterException' || error.kind === 'gone') return ''
    return `; it could not be stopped: ${error.action}: ${error.message}`
  }
}

const rowOf = (fields: readonly ResultField[]): Row =>
  Object.fromEntries(fields.map(({ field = '', value = '' }) => [field, value]))
