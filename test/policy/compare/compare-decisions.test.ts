import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { MANAGERS, managersOf } from '../../../src/playbook/managed-by.ts'
import { comparing, isRaised } from '../../../src/policy/compare/compare-decisions.ts'
import { MANAGER_TAGS } from '../../../src/policy/compare/readings.ts'
import { decide, STRICTNESS } from '../../../src/policy/decide.ts'
import type { Subject } from '../../../src/policy/rules.ts'
import { policyOf, subject } from '../fake-playbooks.ts'

const NOW = Date.parse('2026-11-20T00:00Z')
const GROUP = { tagsOf: 'the group', nameOf: 'GroupName' } as const

function compared(
  from: string,
  to: string,
  given: Partial<Subject> = {},
  playbook: { tagsOf: 'the group' | { none: string }; nameOf?: string } = GROUP,
  isNamed = true,
) {
  const about = subject({ tags: 'unread', ...given })
  const types = [about.type, about.type] as const
  const ways = comparing(
    policyOf(`version: 1\n${from}`),
    policyOf(`version: 1\n${to}`),
    NOW,
  )({
    ...{ subject: about, types, isNamed },
    playbook: playbook as typeof GROUP,
  })
  return ways.map(({ from, to, possible, since }) => [
    `${from.mode} -> ${to.mode}`,
    ...(possible === undefined ? [] : [possible]),
    ...(since === undefined ? [] : [since]),
  ])
}

const PROD = '{ when: { tags: { environment: prod } }, mode: approve }'

describe('what two policies decide otherwise', () => {
  test('is nothing between a policy and itself, whatever it asks for', () => {
    const text = `rules: [${PROD}, { when: { resource: "name:web-*" }, mode: off }, { mode: auto }]\nnever: { resources: ["name:db-*"] }`
    expect(compared(text, text)).toEqual([])
  })

  test('is told with the mode of before and after', () => {
    expect(compared('rules: [{ mode: auto }]', 'rules: [{ mode: off }]')).toEqual([['auto -> off']])
    expect(compared('rules: [{ mode: off }]', 'rules: [{ mode: approve }]')).toEqual([['off -> approve']])
    expect(compared('rules: []', 'rules: [{ mode: rehearse }]')).toEqual([])
  })

  test('is told for the tags under which it is so', () => {
    expect(compared(`rules: [${PROD}, { mode: auto }]`, 'rules: [{ mode: auto }]')).toEqual([
      ['approve -> auto', 'if it has tags environment=prod'],
      ['undecided -> auto', 'if its tags cannot be read'],
    ])
  })

  test('is told once for each way, with tags under which it is so', () => {
    expect(
      compared(
        `rules: [${PROD}, { mode: auto }]`,
        `rules: [${PROD.replace('approve', 'off')}, { mode: off }]`,
      ),
    ).toEqual([
      ['auto -> off', 'if it has no such tags'],
      ['approve -> off', 'if it has tags environment=prod'],
    ])
    const other = PROD.replace('approve', 'auto')
    expect(compared(`rules: [${other}, { mode: auto }]`, 'rules: [{ mode: off }]')).toHaveLength(2)
  })

  test('shows in names that two patterns have in common, when their rules change places', () => {
    const [a, b] = [
      '{ when: { resource: "name:prod-*" }, mode: off }',
      '{ when: { resource: "name:*-lab" }, mode: auto }',
    ]
    const found = compared(`rules: [${a}, ${b}]`, `rules: [${b}, ${a}]`)
    expect(found).toEqual([['off -> auto', 'if it is called "prod-lab"']])
  })

  test('is found behind an exemption that both have for some names', () => {
    const exempt = 'exemptions: [{ resource: "name:b", owner: o, reason: r, until: 2099-01-01 }]'
    const rule = '{ when: { resource: "name:b*" }, mode: MODE }'
    const [from, to] = ['approve', 'auto'].map((mode) => `rules: [${rule.replace('MODE', mode)}]\n${exempt}`)
    expect(compared(from!, to!)).toEqual([['approve -> auto', 'if it is called "b"']])
  })

  test('is an exemption that is gone, and one that ends sooner from its end on', () => {
    const exempt = (until: string) =>
      `rules: [{ mode: auto }]\nexemptions: [{ resource: sg-0123456789abcdef0, owner: o, reason: r, until: ${until} }]`
    const given = { resource: { arn: 'sg-0123456789abcdef0', id: 'sg-0123456789abcdef0' } }
    expect(compared(exempt('2027-01-31'), 'rules: [{ mode: auto }]', given)).toEqual([['exempted -> auto']])
    expect(compared(exempt('2027-01-31'), exempt('2026-12-31'), given)).toEqual([
      ['exempted -> auto', '2027-01-01T00:00:00.000Z'],
    ])
    expect(compared(exempt('2026-12-31'), exempt('2026-12-31'), given)).toEqual([])
  })

  test('is a rule for a resource that only a look will find', () => {
    const one = '{ when: { resource: snap-0123456789abcdef0 }, mode: auto }'
    const given = { resource: { arn: '', id: '' } }
    expect(compared('rules: []', `rules: [${one}]`, given, GROUP, true)).toEqual([])
    expect(compared('rules: []', `rules: [${one}]`, given, GROUP, false)).toEqual([
      ['rehearse -> auto', 'if it is snap-0123456789abcdef0'],
    ])
  })

  test('takes tags that nobody can read for what they are: nothing is decided by them', () => {
    const none = { tagsOf: { none: 'it has none' } }
    expect(compared(`rules: [${PROD}]`, `rules: [${PROD.replace('approve', 'auto')}]`, {}, none)).toEqual([])
    expect(compared(`rules: [${PROD}]`, 'rules: [{ mode: auto }]', {}, none)).toEqual([['undecided -> auto']])
  })

  test('is who is asked, and parameters, where the mode is the same', () => {
    const asked = (quorum: number) =>
      `rules: [{ mode: approve, approval: { approvers: ["arn:aws:iam::*:role/Oncall"], quorum: ${quorum} } }]`
    expect(compared(asked(2), asked(1))).toEqual([['approve -> approve']])
    const ports = (port: number) =>
      `rules: [{ when: { playbook: ec2-close-door }, mode: auto, parameters: { ports: [${port}] } }]`
    expect(compared(ports(22), ports(23))).toEqual([['auto -> auto']])
  })

  test('counts as a raise in doubt, where there are more readings than can be tried', () => {
    const rules = (last: string) =>
      `rules:\n${Array.from({ length: 20 }, (_, n) => `  - { when: { tags: { k${n}: v } }, mode: approve }`).join('\n')}\n  - { mode: ${last} }`
    expect(compared(rules('off'), rules('off'))).toEqual([])
    expect(compared(rules('off'), rules('notify'))).toEqual([
      ['off -> approve', 'by what only a look at the resource tells'],
    ])
  })

  test('is tried for units, tags of the account, reach and age, also where they are not told', () => {
    const auto = '{ mode: auto }'
    const raised = (condition: string) =>
      compared(`rules: [{ when: { ${condition} }, mode: approve }, ${auto}]`, `rules: [${auto}]`)
    expect(raised('ou: ou-abcd-11111111')).toEqual([
      ['approve -> auto', 'if its account is in ou-abcd-11111111'],
      ['undecided -> auto', 'if the unit of its account cannot be read'],
    ])
    expect(raised('accountTags: { tier: "1" }')).toEqual([
      ['approve -> auto', 'if its account has tags tier=1'],
      ['undecided -> auto', 'if tags of its account cannot be read'],
    ])
    expect(raised('reachable: true')).toEqual([
      ['approve -> auto', 'if everybody can reach it'],
      ['undecided -> auto', 'if whether it can be reached is not told'],
    ])
    // Whatever the age of the finding is today, the next one is new.
    for (const reportedAt of ['2026-11-01T00:00:00Z', '2026-11-20T00:00:00Z'])
      expect(
        compared(`rules: [{ when: { age: { atMost: 1h } }, mode: approve }, ${auto}]`, `rules: [${auto}]`, {
          reportedAt,
        }),
      ).toEqual([
        ['approve -> auto', 'if it has just been reported'],
        ['undecided -> auto', 'if nobody says when it was reported'],
      ])
  })

  test('is what an owner says elsewhere, where one of them looks for tags there', () => {
    const auto = 'rules: [{ mode: auto }]'
    const further = `tagsOf: [resource, vpc]\n${auto}`
    expect(compared(further, further)).toEqual([])
    const where = 'if it has no such tags and its VPC has tags rectify:mode=off'
    expect(compared(further, auto)).toEqual([['off -> auto', where]])
    expect(compared(auto, further)).toEqual([['auto -> off', where]])
    const byTag = `rules: [${PROD}, { mode: auto }]`
    const told = compared(byTag, `tagsOf: [resource, stack]\n${byTag}`).map(([way]) => way)
    expect(told).toContain('auto -> approve')
    expect(told).not.toContain('approve -> auto')
  })

  test('is tried in one place where both look for tags in the same', () => {
    const both = (mode: string) => `tagsOf: [resource, vpc]\nrules: [${PROD.replace('approve', mode)}]`
    expect(compared(both('approve'), both('auto'))).toEqual([
      ['approve -> auto', 'if it has tags environment=prod'],
    ])
    const none = { tagsOf: { none: 'it has none' } }
    expect(compared(both('approve'), both('auto'), {}, none)).toEqual([
      ['approve -> auto', 'if its VPC has tags environment=prod'],
    ])
  })

  test('knows tags for each that may manage a resource', () => {
    for (const kind of MANAGERS) expect(managersOf(MANAGER_TAGS[kind]).map(({ by }) => by)).toEqual([kind])
  })
})

/** Policies over few words, so that they meet. */
const mode = fc.constantFrom('off', 'notify', 'rehearse', 'approve', 'auto')
const value = fc.constantFrom('prod', 'dev')
const pattern = fc.constantFrom('name:a*', 'name:*b', 'name:ab', 'sg-0123456789abcdef0', 'sg-0*')
const when = fc
  .record(
    {
      tags: fc.dictionary(fc.constantFrom('environment', 'team'), value, { minKeys: 1 }),
      resource: pattern,
      managedBy: fc.constantFrom('terraform', 'cloudformation'),
      severity: fc.constantFrom('HIGH', 'MEDIUM'),
      ou: fc.constantFrom('ou-abcd-11111111', 'r-abcd'),
      accountTags: fc.constant({ tier: '1' }),
      reachable: fc.boolean(),
      age: fc.constantFrom({ atLeast: '1h' }, { atMost: '2h' }),
    },
    { requiredKeys: [] },
  )
  .chain((all) =>
    fc
      .subarray(Object.entries(all), { maxLength: Math.min(2, Object.keys(all).length) })
      .map(Object.fromEntries),
  )
const policy = fc
  .record({
    version: fc.constant(1),
    tagsOf: fc.constantFrom(['resource'], ['resource', 'vpc'], ['resource', 'account', 'vpc']),
    rules: fc.array(fc.record({ when, mode }), { maxLength: 3 }),
    never: fc.record({ resources: fc.array(pattern, { maxLength: 1 }) }),
    exemptions: fc.array(
      fc.record({
        resource: pattern,
        ...{ owner: fc.constant('o'), reason: fc.constant('r') },
        until: fc.constantFrom('2026-01-01', '2099-01-01'),
      }),
      { maxLength: 1 },
    ),
  })
  .map((file) => policyOf(JSON.stringify(file)))
const live = fc.record({
  tags: fc.record(
    {
      environment: fc.constantFrom('prod', 'dev', 'other'),
      team: value,
      'managed-by': fc.constant('terraform'),
    },
    { requiredKeys: [] },
  ),
  name: fc.constantFrom('a', 'b', 'ab', 'acb', 'c', ''),
  vpc: fc.constantFrom(null, {}, { environment: 'prod' }, { environment: 'dev', team: 'prod' }),
  account: fc.constantFrom({}, { environment: 'prod' }, { tier: '1' }),
  path: fc.constantFrom([], ['r-abcd'], ['r-abcd', 'ou-abcd-11111111']),
  reachable: fc.boolean(),
  minutes: fc.constantFrom(0, 59, 60, 90, 120, 121),
})
const resource = { arn: 'sg-0123456789abcdef0', id: 'sg-0123456789abcdef0' }

test('for any two policies and any live resource: whatever is raised on it is told before anybody has looked', () => {
  let raises = 0
  fc.assert(
    fc.property(policy, policy, live, (from, to, { tags, name, vpc, account, path, reachable, minutes }) => {
      const seen = subject({
        tags: tags as Record<string, string>,
        resource: { ...resource, name },
        standsIn: { vpc, account } as Subject['standsIn'] & object,
        organization: { path, tags: account as Record<string, string> },
        reachable,
        reportedAt: new Date(NOW - minutes * 60_000).toISOString(),
      })
      const [before, after] = [decide(from, seen, NOW), decide(to, seen, NOW)]
      const unseen = subject({ tags: 'unread', resource })
      const types = [unseen.type, unseen.type] as const
      const told = comparing(from, to, NOW)({ subject: unseen, types, isNamed: true, playbook: GROUP })
      // What is exempted is so whatever its name is: nothing more is done where that would have blocked it.
      if (!isRaised(before.mode, after.mode) || after.mode === 'exempted') return
      raises++
      const raised = told.filter((way) => isRaised(way.from.mode, way.to.mode))
      const inDoubt = raised.some(({ possible = '' }) => possible.startsWith('by what only'))
      if (!inDoubt) expect(raised.map((way) => way.to.mode)).toContain(after.mode)
    }),
    { numRuns: 100 },
  )
  expect(raises).toBeGreaterThan(10)
})

test('one mode is above another as they stand in the list of all', () => {
  expect(STRICTNESS.slice(1).every((each, at) => isRaised(STRICTNESS[at]!, each))).toBe(true)
  expect(isRaised('unanswered', 'blocked')).toBe(true)
  expect(isRaised('auto', 'auto')).toBe(false)
})
