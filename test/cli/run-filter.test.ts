import { beforeAll, describe, expect, test } from '@jest/globals'
import { Command } from 'commander'
import { addRunConditions, filterOf, type RunConditions } from '../../src/cli/input/run-filter.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { commitOf } from '../store/example-commits.ts'
import { sampleRun } from '../support/sample-run.ts'

const conditions = (...args: string[]): RunConditions =>
  addRunConditions(new Command())
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .parse(args, { from: 'user' })
    .opts()

const runs = [
  sampleRun({ id: '3', outcome: null, state: 'waiting', startedAt: '2026-11-22T00:00:00.000Z' }),
  sampleRun({
    id: '2',
    outcome: 'failed',
    playbook: 'ssm-patch-instance',
    startedAt: '2026-11-21T00:00:00.000Z',
  }),
  sampleRun({ id: '1', startedAt: '2026-11-20T00:00:00.000Z' }),
  sampleRun({
    ...{ id: '0', outcome: null, state: 'waiting', waitingFor: 'freeze' },
    heldBy: { rail: 'freeze', reason: 'freeze "year end"' },
    startedAt: '2026-11-19T00:00:00.000Z',
  }),
]
const store = memoryStore()
beforeAll(async () => {
  for (const run of runs) await store.commit(commitOf({ ...run, revision: 1 }))
})
const found = async (...args: string[]) =>
  (await store.list(filterOf(conditions(...args)))).map(({ id }) => id)

describe('a list of runs', () => {
  test.each<[string, string[], string[]]>([
    ['nothing', [], ['3', '2', '1', '0']],
    ['outcomes and states, in any case', ['--outcome', 'Failed,waiting'], ['3', '2', '0']],
    ['what a guard rail holds', ['--outcome', 'held,failed'], ['2', '0']],
    ['a playbook', ['--playbook', 'ssm-patch-instance'], ['2']],
    ['an account', ['--account', '999999999999'], []],
    ['a resource by id', ['--resource', 'sg-1'], ['3', '2', '1', '0']],
    ['a resource by a pattern of its ARN', ['--resource', 'arn:*:eu-west-1:*'], []],
    ['a day', ['--since', '2026-11-21'], ['3', '2']],
    ['a time ago', ['--since', '36500h'], ['3', '2', '1', '0']],
    ['a number', ['--limit', '1'], ['3']],
  ])('can be limited by %s', async (_, args, expected) => {
    expect(await found(...args)).toEqual(expected)
  })

  test.each([
    [['--outcome', 'remediate'], /did you mean "remediated"/],
    [['--outcome', 'xyzzy'], /there are remediated, /],
    [['--since', 'yesterday'], /such as 24h/],
    [['--limit', '0'], /such as 20/],
  ])('refuses %j', (args, message) => {
    expect(() => conditions(...args)).toThrow(message)
  })
})
