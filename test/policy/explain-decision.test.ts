import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { explainDecision } from '../../src/policy/conditions/explain-decision.ts'
import { decide } from '../../src/policy/decide.ts'
import { subject as anySubject, asLoaded, hidden, NOW, policy, without } from './arbitrary-policies.ts'
import { policyOf, subject } from './fake-playbooks.ts'

const given = policyOf(`version: 1
rules:
  - { when: { playbook: ec2-plain }, mode: off }
  - { when: { tags: { environment: prod }, not: { severity: LOW } }, mode: approve }
  - { when: { severity: { atLeast: HIGH }, ou: r-root, age: { atLeast: 1h } }, mode: auto }
  - { mode: notify }
  - { mode: auto }
exemptions:
  - { resource: sg-0abc, owner: a, reason: over, until: 2026-11-21 }
  - { resource: sg-0abc, playbook: ec2-plain, owner: a, reason: other, until: 2027-01-31 }
  - { resource: sg-0abd, owner: a, reason: elsewhere, until: 2027-01-31 }
freezes:
  - { name: now, from: 2026-11-22, to: 2026-11-22, zone: UTC }
  - { name: later, from: 2026-11-23, to: 2026-11-23, zone: UTC }
  - { name: not for it, weekly: "Mon-Sun 00:00-23:59", zone: UTC, except: { severity: MEDIUM } }
  - { calendar: change-freeze }
never: { accounts: ["444455556666"], resources: [sg-0abd] }
`)

describe('a decision is explained', () => {
  test('rule by rule, with what was wanted and what there is', () => {
    const { rules, mode } = explainDecision(given, subject({ tags: 'unread' }), NOW)
    expect(mode).toBe('undecided')
    expect(rules.map(({ answer }) => answer)).toEqual([
      'does not match',
      'may decide',
      'does not match',
      'decides otherwise',
      'later',
    ])
    expect(rules[0]).toEqual({
      place: 'rule 1 (rectify.yaml:3)',
      mode: 'off',
      answer: 'does not match',
      conditions: [{ condition: 'playbook', wanted: 'ec2-plain', found: 'ec2-close-door', holds: false }],
    })
    expect(rules[1]?.conditions).toEqual([
      { condition: 'tags', wanted: 'environment prod', found: 'unread', holds: 'unread' },
      { condition: 'not.severity', wanted: 'LOW', found: 'MEDIUM', holds: false },
    ])
    expect(rules[2]?.conditions).toEqual([
      { condition: 'severity', wanted: 'at least HIGH', found: 'MEDIUM', holds: false },
      { condition: 'age', wanted: 'reported at least PT1H ago', found: 'unread', holds: 'unread' },
      { condition: 'ou', wanted: 'r-root', found: 'unread', holds: 'unread' },
    ])
  })

  test('with tags, units and ages as they are', () => {
    const about = subject({
      severity: 'HIGH',
      tags: { environment: 'dev' },
      organization: { path: ['r-root', 'ou-root-1'], tags: {} },
      reportedAt: new Date(NOW - 90 * 60_000).toISOString(),
    })
    const { rules } = explainDecision(given, about, NOW)
    expect(rules.map(({ answer }) => answer)).toEqual([
      'does not match',
      'does not match',
      'decides',
      'later',
      'later',
    ])
    expect(rules[1]?.conditions[0]).toMatchObject({ found: 'environment dev', holds: false })
    expect(rules[2]?.conditions.map(({ found }) => found)).toEqual([
      'HIGH',
      'reported 90 minutes ago',
      'r-root/ou-root-1',
    ])
  })

  test('with the guard rails that hold, and how many do not', () => {
    const { never, exemptions, freezes } = explainDecision(given, subject(), NOW)
    expect(never).toEqual({ holding: [], others: 2 })
    expect(exemptions).toEqual({ holding: [], others: 3 })
    expect(freezes).toEqual({
      holding: [
        { what: 'now until 2026-11-23T00:00:00.000Z (line 13)', holds: true },
        { what: 'change-freeze (line 16)', holds: 'unread' },
      ],
      others: 2,
    })
    const other = subject({
      playbook: 'ec2-plain',
      resource: { ...subject().resource, id: 'sg-0abd', arn: 'sg-0abd' },
    })
    expect(explainDecision(given, other, NOW)).toMatchObject({
      mode: 'blocked',
      never: { holding: [{ what: 'sg-0abd', holds: true }], others: 1 },
      exemptions: {
        holding: [{ what: 'sg-0abd: exempted by a until 2027-01-31: elsewhere (line 11)', holds: true }],
      },
    })
  })

  test('with each pattern for a role that means it', () => {
    const roles = policyOf('version: 1\nnever: { roles: [BreakGlass, Other, "Break*"] }')
    const role = { id: 'BreakGlass', arn: 'arn:aws:iam::111122223333:role/BreakGlass' }
    expect(explainDecision(roles, subject({ resource: role }), NOW).never).toEqual({
      holding: [
        { what: 'BreakGlass', holds: true },
        { what: 'Break*', holds: true },
      ],
      others: 1,
    })
  })

  test('where there is no policy', () => {
    expect(explainDecision({ kind: 'none' }, subject(), NOW)).toMatchObject({ mode: 'rehearse', rules: [] })
  })

  test('as it is made, whatever the policy and the finding', () => {
    const seen = fc
      .tuple(anySubject, fc.option(hidden, { nil: [] }))
      .map(([about, unread]) => without(about, unread))
    fc.assert(
      fc.property(policy, seen, (text, about) => {
        const loaded = asLoaded(text)
        const { mode, reason, never, exemptions, rules } = explainDecision(loaded, about, NOW)
        expect({ mode, reason }).toMatchObject({ mode: decide(loaded, about, NOW).mode })
        const decides = rules.findIndex(({ answer }) => answer === 'decides')
        // What it decided by, where the resource has it not itself, stands behind the place.
        if (/^rule /.test(reason)) expect(reason.replace(/, by .*$/, '')).toBe(rules[decides]?.place)
        if (mode === 'blocked') expect(never.holding.some(({ holds }) => holds === true)).toBe(true)
        if (mode === 'exempted') expect(exemptions.holding.some(({ holds }) => holds === true)).toBe(true)
        if (reason === 'no rule matches')
          expect(rules.every(({ answer }) => answer === 'does not match')).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
