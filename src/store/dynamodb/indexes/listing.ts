import type { Run, RunState } from '../../../run/run.ts'
import type { RunFilter } from '../../../run/store.ts'
import { byText } from '../../tables.ts'
import { type Connection, getItems, type Item, query } from '../connection.ts'
import { runOf, text, textOf } from '../items.ts'
import { keyOf, listsOf, placeOf } from '../keys.ts'
import { LISTING } from '../run-table.ts'

const STATES: RunState[] = ['open', 'waiting', 'closed']

/** Runs that are read at once where only some of them are wanted. */
const PAGE = 100
/** Sorts before and behind every place: those begin with a year and end with an id. */
const [FIRST, LAST] = ['0', '~']

/**
 * Newest first, page by page, until as many are found as are wanted. The index finds the runs and may lag: a run that
 * started or changed its state a moment ago may be missing. Each run that it finds is read strongly, so none is listed
 * in a state that it no longer has.
 */
export async function listRuns(connection: Connection, filter: RunFilter): Promise<Run[]> {
  const { state, since, behind, where = () => true, limit = Number.POSITIVE_INFINITY } = filter
  const wanted = STATES.filter((each) => !state || state.includes(each))
  const size = filter.where ? PAGE : limit
  const from = since === undefined ? FIRST : new Date(since).toISOString()
  const runs: Run[] = []
  for (let until = behind ? placeOf(behind) : LAST; runs.length < limit; ) {
    const places = { from, until }
    const lists = wanted.flatMap(listsOf).map((list) => inList(connection, list, places, size + 1))
    // The last of the page before comes again, and the one behind which they are: each run has a place of its own.
    const found = (await Promise.all(lists)).flat().filter((item) => textOf(item, 'place') !== until)
    // A run that changes its state between two questions is found twice, and no key may be asked for twice.
    const once = [...new Map(found.map((item) => [item.PK?.S, item])).values()].sort(newestFirst)
    const page = once.slice(0, size)
    if (page.length === 0) break
    const read = (await getItems(connection, page.map(keyOf))).map(runOf)
    const its = read.filter((run) => wanted.includes(run.state) && where(run)).sort(byStart)
    runs.push(...its.slice(0, limit - runs.length))
    if (once.length < size || size === Number.POSITIVE_INFINITY) break
    until = textOf(page.at(-1), 'place') ?? FIRST
  }
  return runs
}

function inList(
  connection: Connection,
  list: string,
  { from, until }: { from: string; until: string },
  most: number,
): Promise<Item[]> {
  const listed = {
    IndexName: LISTING,
    KeyConditionExpression: 'listed = :list AND place BETWEEN :from AND :until',
    ExpressionAttributeValues: { ':list': text(list), ':from': text(from), ':until': text(until) },
    ScanIndexForward: false,
  }
  return query(connection, listed, most)
}

function newestFirst(a: Item, b: Item): number {
  return byText(textOf(b, 'place') ?? '', textOf(a, 'place') ?? '')
}

function byStart(a: Run, b: Run): number {
  return byText(placeOf(b), placeOf(a))
}
