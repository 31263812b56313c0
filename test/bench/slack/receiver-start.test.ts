import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { bundleRunner } from '../../../bench/runner-bundle.ts'
import { receiverStart } from '../../../bench/slack/receiver-start.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rectify-receiver-'))
  await bundleRunner(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What the figure stands on: the bench throws unless a genuine click is decided and a forged one asks for nothing. */
test('a cold start answers a genuine click and turns a forged one away', async () => {
  const { genuine, forged } = await receiverStart(folder, 1)
  expect([genuine.n, forged.n]).toEqual([1, 1])
  expect(genuine.handled.p50).toBeGreaterThan(genuine.loaded.p50)
  expect(forged.handled.p50).toBeGreaterThanOrEqual(forged.loaded.p50)
}, 60_000)
