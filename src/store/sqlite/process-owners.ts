import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ulid } from 'ulid'
import type { Owners } from '../../run/store.ts'
import { StoreError } from '../store-error.ts'
import { isBusy, named } from './database.ts'

const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/

/**
 * Owners that are processes of this machine. Each holds an exclusive SQLite lock on a file of its own,
 * `<folder>/owners/<ULID>.db`, for as long as it lives; the kernel frees it at death, however it dies. A stopped
 * process lives. The file is made when `self` is first read, so a command that drives nothing leaves no trace.
 */
export function processOwners(folder: string): Owners {
  const files = join(folder, 'owners')
  let held: { owner: string; release: () => void } | undefined
  return {
    get self() {
      held ??= named(files, () => {
        mkdirSync(files, { recursive: true })
        forgetTheDead(files)
        return claim(files)
      })
      return held.owner
    },
    async alive(owner) {
      if (owner === held?.owner) return true
      // Not one of ours, so nothing here could prove it dead: its lease runs out by itself.
      return ULID.test(owner) ? named(files, () => lives(fileOf(files, owner))) : true
    },
    async release() {
      held?.release()
      held = undefined
    },
  }
}

function fileOf(files: string, owner: string): string {
  return join(files, `${owner}.db`)
}

/** Locks a new owner file. One that another process cleared away before it was locked is given up for another. */
function claim(files: string): { owner: string; release: () => void } {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const owner = ulid()
    const file = fileOf(files, owner)
    const database = locked(file)
    // Whoever clears a file away holds its lock meanwhile, so one that is there once it is locked stays.
    if (database && existsSync(file))
      return {
        owner,
        release: () => {
          rmSync(file, { force: true })
          database.close()
        },
      }
    database?.close()
  }
  throw new StoreError('busy', `no owner file in ${files} could be locked; try again`)
}

function locked(file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    // Nothing is ever written, so no journal need lie beside it.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if (isBusy(error)) return undefined
    throw error
  }
}

/**
 * Whether the file's lock is held. A file without a holder is cleared away. The question takes the shared lock only,
 * so that two who ask at once do not take each other for the owner.
 */
function lives(file: string): boolean {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 0, open: false })
  try {
    database.open()
    database.exec('BEGIN')
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    rmSync(file, { force: true })
    return false
  } catch (error) {
    if (isBusy(error)) return true
    if (!existsSync(file)) return false
    throw error
  } finally {
    if (database.isOpen) database.close()
  }
}

function forgetTheDead(files: string): void {
  for (const name of readdirSync(files)) if (ULID.test(name.replace(/\.db$/, ''))) lives(join(files, name))
}
