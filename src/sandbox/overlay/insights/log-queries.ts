import { randomUUID } from 'node:crypto'
import { errorAnswer, jsonAnswer } from '../../front/answer.ts'
import { type AwsRequest, withJson } from '../../front/request.ts'
import type { Answerer } from '../answerer.ts'
import { answerOf } from './query-answer.ts'
import { queryIn, UnknownQuery } from './query-language.ts'

/** The emulator keeps log events, and passes over what it does not know of a query: answered here, by what it keeps. */

interface Asked {
  logGroupName: string
  queryString: string
  /** Seconds since 1970, UTC. */
  startTime: number
  endTime: number
  limit?: number
}

interface Kept {
  events?: { message: string }[]
  nextToken?: string | null
}

const startQuery: Answerer = async (request, control, forward) => {
  const { logGroupName, queryString, startTime, endTime, limit = 10_000 } = request.input as unknown as Asked
  const commands = read(queryString)
  if (commands instanceof UnknownQuery)
    return errorAnswer(request, 400, 'MalformedQueryException', commands.message)
  const messages: string[] = []
  let nextToken: string | undefined
  do {
    const time = { startTime: startTime * 1000, endTime: endTime * 1000 + 999 }
    const answer = await forward(
      filtering(request, { logGroupName, ...time, ...(nextToken && { nextToken }) }),
    )
    // In the words of the emulator, which are AWS's: no such group.
    if (answer.status !== 200) return answer
    const page = JSON.parse(answer.body.toString()) as Kept
    for (const { message } of page.events ?? []) messages.push(message)
    // The emulator's last page has one that is empty.
    nextToken = page.nextToken || undefined
  } while (nextToken !== undefined)
  const { rows, matched } = answerOf(commands, messages)
  const queryId = randomUUID()
  control.logQueries.set(queryId, {
    rows: rows.slice(0, limit),
    statistics: {
      recordsMatched: matched,
      recordsScanned: messages.length,
      bytesScanned: messages.reduce((sum, message) => sum + Buffer.byteLength(message), 0),
    },
    asked: 0,
  })
  return jsonAnswer({ queryId })
}

function read(text: string) {
  try {
    return queryIn(text)
  } catch (error) {
    if (error instanceof UnknownQuery) return error
    throw error
  }
}

function filtering(request: AwsRequest, input: object): ReturnType<typeof withJson> {
  const headers = { ...request.headers, 'x-amz-target': 'Logs_20140328.FilterLogEvents' }
  return withJson({ ...request, headers }, input)
}

const getQueryResults: Answerer = (request, control) => {
  const query = control.logQueries.get(String(request.input.queryId))
  if (!query) return noSuchQuery(request)
  query.asked += 1
  if (query.asked === 1) return jsonAnswer({ status: 'Running', results: [], statistics: query.statistics })
  const results = query.rows.map((row) => Object.entries(row).map(([field, value]) => ({ field, value })))
  return jsonAnswer({ status: 'Complete', results, statistics: query.statistics })
}

const stopQuery: Answerer = (request, control) => {
  const success = control.logQueries.delete(String(request.input.queryId))
  return success ? jsonAnswer({ success }) : noSuchQuery(request)
}

const noSuchQuery = (request: AwsRequest) =>
  errorAnswer(request, 400, 'ResourceNotFoundException', 'The specified query does not exist.')

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html */
export const logs: Record<string, Answerer> = {
  StartQuery: startQuery,
  GetQueryResults: getQueryResults,
  StopQuery: stopQuery,
}
