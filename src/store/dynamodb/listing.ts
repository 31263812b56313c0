import type { Run, RunState } from '../../run/run.ts'
import type { RunFilter } from '../../run/store.ts'
import { type Connection, getItems, type Item, query } from './connection.ts'
import { runOf, text } from './items.ts'
import { keyOf, listsOf } from './keys.ts'
import { LISTING } from './run-table.ts'

const STATES: RunState[] = ['open', 'waiting', 'closed']

/**
 * Newest first. The index finds the runs and may lag: a run that started or changed its state a moment ago may be
 * missing. Each run that it finds is read strongly, so none is listed in a state that it no longer has.
 */
export async function listRuns(connection: Connection, { state, limit }: RunFilter): Promise<Run[]> {
  const wanted = STATES.filter((each) => !state || state.includes(each))
  if (limit === 0) return []
  const found = (
    await Promise.all(wanted.flatMap(listsOf).map((list) => inList(connection, list, limit)))
  ).flat()
  // A run that changes its state between the two questions is found twice, and no key may be asked for twice.
  const once = [...new Map(found.map((item) => [item.PK?.S, item])).values()]
  const keys = once.sort(newestFirst).slice(0, limit).map(keyOf)
  const runs = (await getItems(connection, keys)).map(runOf)
  return runs
    .filter((run) => wanted.includes(run.state))
    .sort((a, b) => byText(b.startedAt, a.startedAt) || byText(b.id, a.id))
}

function inList(connection: Connection, list: string, limit: number | undefined): Promise<Item[]> {
  const listed = {
    IndexName: LISTING,
    KeyConditionExpression: 'listed = :list',
    ExpressionAttributeValues: { ':list': text(list) },
    ScanIndexForward: false,
  }
  return query(connection, listed, limit)
}

function newestFirst(a: Item, b: Item): number {
  return byText(b.place?.S ?? '', a.place?.S ?? '')
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
