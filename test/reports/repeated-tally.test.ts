import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { PlanCounts } from '../../src/reports/rehearsal/repeated/plan-counts.ts'
import { type RepeatedResource, RepeatedTally } from '../../src/reports/rehearsal/repeated/repeated-tally.ts'

type Plan = [resource: string, playbook: string]

/** What is found by keeping all of them. */
function kept(plans: readonly Plan[]): RepeatedResource[] {
  return [...Map.groupBy(plans, ([resource]) => resource)]
    .map(([resource, its]) => ({
      ...{ resource, plans: its.length },
      playbooks: [...new Set(its.map(([, playbook]) => playbook))],
    }))
    .filter((one) => one.plans > 1)
    .sort((a, b) => b.plans - a.plans)
    .slice(0, 50)
}

function tallied(plans: readonly Plan[]): RepeatedResource[] {
  const tally = new RepeatedTally()
  for (const [resource, playbook] of plans) tally.add(resource, playbook)
  return tally.list()
}

test('finds the same resources, in the same order, as if all were kept', () => {
  const plan = (resources: number) =>
    fc.tuple(
      fc.integer({ min: 0, max: resources }).map((n) => `arn:aws:s3:::bucket-${n}`),
      fc.constantFrom('block', 'encrypt', 'log'),
    )
  const plans = fc.constantFrom(3, 80, 600).chain((most) => fc.array(plan(most), { maxLength: 1500 }))
  fc.assert(
    fc.property(plans, (all) => expect(tallied(all)).toEqual(kept(all))),
    { numRuns: 60 },
  )
})

test('one that gets its plans last, when the names of others have gone and come, is found', () => {
  const twice = Array.from({ length: 3000 }, (_, n): Plan[] => [
    [`r${n}`, 'a'],
    [`r${n}`, 'b'],
  ]).flat()
  const late: Plan[] = [
    ['r2999', 'b'],
    ['r1700', 'c'],
  ]
  expect(tallied([...twice, ...late])).toEqual(kept([...twice, ...late]))
})

test('counts each of any number of resources by itself', () => {
  const counts = new PlanCounts()
  const numbers = Array.from({ length: 20_000 }, (_, n) => n)
  expect(numbers.every((n) => counts.add(`r${n}`, 'a').row === n)).toBe(true)
  const again = numbers.filter((n) => n % 3 === 0)
  expect(again.every((n) => counts.add(`r${n}`, 'b').row === n)).toBe(true)
  expect(numbers.every((row) => counts.plansOf(row) === (row % 3 === 0 ? 2 : 1))).toBe(true)
  expect([counts.playbooksOf(3), counts.playbooksOf(4)]).toEqual([['a', 'b'], ['a']])
})
