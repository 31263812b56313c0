import { describe, expect, test } from '@jest/globals'
import { plain } from '../../src/reports/paint.ts'
import { runText } from '../../src/reports/run/run-text.ts'
import type { Run } from '../../src/run/run.ts'
import { AUTO, finding, newWorld, start, type World } from '../engine/simulated-world.ts'
import { type Fields, withoutLists } from '../support/aws-model/failure.ts'
import type { AdviceTable } from './advice-table.ts'
import { type LiveResource, namedBy } from './setting-table.ts'
import { adviceTables } from './setting-tables.ts'

/** What a detector says of the table's resource, to the end, where AWS holds this. */
async function ended(
  table: AdviceTable,
  more: Fields,
  { policy = AUTO, prepare }: { policy?: string; prepare?: (on: World, resource: LiveResource) => void } = {},
): Promise<{ run: Run; world: World }> {
  const world = newWorld(policy)
  const resource: LiveResource = { isThere: true, values: null, tags: [], more }
  world.aws.answeringAll(table.aws(resource))
  prepare?.(world, resource)
  const about = finding(world, namedBy(table, world.aws.account))
  const { runs } = await start(world).engine.handle([about], 'apply')
  const own = runs.filter(({ playbook }) => playbook === table.playbook.id)
  expect(own).toHaveLength(1)
  return { run: own[0]!, world }
}

describe.each(adviceTables.map((table) => [table.playbook.id, table] as const))('%s', (_, table) => {
  const { playbook, id, rows, optionalReads = [], madeFor = {} } = table
  const wrong = rows[0]!.live
  const reads = playbook.reads.filter((action) => action !== 'config:DescribeConfigRules')

  test.each(rows.map((row) => [`${JSON.stringify(row.live)} ${row.finding?.type ?? ''}`, row] as const))(
    'says of %s what is wrong and what to do, and changes nothing',
    async (_text, { live, finding = table.finding, leads }) => {
      const { run, world } = await ended({ ...table, finding }, live)
      expect(run).toMatchObject({
        outcome: leads.outcome,
        reason: expect.stringContaining(leads.reason),
        target: { id },
      })
      const todo = leads.outcome === 'notified' ? leads.todo : undefined
      expect(run.advice).toEqual(todo?.map((part) => expect.stringContaining(part)))
      for (const part of todo ?? []) expect(runText(run, playbook.title, plain)).toContain(part)
      expect(world.aws.changes()).toEqual([])
    },
  )

  test('changes nothing, whatever it may', () => {
    expect(rows[0]!.leads.outcome).toBe('notified')
    expect(playbook).toMatchObject({ kind: 'advice', writes: [], suggestedMode: 'notify' })
  })

  test('is silent where the policy says so', async () => {
    const { run } = await ended(table, wrong, { policy: 'version: 1\nrules:\n  - mode: off\n' })
    expect(run).toMatchObject({ outcome: 'off' })
    expect(run.advice).toBeUndefined()
  })

  if (!table.isAlwaysThere) {
    test('knows what is gone', async () => {
      const { run } = await ended(table, wrong, {
        prepare: (_world, resource) => {
          resource.isThere = false
        },
      })
      expect(run).toMatchObject({ outcome: 'resourceGone' })
    })
  }

  test.each(reads)('doubts nothing away where %s is denied', async (action) => {
    const { run } = await ended(table, madeFor[action] ?? wrong, {
      prepare: (world) => world.aws.fault({ on: action, kind: 'deny' }),
    })
    if (optionalReads.includes(action)) expect(run.outcome).toBe('notified')
    else expect(run).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(action) })
  })

  test.each(reads)(
    'ends where AWS leaves all lists out of the answer to %s, and does not trip',
    async (action) => {
      const { run } = await ended(table, madeFor[action] ?? wrong, {
        prepare: (world) =>
          world.aws.fault({ on: action, answer: (answer) => withoutLists(answer) as Fields }),
      })
      expect(run).toMatchObject({ state: 'closed', outcome: expect.any(String) })
      expect(run.reason).not.toMatch(/undefined|not iterable|cannot read/i)
    },
  )
})
