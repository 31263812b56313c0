import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { aRun, COMMITTED, commitOf, GROUP, taking } from './example-commits.ts'
import { killWorkers, startWorker } from './worker-processes.ts'

const root = mkdtempSync(join(tmpdir(), 'rectify-processes-'))
afterAll(() => rmSync(root, { recursive: true }))
afterEach(killWorkers)

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(root, 'state-')), '.rectify')
})

describe('several processes on one store', () => {
  test('make it together: all first writes are stored', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const workers = names.map(() => startWorker(folder))
    const results = await Promise.all(
      workers.map((worker, i) => worker.ask({ do: 'commit', run: names[i] ?? '' })),
    )
    expect(results).toEqual(names.map(() => COMMITTED))
    const store = sqliteStore(folder)
    expect((await store.list()).map(({ id }) => id).sort()).toEqual(names)
    await store.close()
    expect(readdirSync(folder).filter((name) => !name.startsWith('runs.db'))).toEqual([])
    expect(readdirSync(folder).filter((name) => /runs\.db\.\w{26}/.test(name))).toEqual([])
  })

  // Two findings for one resource at the same moment.
  test('race for one lock: exactly one wins each epoch', async () => {
    const names = ['a', 'b', 'c', 'd']
    const until = 200
    const workers = names.map(() => startWorker(folder))
    const won = await Promise.all(
      workers.map(
        (worker, i) => worker.ask({ do: 'race', name: names[i] ?? '', until }) as Promise<number[]>,
      ),
    )
    expect(won.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: until }, (_, epoch) => epoch))
    const store = sqliteStore(folder)
    expect(await store.lock(GROUP)).toEqual({ epoch: until })
    await store.close()
  })

  test('race for the run of a dead owner: exactly one takes it up', async () => {
    const store = sqliteStore(folder)
    await store.commit(commitOf(aRun('run-1'), { lock: taking('the dead') }))
    const owners = ['a', 'b', 'c', 'd']
    const workers = owners.map(() => startWorker(folder))
    const results = await Promise.all(
      workers.map((worker, i) => worker.ask({ do: 'takeUp', owner: owners[i] ?? '', epoch: 0 })),
    )
    const winners = owners.filter((_, i) => JSON.stringify(results[i]) === JSON.stringify(COMMITTED))
    expect(winners).toHaveLength(1)
    expect((await store.lock(GROUP)).lockedBy?.owner).toBe(winners[0])
    await store.close()
  })

  test('one is killed while it writes: what it was answered is stored, whole, and the file is sound', async () => {
    const worker = startWorker(folder)
    const answered: string[] = []
    await new Promise<void>((resolve) => {
      worker.listen((id) => {
        answered.push(String(id))
        if (answered.length === 100) resolve()
      })
      worker.ask({ do: 'commitForEver' }).catch(() => undefined)
    })
    await worker.kill()
    const store = sqliteStore(folder)
    const stored = await store.list()
    expect(stored.map(({ id }) => id)).toEqual(expect.arrayContaining(answered))
    for (const { id } of stored) expect(await store.audit(id)).toHaveLength(1)
    await store.close()
    const database = new DatabaseSync(join(folder, 'runs.db'))
    expect(database.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' })
    database.close()
  })
})
