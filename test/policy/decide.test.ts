import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decide } from '../../src/policy/decide.ts'
import type { Subject } from '../../src/policy/rules.ts'
import { bastion, policyOf, subject } from './fake-playbooks.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')

/** The ruling of a policy with one rule `auto` under these conditions. */
const under = (when: string, given: Partial<Subject>) =>
  decide(policyOf(`version: 1\nrules:\n  - when: ${when}\n    mode: auto\n`), subject(given), NOW)

describe('without a rule', () => {
  test('no policy file means rehearse', () => {
    expect(decide({ kind: 'none' }, subject(), NOW)).toMatchObject({
      mode: 'rehearse',
      reason: 'no policy file',
    })
  })

  test.each(['version: 1', 'version: 1\nrules: []', 'version: 1\nrules:\n'])('%j means rehearse', (text) => {
    expect(decide(policyOf(text), subject(), NOW)).toEqual({
      mode: 'rehearse',
      reason: 'no rule matches',
      parameters: {},
      approval: { quorum: 1, expiresAfter: 'PT24H', onExpiry: 'decline' },
    })
  })
})

describe('a condition', () => {
  test.each<[string, Partial<Subject>, Partial<Subject>]>([
    ['{ playbook: ec2-close-door }', {}, { playbook: 'ec2-plain' }],
    ['{ playbook: [ec2-plain, ec2-close-door] }', {}, { playbook: 'wafv2-block-caller' }],
    ['{ source: guardduty }', { source: 'guardduty' }, { source: 'config' }],
    ['{ source: [config, manual] }', { source: 'manual' }, { source: 'health' }],
    ['{ type: INCOMING_SSH_DISABLED }', {}, { type: 'INCOMING_SSH_DISABLED_2' }],
    ['{ type: "Recon:EC2/*" }', { type: 'Recon:EC2/PortProbe' }, { type: 'recon:EC2/PortProbe' }],
    // GuardDuty's old spelling, here as in findings.
    ['{ type: "Recon:EC2 PortProbe*" }', { type: 'Recon:EC2/PortProbeX' }, { type: 'Recon:EC2/Portscan' }],
    ['{ severity: HIGH }', { severity: 'HIGH' }, { severity: 'CRITICAL' }],
    ['{ severity: [LOW, HIGH] }', { severity: 'LOW' }, { severity: 'MEDIUM' }],
    ['{ severity: { atLeast: HIGH } }', { severity: 'CRITICAL' }, { severity: 'MEDIUM' }],
    ['{ severity: { atLeast: MEDIUM } }', { severity: 'MEDIUM' }, { severity: 'LOW' }],
    ['{ account: "111122223333" }', {}, { account: '444455556666' }],
    ['{ account: ["000000000001", "111122223333"] }', { account: '000000000001' }, { account: '1' }],
    ['{ region: eu-central-1 }', {}, { region: 'eu-central-2' }],
    ['{ resource: sg-0b }', bastion, {}],
    ['{ resource: "sg-*" }', {}, { resource: { id: 'i-1', arn: 'arn:aws:ec2:r:1:instance/i-1' } }],
    ['{ resource: "arn:aws:ec2:*:111122223333:security-group/sg-0b" }', bastion, {}],
    ['{ tags: { environment: prod } }', { tags: { environment: 'prod' } }, { tags: { environment: 'Prod' } }],
    [
      '{ tags: { environment: [prod, stage] } }',
      { tags: { environment: 'stage' } },
      { tags: { environment: '' } },
    ],
    [
      '{ tags: { environment: " prod " } }',
      { tags: { environment: 'prod  ' } },
      { tags: { Environment: 'prod' } },
    ],
    ['{ tags: { a: "1", b: "2" } }', { tags: { a: '1', b: '2' } }, { tags: { a: '1' } }],
    ['{ tags: { constructor: x } }', { tags: { constructor: 'x' } as Record<string, string> }, { tags: {} }],
    // A missing tag is not included.
    ['{ tags: { remediate: "true" } }', { tags: { remediate: 'true' } }, { tags: {} }],
    [
      '{ managedBy: cloudformation }',
      { tags: { 'aws:cloudformation:stack-name': 'web' } },
      { tags: { 'aws:cloudformation:stack-name': 'StackSet-AWSControlTowerBP-BASELINE-CONFIG-1' } },
    ],
    [
      '{ managedBy: [eks, terraform], tags: { environment: prod } }',
      { tags: { 'eks:cluster-name': 'blue', environment: 'prod' } },
      { tags: { 'eks:cluster-name': 'blue' } },
    ],
    ['{ managedBy: terraform }', { tags: { ManagedBy: 'Terraform' } }, { tags: { ManagedBy: 'ann' } }],
    ['{ source: config, region: eu-central-1 }', {}, { region: 'us-east-1' }],
    ['{ source: config, region: eu-central-1 }', {}, { source: 'macie' }],
  ])('%s holds and does not hold', (when, holding, failing) => {
    expect(under(when, holding)).toMatchObject({ mode: 'auto', reason: 'rule 1 (rectify.yaml:3)' })
    expect(under(when, failing)).toMatchObject({ mode: 'rehearse', reason: 'no rule matches' })
  })

  test('a rule without conditions matches everything, tags unread or not', () => {
    const policy = policyOf('version: 1\nrules:\n  - mode: notify\n')
    expect(decide(policy, subject(), NOW).mode).toBe('notify')
    expect(decide(policy, subject({ tags: 'unread' }), NOW).mode).toBe('notify')
  })
})

describe('a rule', () => {
  const policy = policyOf(`version: 1
rules:
  - when: { playbook: ec2-close-door, tags: { environment: prod } }
    mode: approve
    approval: { channel: C0SECOPS, approvers: S0ONCALL, quorum: 2, expiresAfter: 4h }
    parameters: { ports: [22, 3389] }
  - mode: off
`)

  test('hands on its parameters and approval terms', () => {
    expect(decide(policy, subject({ tags: { environment: 'prod' } }), NOW)).toEqual({
      mode: 'approve',
      reason: 'rule 1 (rectify.yaml:3)',
      by: { kind: 'rule', number: 1, line: 3 },
      parameters: { ports: [22, 3389] },
      approval: {
        channel: 'C0SECOPS',
        approvers: ['S0ONCALL'],
        quorum: 2,
        expiresAfter: 'PT4H',
        onExpiry: 'decline',
      },
    })
  })

  test('that needs tags nobody read leaves it undecided', () => {
    const ruling = decide(policy, subject({ tags: 'unread' }), NOW)
    expect(ruling).toMatchObject({ mode: 'undecided', reason: 'undecided: tags', parameters: {} })
  })

  test('that needs tags nobody read names the rules of which one will decide', () => {
    const rules = `version: 1
rules:
  - { when: { source: guardduty }, mode: off }
  - { when: { tags: { environment: [prod, staging] } }, mode: approve }
  - { when: { playbook: ec2-plain }, mode: auto }
  - { when: { playbook: ec2-close-door, tags: { team: web } }, mode: auto }
`
    const between = (text: string) =>
      decide(policyOf(text), subject({ tags: 'unread' }), NOW).between?.map((each) => each.text)
    const asking = [
      'approve by rule 2 (rectify.yaml:4) where tags are environment prod or staging',
      'auto by rule 4 (rectify.yaml:6) where tags are team web',
    ]
    expect(between(rules)).toEqual([...asking, 'rehearse where no rule matches'])
    expect(between(`${rules}  - { mode: notify }\n  - { mode: off }\n`)).toEqual([
      ...asking,
      'notify by rule 5 (rectify.yaml:7)',
    ])
  })

  test('that needs tags but fails otherwise does not', () => {
    const other = subject({ playbook: 'ec2-plain', tags: 'unread' })
    expect(decide(policy, other, NOW)).toMatchObject({ mode: 'off', reason: 'rule 2 (rectify.yaml:7)' })
  })

  test('decides only where no earlier rule matches', () => {
    const severities = ['LOW', 'MEDIUM', 'HIGH'] as const
    const modes = ['off', 'notify', 'rehearse', 'approve', 'auto'] as const
    const rule = fc.record({ severity: fc.constantFrom(...severities), mode: fc.constantFrom(...modes) })
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 8 }), fc.constantFrom(...severities), (rules, severity) => {
        const lines = rules.map((each) => `  - { when: { severity: ${each.severity} }, mode: ${each.mode} }`)
        const text = ['version: 1', 'rules:', ...lines].join('\n')
        const first = rules.findIndex((each) => each.severity === severity)
        const expected =
          first < 0
            ? { mode: 'rehearse', reason: 'no rule matches' }
            : { mode: rules[first]?.mode, reason: `rule ${first + 1} (rectify.yaml:${first + 3})` }
        expect(decide(policyOf(text), subject({ severity }), NOW)).toMatchObject(expected)
      }),
    )
  })
})

describe('what is not read', () => {
  const organization = { path: ['r-root', 'ou-root-1', 'ou-root-2'], tags: { env: 'prod' } }
  const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString()

  test.each<[string, Partial<Subject>, Partial<Subject>, Partial<Subject>, string]>([
    ['ou: ou-root-1', { organization }, { organization: { ...organization, path: ['r-root'] } }, {}, 'ou'],
    [
      'ou: r-root',
      { organization },
      { organization: { path: [], tags: {} } },
      { organization: 'unread' },
      'ou',
    ],
    [
      'accountTags: { env: "pr*" }',
      { organization },
      { organization: { ...organization, tags: {} } },
      { organization: { ...organization, tags: 'unread' } },
      'accountTags',
    ],
    ['reachable: false', { reachable: false }, { reachable: true }, {}, 'reachable'],
    ['age: { atLeast: 1h }', { reportedAt: ago(60) }, { reportedAt: ago(59) }, {}, 'age'],
    [
      'age: { atMost: 1h }',
      { reportedAt: ago(-5) },
      { reportedAt: ago(61) },
      { reportedAt: 'yesterday' },
      'age',
    ],
    ['not: { tags: { env: prod } }', { tags: {} }, { tags: { env: 'prod' } }, { tags: 'unread' }, 'tags'],
    [
      'not: { source: config, tags: { env: prod } }',
      { source: 'manual', tags: 'unread' },
      { tags: { env: 'prod' } },
      { tags: 'unread' },
      'tags',
    ],
    ['not: { region: ["eu-*"] }', { region: 'us-east-1' }, {}, { region: 'us-east-1' }, ''],
  ])('leaves { %s } undecided, and nothing else', (when, holding, failing, unread, what) => {
    const given = `{ ${when} }`
    expect(under(given, holding)).toMatchObject({ mode: 'auto' })
    expect(under(given, failing)).toMatchObject({ mode: 'rehearse', reason: 'no rule matches' })
    if (what === '') return
    expect(under(given, unread)).toMatchObject({
      mode: 'undecided',
      reason: `undecided: ${what}`,
      unread: [what],
    })
  })

  test('is said in the words of the rule', () => {
    const when =
      '{ ou: [ou-root-1, ou-root-2], accountTags: { env: prod }, reachable: false, age: { atLeast: 1h, atMost: 2d }, not: { tags: { env: dev }, reachable: true } }'
    expect(under(when, { tags: 'unread' }).between?.[0]?.text).toBe(
      'auto by rule 1 (rectify.yaml:3) where the account is in ou-root-1 or ou-root-2 and tags of the account are env prod and it cannot be reached and reported at least PT1H and at most P2D ago and not (tags are env dev and it can be reached)',
    )
  })
})
