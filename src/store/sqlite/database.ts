/** The SQLite file of a run store: made whole, opened with its schema checked, its errors named. */
import { linkSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ulid } from 'ulid'
import { StoreError } from '../store-error.ts'
import { MIGRATIONS } from './migrations.ts'

/** ms to wait for another process's write. */
const BUSY_TIMEOUT = 10_000

/**
 * Opens the database, migrated to the schema that this version knows; undefined when there is none.
 * Errors: `StoreError`. A file that is newer, damaged or somebody else's is left as it is.
 */
export function openDatabase(file: string, migrations = MIGRATIONS): DatabaseSync | undefined {
  return named(file, () => {
    if (!statSync(file, { throwIfNoEntry: false })) return undefined
    const database = connect(file)
    try {
      migrate(database, file, migrations)
    } catch (error) {
      database.close()
      throw error
    }
    return database
  })
}

/**
 * Makes the database with its folder unless it is there. It is made under another name and then linked to its own,
 * so that nobody, and no crash, ever sees half of it and the first of several makers wins.
 */
export function makeDatabase(file: string, migrations = MIGRATIONS): void {
  named(file, () => {
    mkdirSync(dirname(file), { recursive: true })
    const draft = `${file}.${ulid()}`
    try {
      const database = connect(draft)
      database.exec('PRAGMA journal_mode = WAL')
      bringTo(database, migrations)
      database.close()
      linkSync(draft, file)
    } catch (error) {
      if (fact(error, 'code') !== 'EEXIST') throw error
    } finally {
      for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
    }
  })
}

/** Runs `work`, turning what the file system and SQLite throw into a `StoreError`. */
export function named<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeError(file, error)
  }
}

function connect(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT })
  // A commit must survive a power failure: it is the before-state and undo of a change about to be made.
  database.exec('PRAGMA synchronous = FULL')
  return database
}

function migrate(database: DatabaseSync, file: string, migrations: readonly string[]): void {
  const known = migrations.length
  const found = schemaVersion(database)
  if (found === 0) throw new StoreError('damaged', `${file} is no run store; it was left as it is`)
  if (found > known)
    throw new StoreError(
      'newer',
      `${file} has schema ${found}, this version knows ${known}: use the newer version`,
    )
  if (found < known) bringTo(database, migrations)
}

/** Runs the migrations that are still missing, all or none. Closing the database takes back what failed. */
function bringTo(database: DatabaseSync, migrations: readonly string[]): void {
  database.exec('BEGIN IMMEDIATE')
  // The version counts from here on: another process may have migrated while this one waited.
  const missing = migrations.slice(schemaVersion(database))
  for (const migration of missing) database.exec(migration)
  if (missing.length > 0) database.exec(`PRAGMA user_version = ${migrations.length}`)
  database.exec('COMMIT')
}

function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version)
}

// Primary result codes, https://www.sqlite.org/rescode.html
const BUSY = [5, 6]
const DAMAGED = [11, 26]

/** Whether SQLite gave up waiting for another connection's lock. */
export function isBusy(error: unknown): boolean {
  return BUSY.includes(resultCode(error))
}

function storeError(file: string, error: unknown): unknown {
  const why = String(fact(error, 'message'))
  if (isBusy(error))
    return new StoreError('busy', `${file} is held by another process; try again`, { cause: error })
  if (DAMAGED.includes(resultCode(error)))
    return new StoreError(
      'damaged',
      `${file} is damaged (${why}); it was left as it is: move it away or restore it`,
      { cause: error },
    )
  // `errno`: the operating system refused.
  if (fact(error, 'code') === 'ERR_SQLITE_ERROR' || fact(error, 'errno') !== undefined)
    return new StoreError('unusable', `cannot use ${file}: ${why}`, { cause: error })
  return error
}

function resultCode(error: unknown): number {
  return Number(fact(error, 'errcode') ?? 0) & 0xff
}

/** What Node's own errors say beside their message. */
function fact(error: unknown, name: 'code' | 'errcode' | 'errno' | 'message'): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined
}
