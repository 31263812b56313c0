import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Mode } from '../../../src/playbook/playbook.ts'
import { decide, STRICTNESS } from '../../../src/policy/decide.ts'
import type { Policy, Ruling } from '../../../src/policy/rules.ts'
import { raisedBy } from '../../../src/policy/versions/raised.ts'
import { asLoaded, hidden, NOW, policy, subject, without } from '../arbitrary-policies.ts'
import { policyOf } from '../fake-playbooks.ts'

const raised = (from: string, to: string) => raisedBy(policyOf(from).policy, policyOf(to).policy, NOW)
const rules = (...lines: string[]) =>
  `version: 1\nrules:\n${lines.map((line) => `  - { ${line} }`).join('\n')}\n`

const OLD = rules(
  'when: { account: "111122223333" }, mode: auto',
  'when: { tags: { env: prod } }, mode: approve, approval: { quorum: 2 }',
  'mode: notify',
)

describe('a version that is no more permissive is shown to be so', () => {
  test.each([
    ['the same', OLD],
    [
      'a rule in front that is stricter',
      OLD.replace('rules:\n', 'rules:\n  - { when: { severity: [LOW] }, mode: off }\n'),
    ],
    ['a lower mode', OLD.replace('auto', 'approve')],
    ['all rehearsed at most as before', rules('mode: notify')],
    ['more people are asked', OLD.replace('quorum: 2', 'quorum: 3')],
    ['protected from now on', `${OLD}protect: true\n`],
  ])('%s', (_, to) => {
    expect(raised(OLD, to)).toEqual([])
  })

  test('fewer are meant by the last rule that acts', () => {
    const from = rules('when: { severity: [LOW, HIGH] }, mode: auto', 'mode: off')
    expect(raised(from, from.replace('LOW, HIGH', 'HIGH'))).toEqual([])
    expect(raised(from.replace('LOW, HIGH', 'HIGH'), from)).toEqual([
      'rule 1 (line 3) may auto what rule 2 (line 4) of before gave off',
    ])
  })
})

describe('a version that lets more be done says where', () => {
  test.each<[string, string, string]>([
    [
      'a higher mode',
      OLD.replace('notify', 'rehearse'),
      'rule 3 (line 5) may rehearse what rule 3 (line 5) of before gave notify',
    ],
    [
      'rules in another order',
      rules('mode: rehearse'),
      'rule 1 (line 3) may rehearse what rule 3 (line 5) of before gave notify',
    ],
    [
      'a rule that asks no more for what may be unread',
      rules('mode: approve'),
      'rule 1 (line 3) may approve where tags cannot be read',
    ],
    ['fewer people', OLD.replace('quorum: 2', 'quorum: 1'), 'asks fewer or other people than rule 2'],
    ['no rule any more', 'version: 1\nrules: []\n', 'what no rule is about may rehearse what rule 3'],
  ])('%s', (_, to, words) => {
    expect(raised(OLD, to).join('\n')).toContain(words)
  })

  test('guards that are gone', () => {
    const guards = `protect: true
never: { resources: [sg-0a], accounts: ["111122223333"] }
exemptions:
  - { resource: sg-0b, owner: o, reason: r, until: 2026-12-31 }
  - { resource: sg-0c, owner: o, reason: over, until: 2026-01-31 }
freezes:
  - { name: nights, weekly: "Mon-Fri 18:00-08:00", zone: Asia/Tokyo }
  - { name: over, from: 2026-01-01T00:00, to: 2026-01-02T00:00, zone: Asia/Tokyo }
limits: { changesPerHour: 5, attempts: { times: 3, within: 7d } }
`
    const from = `version: 1\nrules: []\n${guards}`
    expect(raised(from, from)).toEqual([])
    expect(raised(from, 'version: 1\nrules: []\n')).toEqual([
      'protect is no longer true',
      'never.resources lacks sg-0a',
      'never.accounts lacks 111122223333',
      'the exemption of sg-0b (line 6 of before) is gone or shorter',
      'the freeze of line 9 of before is gone or another: nights',
      'limits.changesPerHour is gone or higher',
      'limits.attempts is gone or higher',
    ])
    expect(raised(from, from.replace('2026-12-31', '2027-12-31').replace('Hour: 5', 'Hour: 4'))).toEqual([])
    expect(
      raised(from, from.replace('2026-12-31', '2026-12-30').replace('times: 3', 'times: 4')),
    ).toHaveLength(2)
  })
})

const LOWER: Record<Mode, Mode> = {
  auto: 'approve',
  approve: 'rehearse',
  rehearse: 'notify',
  notify: 'off',
  off: 'off',
}
/** Something near the policy, which often is no more permissive. */
const changed = fc.record({
  at: fc.nat(20),
  what: fc.constantFrom('lower', 'off', 'drop', 'narrow', 'raise'),
})

function near(given: Policy, { at, what }: { at: number; what: string }): Policy {
  const place = at % Math.max(1, given.rules.length)
  const edited = given.rules.flatMap((rule, n) => {
    if (n !== place) return [rule]
    if (what === 'off') return [{ ...rule, mode: 'off' as const }, rule]
    if (what === 'drop') return []
    if (what === 'narrow') return [{ ...rule, when: { ...rule.when, severity: ['HIGH' as const] } }]
    return [{ ...rule, mode: what === 'raise' ? ('auto' as const) : LOWER[rule.mode] }]
  })
  return { ...given, rules: edited }
}

const acts = ({ mode }: Ruling) => mode === 'auto' || mode === 'approve'

test('where nothing is said to be raised, no finding is decided more permissively, whatever is unread', () => {
  let shown = 0
  const few = policy.map((given) => ({ ...given, rules: given.rules.slice(0, 4) }))
  const pair = fc.oneof(
    fc.tuple(few, few),
    fc.tuple(few, changed).map(([one, change]): [Policy, Policy] => [one, near(one, change)]),
  )
  fc.assert(
    fc.property(
      pair,
      fc.array(fc.tuple(subject, fc.option(hidden)), { minLength: 20, maxLength: 20 }),
      ([from, to], subjects) => {
        if (raisedBy(from, to, NOW).length > 0) return
        shown++
        for (const [whole, unread] of subjects) {
          const about = unread === null ? whole : without(whole, unread)
          const [before, after] = [from, to].map((each) => decide(asLoaded(each), about, NOW)) as [
            Ruling,
            Ruling,
          ]
          if (before.mode === 'undecided' ? acts(after) : isHigher(before, after))
            throw new Error(
              `${JSON.stringify(about)}: ${before.mode} by ${before.reason}, then ${after.mode} by ${after.reason}`,
            )
        }
      },
    ),
    { numRuns: 1_500 },
  )
  expect(shown).toBeGreaterThan(150)
})

const isHigher = (before: Ruling, after: Ruling): boolean =>
  after.mode !== 'undecided' && STRICTNESS.indexOf(after.mode) > STRICTNESS.indexOf(before.mode)
