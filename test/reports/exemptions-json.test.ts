import { expect, test } from '@jest/globals'
import { exemptionsJson } from '../../src/reports/exemptions/exemptions-json.ts'
import type { DecidedBy } from '../../src/run/decided-by.ts'
import type { Run } from '../../src/run/run.ts'
import type { StoredExemption } from '../../src/run/store.ts'
import { policyOf } from '../policy/fake-playbooks.ts'
import { sampleRun } from '../support/sample-run.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')
const UNTIL = '2027-01-31T23:59:59.999Z'
const LINE = '  - { resource: "sg-0*", owner: netops, reason: bastions, until: 2027-01-31 }\n'
const file = (before = '') => policyOf(`version: 1\nrules: []\n${before}exemptions:\n${LINE}`)

const stored: StoredExemption = {
  id: '01K000000000000000000000EX',
  resource: 'sg-1',
  owner: 'netops',
  reason: 'bastions',
  until: UNTIL,
  by: 'alice',
  at: '2026-01-01T00:00:00.000Z',
  origin: 'command',
}

const run = (id: string, reason: string, by?: DecidedBy): Run =>
  sampleRun({
    id,
    outcome: 'exempted',
    reason,
    ruling: { mode: 'exempted', reason, ...(by && { by }) },
  })
const SAID = `exempted by netops until ${'2027-01-31'}: bastions`

const heldBack = (exempted: Run[], policy = file()) =>
  exemptionsJson({ stored: [stored], policy, exempted }, NOW).map(({ origin, heldBack: { newest } }) => [
    origin,
    newest,
  ])

test('a run is held back by the exemption that it goes by, however that is worded by now', () => {
  const runs = [
    run('store', 'in other words', { kind: 'exemption', origin: 'store', id: stored.id }),
    run('file', 'in other words', { kind: 'exemption', origin: 'file', resource: 'sg-0*', until: UNTIL }),
    run('another', SAID, { kind: 'exemption', origin: 'store', id: 'another' }),
    run('other end', SAID, {
      ...{ kind: 'exemption', origin: 'file', resource: 'sg-0*' },
      until: '2026-12-31T23:59:59.999Z',
    }),
  ]
  const expected = [
    ['file', ['file']],
    ['command', ['store']],
  ]
  expect(heldBack(runs)).toEqual(expected)
  // Its line has moved.
  expect(heldBack(runs, file('limits: { atOnce: 3 }\n'))).toEqual(expected)
})

test('a tag is told by what it says', () => {
  const by = { kind: 'tag', tag: 'rectify:exempt-until', until: UNTIL } as const
  const all = exemptionsJson(
    {
      stored: [],
      policy: { kind: 'none' },
      exempted: [
        run('2', 'x', { ...by, owner: 'web: until 2020-01-01: tag' }),
        run('1', 'y', by),
        run('0', 'z', { kind: 'tag', tag: 'rectify:mode' }),
      ],
    },
    NOW,
  )
  expect(all).toMatchObject([
    { origin: 'tag', owner: 'web: until 2020-01-01: tag', until: UNTIL, heldBack: { newest: ['2', '1'] } },
  ])
})

test.each([
  ['the resource', {}],
  ['its VPC', { place: 'vpc' }],
] as const)('a tag of %s is told as that', (place, where) => {
  const by: DecidedBy = { kind: 'tag', tag: 'rectify:exempt-until', until: UNTIL, ...where }
  const given = { stored: [], policy: { kind: 'none' } as const, exempted: [run('1', 'y', by)] }
  expect(exemptionsJson(given, NOW)).toMatchObject([{ origin: 'tag', reason: `tag of ${place}` }])
})

test('runs that were stored before that was noted are told by their reason', () => {
  const tag = 'exempted by web until 2027-01-31: tag rectify:exempt-until'
  expect(heldBack([run('old', SAID), run('tagged', tag)])).toEqual([
    ['file', ['old']],
    ['command', ['old']],
    ['tag', ['tagged']],
  ])
})
