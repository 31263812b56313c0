import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Source } from '../../src/findings/finding.ts'
import { decide } from '../../src/policy/decide.ts'
import type { Subject } from '../../src/policy/rules.ts'
import { bastion, policyOf, subject } from './fake-playbooks.ts'

/** What is asked before any rule: `never`, then exemptions. */

const NOW = Date.parse('2026-11-22T12:00:00Z')

describe('an exemption', () => {
  const exempting = (more: string) =>
    policyOf(
      `version: 1\nrules: [{ mode: auto }]\nexemptions:\n  - { resource: sg-0b, owner: netops, reason: public bastion, ${more} }`,
    )

  test('names owner, end and reason', () => {
    expect(decide(exempting('until: 2027-01-31'), subject(bastion), NOW)).toMatchObject({
      mode: 'exempted',
      reason: 'exempted by netops until 2027-01-31: public bastion',
    })
    expect(decide(exempting('until: 2027-01-31T18:00+01:00'), subject(bastion), NOW).reason).toBe(
      'exempted by netops until 2027-01-31T17:00:00.000Z: public bastion',
    )
  })

  // An exempt resource that arrives through another source is exempt all the same.
  test('holds whatever the source, type, severity and tags', () => {
    const policy = exempting('until: 2027-01-31')
    const sources: Source[] = [
      'config',
      'guardduty',
      'securityhub',
      'trustedadvisor',
      'cloudtrail',
      'macie',
      'manual',
    ]
    const finding = fc.record({
      source: fc.constantFrom(...sources),
      type: fc.string(),
      severity: fc.constantFrom('INFORMATIONAL', 'MEDIUM', 'CRITICAL'),
      tags: fc.oneof(fc.constant('unread' as const), fc.dictionary(fc.string(), fc.string())),
    })
    fc.assert(
      fc.property(finding, (given) => {
        expect(decide(policy, subject({ ...bastion, ...given } as Partial<Subject>), NOW).mode).toBe(
          'exempted',
        )
      }),
    )
  })

  test('of a day lasts to the end of that day in UTC', () => {
    const at = (time: string) =>
      decide(exempting('until: 2027-01-31'), subject(bastion), Date.parse(time)).mode
    expect(at('2027-01-31T23:59:59.999Z')).toBe('exempted')
    expect(at('2027-02-01T00:00:00.000Z')).toBe('auto')
  })

  test('of other resources does not hold', () => {
    expect(decide(exempting('until: 2027-01-31'), subject(), NOW).mode).toBe('auto')
  })

  test('of a playbook holds for that playbook', () => {
    const policy = exempting('until: 2027-01-31, playbook: ec2-close-door')
    expect(decide(policy, subject(bastion), NOW).mode).toBe('exempted')
    expect(decide(policy, subject({ ...bastion, playbook: 'ec2-plain' }), NOW).mode).toBe('auto')
  })
})

describe('never', () => {
  const policy = policyOf(`version: 1
rules: [{ mode: auto }]
exemptions: [{ resource: sg-0b, owner: a, reason: b, until: 2099-01-01 }]
never: { resources: [sg-0b, "arn:aws:iam::*:role/BreakGlass"] }`)

  test('blocks by id, even what is exempted', () => {
    expect(decide(policy, subject(bastion), NOW)).toMatchObject({
      mode: 'blocked',
      reason: 'never: sg-0b (rectify.yaml)',
    })
  })

  test('blocks by ARN pattern', () => {
    const role = { arn: 'arn:aws:iam::111122223333:role/BreakGlass', id: 'BreakGlass' }
    expect(decide(policy, subject({ resource: role }), NOW).mode).toBe('blocked')
  })

  test('blocks nothing else', () => {
    expect(decide(policy, subject(), NOW).mode).toBe('auto')
  })
})

test('never: an account, and a role by any of its names', () => {
  const policy = policyOf(
    'version: 1\nrules: [{ mode: auto }]\nnever: { accounts: ["444455556666"], roles: ["arn:aws:iam::*:role/BreakGlass"] }',
  )
  expect(decide(policy, subject({ account: '444455556666' }), NOW)).toMatchObject({
    mode: 'blocked',
    reason: 'never: account 444455556666 (rectify.yaml)',
  })
  const role = { arn: 'arn:aws:iam::111122223333:role/x/BreakGlass', id: 'BreakGlass' }
  expect(decide(policy, subject({ resource: role }), NOW)).toMatchObject({
    mode: 'blocked',
    reason: 'never: arn:aws:iam::*:role/BreakGlass (rectify.yaml)',
  })
  expect(decide(policy, subject(), NOW).mode).toBe('auto')
})
