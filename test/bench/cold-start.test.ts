import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type AwsProcess, startAws } from '../../bench/aws-process.ts'
import { coldStart } from '../../bench/cold-start.ts'
import { bundleRunner } from '../../bench/runner-bundle.ts'

let aws: AwsProcess
let folder: string

beforeAll(async () => {
  aws = await startAws()
  folder = await mkdtemp(join(tmpdir(), 'rectify-runner-'))
  await bundleRunner(folder)
})
afterAll(async () => {
  aws.stop()
  await rm(folder, { recursive: true, force: true })
})

/** What the figure stands on: a first message that is carried to its end, each time by a process of its own. */
test('a cold start carries its first message from the look to the proof', async () => {
  const { n, loaded, handled } = await coldStart(aws, folder, 1)
  expect(n).toBe(1)
  expect(handled.p50).toBeGreaterThan(loaded.p50)
  const { calls, openRules } = await aws.seen()
  expect(openRules).toBe(0)
  const operations = calls.map(({ operation }) => operation)
  expect(operations.filter((name) => name === 'DescribeSecurityGroupRules')).toHaveLength(2)
  expect(operations.filter((name) => name === 'RevokeSecurityGroupIngress')).toHaveLength(1)
  expect(operations.filter((name) => name === 'TransactWriteItems')).toHaveLength(2)
}, 60_000)
