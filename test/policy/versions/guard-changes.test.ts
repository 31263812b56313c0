import { describe, expect, test } from '@jest/globals'
import type { Policy } from '../../../src/policy/rules.ts'
import { type GuardChange, guardChanges } from '../../../src/policy/versions/guard-changes.ts'
import { NOW } from '../arbitrary-policies.ts'
import { policyOf } from '../fake-playbooks.ts'

const HEAD = 'version: 1\nrules: []\n'
const between = (from: string, to: string) =>
  guardChanges(policyOf(HEAD + from).policy, policyOf(HEAD + to).policy, NOW)

const FREEZE = 'freezes:\n  - { name: nights, weekly: "Mon-Fri 18:00-08:00", zone: Asia/Tokyo }\n'
const LONGER = FREEZE.replace('08:00', '09:00')
const exempt = (more: string) => `exemptions:\n  - { resource: sg-0b, owner: o, reason: r, ${more} }\n`
const breaker = (failures: number, within = '1h', retryAfter = '4h') =>
  `limits: { breaker: { failures: ${failures}, within: ${within}, retryAfter: ${retryAfter} } }\n`

/** More is held back by the second of each, in these guards. */
const STRICTER: [what: string, from: string, to: string, guards: string[]][] = [
  ['protected', '', 'protect: true\n', ['protect']],
  ['addresses that are never blocked', '', 'never: { addresses: [10.0.0.0/8] }\n', ['never.addresses']],
  ['resources', '', 'never: { resources: [sg-0a] }\n', ['never.resources']],
  ['roles', 'never: { roles: [A] }\n', 'never: { roles: [A, B] }\n', ['never.roles']],
  ['accounts', '', 'never: { accounts: ["111122223333"] }\n', ['never.accounts']],
  ['an exemption', '', exempt('until: 2026-12-31'), ['exemptions']],
  ['a longer exemption', exempt('until: 2026-12-31'), exempt('until: 2027-12-31'), ['exemptions']],
  [
    'an exemption of more',
    exempt('until: 2026-12-31, playbook: ec2-close-door'),
    exempt('until: 2026-12-31'),
    ['exemptions'],
  ],
  ['a freeze', '', FREEZE, ['freezes']],
  ['a limit', '', 'limits: { atOnce: 3 }\n', ['limits.atOnce']],
  ['a lower limit', 'limits: { atOnce: 3 }\n', 'limits: { atOnce: 2 }\n', ['limits.atOnce']],
  [
    'fewer attempts',
    'limits: { attempts: { times: 3, within: 7d } }\n',
    'limits: { attempts: { times: 3, within: 9d } }\n',
    ['limits.attempts'],
  ],
  [
    'fewer fights than without a word',
    '',
    'limits: { fights: { times: 2, within: 1d } }\n',
    ['limits.fights'],
  ],
  ['fights as without a word', 'limits: { fights: { times: 9, within: 1d } }\n', '', ['limits.fights']],
  ['a breaker', '', breaker(5), ['limits.breaker']],
  ['a breaker that opens sooner', breaker(5), breaker(4), ['limits.breaker']],
  ['a breaker that rests longer', breaker(5), breaker(5, '1h', '5h'), ['limits.breaker']],
]

describe('what is held back', () => {
  test.each(STRICTER)('%s is stricter, and loosened the other way round', (_, from, to, guards) => {
    const of = (change: GuardChange['change']) => guards.map((guard) => ({ guard, change }))
    expect(between(from, to)).toMatchObject(of('stricter'))
    expect(between(to, from)).toMatchObject(of('loosened'))
    expect(between(from, to)).toHaveLength(guards.length)
    expect(between(to, to)).toEqual([])
  })

  test('in part less and in part more is both', () => {
    expect(between(breaker(5), breaker(6, '2h', '4h')).map(({ change }) => change)).toEqual([
      'loosened',
      'stricter',
    ])
    expect(between(FREEZE, LONGER)).toEqual([
      {
        guard: 'freezes',
        change: 'loosened',
        text: 'the freeze of line 4 of before is gone or another: nights',
      },
      { guard: 'freezes', change: 'stricter', text: 'the freeze of line 4 is new or another: nights' },
    ])
  })

  test('less than nothing is no loss', () => {
    const over = exempt('until: 2026-01-31')
    expect(between(over, '')).toEqual([])
    expect(between('', over)).toEqual([])
  })
})

describe('what nobody can order', () => {
  const people = (slack: string) =>
    `slack: { workspace: T0ACME }\npeople:\n  - { name: ann, slack: ${slack} }\n`
  test('what rules of AWS Config are may let more be done', () => {
    const { policy } = policyOf(HEAD)
    const said: Policy = { ...policy, configRules: [{ rule: 'mine', identifier: 'INCOMING_SSH_DISABLED' }] }
    expect(guardChanges(policy, said, NOW)).toMatchObject([{ guard: 'configRules', change: 'loosened' }])
  })

  test.each([
    ['slack', '', 'slack: { workspace: T0ACME }\n'],
    ['people', people('U0ANN'), people('U0BEN')],
  ])('%s that are others may let more be done', (guard, from, to) => {
    expect(between(from, to)).toMatchObject([{ guard, change: 'loosened' }])
    expect(between(to, from)).toMatchObject([{ guard, change: 'loosened' }])
  })

  test('whoever is told is another, and nothing more', () => {
    expect(between('tell: { config: true }\n', 'tell: { config: false, guardduty: true }\n')).toEqual([
      {
        guard: 'tell',
        change: 'other',
        text: 'detectors are told otherwise: config no longer; guardduty from now on',
      },
    ])
  })
})
