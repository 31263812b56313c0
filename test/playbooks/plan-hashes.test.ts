import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { canonicalJson, type Json } from '../../src/playbook/json.ts'
import type { Plan } from '../../src/playbook/plan.ts'
import { finding, newWorld, start } from '../engine/simulated-world.ts'
import type { Fields } from '../support/aws-model/failure.ts'
import { type LiveResource, namedBy, ruleOf, type SettingRow, type SettingTable } from './setting-table.ts'
import { tables } from './setting-tables.ts'

/** What a person approves is a plan by its hash: the same for the same change, and another for another one. */

/** The same value with the keys of its objects in an order of their own. */
function reordered<T>(value: T, turn: number): T {
  if (Array.isArray(value)) return value.map((one) => reordered(one, turn)) as T
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const entries = Object.entries(value).map(([key, one]) => [key, reordered(one, turn)] as const)
  const at = entries.length === 0 ? 0 : turn % entries.length
  return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)].reverse()) as T
}

/** What would be done about a row, in a world of its own. */
async function planned(table: SettingTable, row: SettingRow, live: Fields | null): Promise<Plan> {
  const { playbook } = table
  const world = newWorld(
    `version: 1\nrules:\n${ruleOf(playbook, 'auto', row.parameters ?? table.parameters)}`,
  )
  const resource: LiveResource = { isThere: true, values: live, tags: [], more: row.more ?? {} }
  world.aws.answeringAll(table.aws(resource))
  const about = namedBy({ playbook, finding: { ...table.finding, ...row.finding } }, world.aws.account)
  const { runs } = await start(world).engine.handle([finding(world, about)], 'plan')
  return runs.find((run) => run.playbook === playbook.id)!.plan!
}

/** What the hash is said to be of (`planHash`). */
const changeOf = ({ before, after, steps }: Plan): string =>
  canonicalJson({ before, after, steps: steps.map(({ call, undo }) => ({ call, undo })) } as unknown as Json)

describe.each(tables.map((table) => [table.playbook.id, table] as const))('a plan of %s', (_, table) => {
  const sets = table.rows.filter(({ leads }) => leads === 'set')

  test('has the same hash however AWS orders its answer, and another for another change', async () => {
    const any = fc.constantFrom(...sets)
    await fc.assert(
      fc.asyncProperty(any, any, fc.nat({ max: 5 }), async (row, other, turn) => {
        const plan = await planned(table, row, row.live)
        const again = await planned(table, row, reordered(row.live, turn))
        const another = await planned(table, other, other.live)
        expect(again.hash).toBe(plan.hash)
        expect(another.hash === plan.hash).toBe(changeOf(another) === changeOf(plan))
      }),
      { numRuns: 6 },
    )
  })
})
