import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

export type Prepare = DatabaseSync['prepare']

type Row = Record<string, SQLOutputValue>

/** What a row keeps as JSON in its column `body`. */
export function theBody<T>(row: Row): T {
  return JSON.parse(String(row.body))
}

export function body<T>(row: Row | undefined): T | undefined {
  return row && theBody(row)
}
