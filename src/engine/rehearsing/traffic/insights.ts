import type { ResultField } from '@aws-sdk/client-cloudwatch-logs'
import pLimit, { type LimitFunction } from 'p-limit'
import type { Aws, Place } from '../../../aws/port.ts'
import type { Clock } from '../../clock.ts'

/** Queries under way at the same time in one account and region: AWS allows some tens to all who ask there. */
export const QUERIES_AT_ONCE = 4
/** A query is asked how far it is after this pause (ms), doubled each time up to the last: AWS lets five be asked a second. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 4_000
/** A query that has not ended after so long (ms) is stopped. */
export const QUERY_PATIENCE_MS = 120_000

const READS = ['logs:StartQuery', 'logs:GetQueryResults', 'logs:StopQuery']

/** What a query came to: the first row of its results, by field; and bytes of logs that were read for it. */
export interface Answered {
  row: Readonly<Record<string, string>>
  scannedBytes: number
}

/** It has not come to an end that says anything. */
export interface NotAnswered {
  unanswered: string
  scannedBytes: number
}

/** A query about one log group, and a time in seconds since 1970, UTC. */
export interface LogQuery {
  group: string
  text: string
  startTime: number
  endTime: number
}

/** Asks CloudWatch Logs Insights. Errors: `AwsError`. */
export type AskLogs = (place: Place, query: LogQuery) => Promise<Answered | NotAnswered>

/**
 * A few queries at a time in each account and region, each for so long at most.
 * @param mostBytes of logs that may be read: then no query is begun any more
 */
export function logsInsights(
  aws: Aws,
  clock: Pick<Clock, 'sleep' | 'now'>,
  mostBytes = Number.POSITIVE_INFINITY,
): AskLogs {
  const limits = new Map<string, LimitFunction>()
  let scanned = 0
  return (place, query) => {
    const key = `${place.account} ${place.region}`
    const limit = limits.get(key) ?? pLimit(QUERIES_AT_ONCE)
    limits.set(key, limit)
    return limit(async () => {
      if (scanned >= mostBytes) {
        const why = `${query.group} was not asked: ${scanned} bytes of logs have been read, and ${mostBytes} may be`
        return { unanswered: why, scannedBytes: 0 }
      }
      const answer = await answerTo(aws, clock, place, query)
      scanned += answer.scannedBytes
      return answer
    })
  }
}

async function answerTo(
  aws: Aws,
  clock: Pick<Clock, 'sleep' | 'now'>,
  place: Place,
  { group, text, startTime, endTime }: LogQuery,
): Promise<Answered | NotAnswered> {
  const reader = aws.reader(place, READS, () => undefined)
  const query = { logGroupName: group, queryString: text, startTime, endTime, limit: 1 }
  const { queryId } = await reader.read('logs', 'StartQuery', query)
  if (queryId === undefined) return { unanswered: 'AWS gives the query no id', scannedBytes: 0 }
  const end = clock.now() + QUERY_PATIENCE_MS
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    await clock.sleep(pause)
    const { status, results = [], statistics } = await reader.read('logs', 'GetQueryResults', { queryId })
    const scannedBytes = statistics?.bytesScanned ?? 0
    if (status === 'Complete') return { row: rowOf(results[0]), scannedBytes }
    if (status !== 'Scheduled' && status !== 'Running')
      return { unanswered: `the query of ${group} ended as ${status}`, scannedBytes }
    if (clock.now() < end) continue
    await reader.read('logs', 'StopQuery', { queryId })
    const why = `the query of ${group} had not ended after ${QUERY_PATIENCE_MS / 1000} s, and was stopped`
    return { unanswered: why, scannedBytes }
  }
}

const rowOf = (fields: readonly ResultField[] = []): Record<string, string> =>
  Object.fromEntries(fields.map(({ field = '', value = '' }) => [field, value]))
