import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { makeDatabase, openDatabase } from '../../src/store/sqlite/database.ts'
import { MIGRATIONS } from '../../src/store/sqlite/migrations.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { keepsTheContract } from './contract.ts'
import { aFinding, aRun, COMMITTED, commitOf, GROUP, taking } from './example-commits.ts'

const root = mkdtempSync(join(tmpdir(), 'rectify-store-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder: string
let file: string
beforeEach(() => {
  folder = join(mkdtempSync(join(root, 'state-')), '.rectify')
  file = join(folder, 'runs.db')
})

describe('the run store in SQLite', () => {
  keepsTheContract(() => sqliteStore(join(mkdtempSync(join(root, 'contract-')), '.rectify')))
})

describe('the state folder', () => {
  test('is not made by reading, and reads as empty', async () => {
    const store = sqliteStore(folder)
    expect(await store.get('run-1')).toBeUndefined()
    expect(await store.list()).toEqual([])
    expect(await store.lock(GROUP)).toEqual({ epoch: 0 })
    await store.close()
    expect(existsSync(folder)).toBe(false)
  })

  test('is made by the first write, with nothing but the database, and read by the next process', async () => {
    const store = sqliteStore(folder)
    await store.commit(commitOf(aRun('run-1'), { lock: taking('me') }))
    await store.attach('run-1', [aFinding('a')])
    await store.close()
    expect(readdirSync(folder)).toEqual(['runs.db'])
    const again = sqliteStore(folder)
    expect(await again.get('run-1')).toEqual(aRun('run-1'))
    expect((await again.lock(GROUP)).lockedBy?.owner).toBe('me')
    expect(await again.attached('run-1')).toHaveLength(1)
    await again.close()
  })

  test('that appears after a first look is seen', async () => {
    const early = sqliteStore(folder)
    expect(await early.list()).toEqual([])
    const writer = sqliteStore(folder)
    await writer.commit(commitOf(aRun('run-1')))
    expect(await early.list()).toHaveLength(1)
    await writer.close()
    await early.close()
  })

  test('that cannot be written is an error that names it', async () => {
    writeFileSync(folder, 'a file where the folder should be')
    const store = sqliteStore(folder)
    const commit = store.commit(commitOf(aRun('run-1')))
    await expect(commit).rejects.toMatchObject({ name: 'StoreError', kind: 'unusable' })
    await expect(commit).rejects.toThrow(folder)
    await store.close()
  })
})

describe('the database file', () => {
  test('that is damaged is an error, and is left as it is', async () => {
    const damaged = 'this is not a database, but it may be all that is left of one. '.repeat(99)
    mkdirSync(folder)
    writeFileSync(file, damaged)
    const store = sqliteStore(folder)
    await expect(store.list()).rejects.toMatchObject({ name: 'StoreError', kind: 'damaged' })
    await expect(store.commit(commitOf(aRun('run-1')))).rejects.toMatchObject({ kind: 'damaged' })
    expect(readFileSync(file, 'utf8')).toBe(damaged)
  })

  test('whose pages are damaged is an error', async () => {
    const store = sqliteStore(folder)
    for (let i = 0; i < 50; i++) await store.commit(commitOf(aRun(`run-${i}`, { reason: 'x'.repeat(5000) })))
    await store.close()
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(0xff, 4096))
    const broken = sqliteStore(folder)
    await expect(broken.list()).rejects.toMatchObject({ kind: 'damaged' })
    await broken.close()
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })

  test('that belongs to something else is refused', async () => {
    mkdirSync(folder)
    const foreign = new DatabaseSync(file)
    foreign.exec('CREATE TABLE albums (title TEXT)')
    foreign.close()
    const store = sqliteStore(folder)
    await expect(store.list()).rejects.toThrow(/is no run store/)
    await expect(store.commit(commitOf(aRun('run-1')))).rejects.toThrow(/is no run store/)
  })

  test('of a newer version is refused and not touched', async () => {
    makeDatabase(file, [...MIGRATIONS, 'CREATE TABLE later (id TEXT)'])
    const store = sqliteStore(folder)
    await expect(store.list()).rejects.toMatchObject({
      kind: 'newer',
      message: expect.stringContaining(`schema ${MIGRATIONS.length + 1}`),
    })
    await expect(store.commit(commitOf(aRun('run-1')))).rejects.toMatchObject({ kind: 'newer' })
  })

  test('of an older version is migrated, step by step, with what is in it', async () => {
    const store = sqliteStore(folder)
    await store.commit(commitOf(aRun('run-1')))
    await store.close()
    const later = [...MIGRATIONS, 'CREATE TABLE notes (id TEXT)', 'ALTER TABLE notes ADD COLUMN text TEXT']
    openDatabase(file, later)?.close()
    const migrated = openDatabase(file, later)
    expect(migrated?.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: later.length })
    expect(migrated?.prepare('SELECT id FROM runs').all()).toMatchObject([{ id: 'run-1' }])
    expect(migrated?.prepare('SELECT text FROM notes').all()).toEqual([])
    migrated?.close()
  })

  test('from before the kill switch gets it, and keeps its runs', async () => {
    makeDatabase(file, MIGRATIONS.slice(0, 1))
    const store = sqliteStore(folder)
    await store.commit(commitOf(aRun('run-1')))
    await store.setControl({ paused: true })
    expect(await store.control()).toEqual({ paused: true })
    expect(await store.list()).toHaveLength(1)
    await store.close()
  })

  test('from before there were guard rails stays paused, and counts from then on', async () => {
    makeDatabase(file, MIGRATIONS.slice(0, 8))
    const old = new DatabaseSync(file)
    old.exec(`INSERT INTO control (id, body) VALUES (1, '{"paused":true}')`)
    old.close()
    const store = sqliteStore(folder)
    await store.setControlOf('playbook:p', { paused: true })
    expect((await store.allControls()).map(({ scope }) => scope)).toEqual(['all', 'playbook:p'])
    expect(await store.takeToken('runs', { key: 'one', until: 2 }, 1, 1)).toEqual({ taken: true })
    expect(await store.exemptions()).toEqual([])
    await store.close()
  })

  test('from before holds could be put off keeps them as they are', async () => {
    makeDatabase(file, MIGRATIONS.slice(0, 2))
    const old = new DatabaseSync(file)
    old.exec(
      `INSERT INTO holds (resource, entry, run, until, made_by) VALUES ('set', 'one', 'run-1', 5, 'run-0')`,
    )
    old.close()
    const store = sqliteStore(folder)
    const timeBox = { resource: 'set', entry: 'one', key: 'run-1', run: 'run-1', until: 5, madeBy: 'run-0' }
    expect(await store.timeBoxes('set')).toEqual([timeBox])
    expect([await store.timeBoxesDue(4), await store.timeBoxesDue(5)]).toEqual([[], [timeBox]])
    await store.close()
  })

  test('from before the updates of a finding were one holder makes them one, that ends with the last', async () => {
    makeDatabase(file, MIGRATIONS.slice(0, 3))
    const old = new DatabaseSync(file)
    for (const id of ['run-1', 'run-2', 'run-3']) {
      const key = id === 'run-3' ? 'set#other' : 'set#finding'
      const body = JSON.stringify(aRun(id, { key }))
      old
        .prepare('INSERT INTO runs (id, state, started_at, body) VALUES (?, ?, ?, ?)')
        .run(id, 'closed', '', body)
    }
    old.exec(`INSERT INTO holds (resource, entry, run, until, made_by) VALUES
      ('set', 'one', 'run-2', 9, 'run-1'), ('set', 'one', 'run-1', 5, 'run-1'), ('set', 'one', 'run-3', 7, 'run-1'),
      ('set', 'one', 'gone', 8, 'run-1')`)
    old.close()
    const store = sqliteStore(folder)
    const timeBox = (key: string, run: string, until: number) => ({
      ...{ resource: 'set', entry: 'one', key, run, until, madeBy: 'run-1' },
    })
    expect(await store.timeBoxes('set')).toEqual([
      timeBox('gone', 'gone', 8),
      timeBox('set#finding', 'run-2', 9),
      timeBox('set#other', 'run-3', 7),
    ])
    await store.close()
  })

  test('says of a lock by whom it is held as version 0.1 does, whose processes may use the same file', async () => {
    const store = sqliteStore(folder)
    await store.commit(commitOf(aRun('run-1'), { lock: taking('me') }))
    await store.close()
    const raw = new DatabaseSync(file)
    const stored = JSON.parse(String(raw.prepare('SELECT body FROM locks').get()?.body))
    expect(stored).toEqual({ epoch: 0, held: { run: 'run-1', owner: 'me', until: expect.any(Number) } })
    raw.close()
  })

  test('whose migration fails stays at its version', () => {
    makeDatabase(file)
    expect(() =>
      openDatabase(file, [...MIGRATIONS, 'CREATE TABLE notes (id TEXT); CREATE TABLE runs (id TEXT)']),
    ).toThrow()
    const same = openDatabase(file)
    expect(same?.prepare("SELECT name FROM sqlite_schema WHERE name = 'notes'").all()).toEqual([])
    same?.close()
  })

  test('survives a power failure after each commit: write-ahead log, synced', async () => {
    makeDatabase(file)
    const database = openDatabase(file)
    expect(database?.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
    expect(database?.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 })
    database?.close()
  })
})

describe('writes of the same moment', () => {
  test('share a transaction, and one that fails does not take the others along', async () => {
    const store = sqliteStore(folder)
    const results = await Promise.allSettled([
      store.commit(commitOf(aRun('run-1'), { lock: taking('me') })),
      store.attach('nobody', [aFinding('a')]),
      store.commit(commitOf(aRun('run-2'), { undone: { run: 'nobody', by: 'run-2' } })),
      store.commit(commitOf(aRun('run-3'), { lock: taking('you') })),
      store.commit(commitOf(aRun('run-4'))),
    ])
    expect(
      results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.kind)),
    ).toEqual([COMMITTED, 'misuse', 'misuse', { kind: 'conflict', on: 'lock' }, COMMITTED])
    expect((await store.list()).map(({ id }) => id)).toEqual(['run-4', 'run-1'])
    await store.close()
  })

  test('are stored by a close that follows at once, and a closed store says so', async () => {
    const store = sqliteStore(folder)
    const commit = store.commit(commitOf(aRun('run-1')))
    await store.close()
    expect(await commit).toEqual(COMMITTED)
    await expect(store.get('run-1')).rejects.toThrow(/is closed/)
    await expect(store.commit(commitOf(aRun('run-2')))).rejects.toThrow(/is closed/)
  })

  const withTrigger = async (action: 'FAIL' | 'ROLLBACK') => {
    makeDatabase(file)
    const database = openDatabase(file)
    database?.exec(
      `CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(${action}, 'no more'); END`,
    )
    database?.close()
    const store = sqliteStore(folder)
    const results = await Promise.allSettled([
      store.commit(commitOf(aRun('run-1'))),
      store.commit(commitOf(aRun('run-2'), { audit: [{ at: aRun('run-2').startedAt, event: 'started' }] })),
      store.commit(commitOf(aRun('run-3'))),
    ])
    const stored = await store.list()
    await store.close()
    return { answers: results.map(({ status }) => status), stored: stored.map(({ id }) => id).sort() }
  }

  test('of which one fails half way are stored without its first half', async () => {
    expect(await withTrigger('FAIL')).toEqual({
      answers: ['fulfilled', 'rejected', 'fulfilled'],
      stored: ['run-1', 'run-3'],
    })
  })

  test('are all refused when the database gives up their transaction', async () => {
    expect(await withTrigger('ROLLBACK')).toEqual({
      answers: ['rejected', 'rejected', 'rejected'],
      stored: [],
    })
  })
})
