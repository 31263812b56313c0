import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Owners } from '../../src/run/store.ts'
import { processOwners } from '../../src/store/sqlite/process-owners.ts'
import { killWorkers, startWorker } from './worker-processes.ts'

const root = mkdtempSync(join(tmpdir(), 'rectify-owners-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder: string
let owners: Owners
beforeEach(() => {
  folder = join(mkdtempSync(join(root, 'state-')), '.rectify')
  owners = processOwners(folder)
})
afterEach(async () => {
  await owners.release()
  await killWorkers()
})

const files = () => readdirSync(join(folder, 'owners'))

describe('an owner that is a process', () => {
  test('leaves no trace until it is named', async () => {
    expect(await owners.alive('01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe(false)
    expect(existsSync(folder)).toBe(false)
    expect(owners.self).toMatch(/^[0-9A-Z]{26}$/)
    expect(files()).toEqual([`${owners.self}.db`])
  })

  test('keeps its name, and lives until it is released', async () => {
    const other = processOwners(folder)
    const { self } = owners
    expect(owners.self).toBe(self)
    expect(other.self).not.toBe(self)
    expect([await owners.alive(self), await other.alive(self)]).toEqual([true, true])
    await owners.release()
    expect(await other.alive(self)).toBe(false)
    expect(files()).toEqual([`${other.self}.db`])
    await other.release()
  })

  test('lives as long as its process, and is dead once that is killed', async () => {
    const worker = startWorker(folder)
    const owner = String(await worker.ask({ do: 'own' }))
    expect(await owners.alive(owner)).toBe(true)
    await worker.kill()
    expect(await owners.alive(owner)).toBe(false)
    expect(files()).toEqual([])
    expect(await owners.alive(owner)).toBe(false)
  })

  test('lives while its process is stopped', async () => {
    const worker = startWorker(folder)
    const owner = String(await worker.ask({ do: 'own' }))
    await worker.stop()
    expect(await owners.alive(owner)).toBe(true)
  })

  test('clears away what the dead left, and nothing of the living', async () => {
    const [first, second] = [startWorker(folder), startWorker(folder)]
    const [living] = [await first.ask({ do: 'own' }), await second.ask({ do: 'own' })]
    await second.kill()
    expect(files()).toHaveLength(2)
    const { self } = owners
    expect(files().sort()).toEqual([`${living}.db`, `${self}.db`].sort())
    expect(await owners.alive(String(living))).toBe(true)
  })

  test('counts as alive when nothing could prove it dead', async () => {
    expect(await owners.alive('arn:aws:lambda:eu-west-1:111122223333:function:runner')).toBe(true)
    expect(await owners.alive('../runs')).toBe(true)
  })

  test('many that start at once all live under names of their own', async () => {
    const workers = Array.from({ length: 6 }, () => startWorker(folder))
    const names = await Promise.all(workers.map((worker) => worker.ask({ do: 'own' })))
    expect(new Set(names).size).toBe(6)
    for (const name of names) expect(await owners.alive(String(name))).toBe(true)
  })
})
