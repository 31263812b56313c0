import { describe, expect, test } from '@jest/globals'
import { errorOf, policyOf } from './fake-playbooks.ts'

const problemsOf = (text: string) => errorOf(() => policyOf(text)).problems

const HEAD = 'version: 1\nrules:\n  - mode: auto\n'

describe('a policy file is refused with line and key', () => {
  test.each([
    // keys
    [
      `${HEAD}    when: { playbok: ec2-plain }`,
      4,
      'rules[0].when.playbok',
      'unknown key "playbok"; did you mean "playbook"? Valid here: playbook, source, type, severity, account, region, resource, tags, managedBy, ou, accountTags, reachable, age, not',
    ],
    [
      'version: 1\nrules:\n  - when: {}\n    mod: auto',
      4,
      'rules[0].mod',
      'unknown key "mod"; did you mean "mode"? Valid here: when, mode, parameters, approval',
    ],
    [
      'version: 1\nrule: []',
      2,
      'rule',
      expect.stringContaining('unknown key "rule"; did you mean "rules"? Valid here: version, rules'),
    ],
    [
      `${HEAD}    when:\n      severity:\n        atleast: HIGH`,
      6,
      'rules[0].when.severity.atleast',
      'unknown key "atleast"; did you mean "atLeast"? Valid here: atLeast',
    ],
    [
      `${HEAD}    approval: { quorom: 2 }`,
      4,
      'rules[0].approval.quorom',
      'unknown key "quorom"; did you mean "quorum"? Valid here: channel, approvers, quorum, expiresAfter, onExpiry, escalate, remind',
    ],
    [
      'version: 1\nnever: { address: [] }',
      2,
      'never.address',
      'unknown key "address"; did you mean "addresses"? Valid here: addresses, resources, roles, accounts',
    ],
    [
      `${HEAD}    when: { organizationalUnit: ou-1 }`,
      4,
      'rules[0].when.organizationalUnit',
      'unknown key "organizationalUnit"; valid here: playbook, source, type, severity, account, region, resource, tags, managedBy, ou, accountTags, reachable, age, not',
    ],
    [
      'version: 1\ntell: { securityHub: true }',
      2,
      'tell.securityHub',
      expect.stringContaining('unknown key "securityHub"; did you mean "securityhub"?'),
    ],
    ['version: 1\ntell: { config: daily }', 2, 'tell.config', expect.stringContaining('true or false')],
    ['rules: []', 1, 'version', 'missing key "version"'],
    ['version: 1\nrules:\n  - when: {}', 3, 'rules[0].mode', 'missing key "mode"'],
    [
      'version: 1\nexemptions:\n  - { resource: a, reason: b, until: 2027-01-01 }',
      3,
      'exemptions[0].owner',
      'missing key "owner"',
    ],
    // values
    ['version: 2', 1, 'version', 'must be 1'],
    ['version: "1"', 1, 'version', 'must be 1'],
    [
      'version: 1\nrules:\n  - mode: Aproved',
      3,
      'rules[0].mode',
      'unknown mode "Aproved"; did you mean "approve"?',
    ],
    ['version: 1\nrules:\n  - mode: on', 3, 'rules[0].mode', 'unknown mode "on"; did you mean "off"?'],
    [
      'version: 1\nrules:\n  - mode: yes',
      3,
      'rules[0].mode',
      'unknown mode "yes"; one of off, notify, rehearse, approve, auto',
    ],
    ['version: 1\nrules:\n  - mode:', 3, 'rules[0].mode', 'has no value'],
    [`${HEAD}    when:`, 4, 'rules[0].when', 'has no value'],
    [
      `${HEAD}    when: { playbook: ec2-close-dor }`,
      4,
      'rules[0].when.playbook',
      'unknown playbook "ec2-close-dor"; did you mean "ec2-close-door"?',
    ],
    [
      `${HEAD}    when:\n      playbook:\n        - ec2-plain\n        - ec2-plane`,
      7,
      'rules[0].when.playbook[1]',
      'unknown playbook "ec2-plane"; did you mean "ec2-plain"?',
    ],
    [
      `${HEAD}    when: { source: guardDuty }`,
      4,
      'rules[0].when.source',
      'unknown source "guardDuty"; did you mean "guardduty"?',
    ],
    [`${HEAD}    when: { source: [] }`, 4, 'rules[0].when.source', 'needs at least one value'],
    [
      `${HEAD}    when: { severity: high }`,
      4,
      'rules[0].when.severity',
      'unknown severity "high"; did you mean "HIGH"?',
    ],
    [`${HEAD}    when: { severity: {} }`, 4, 'rules[0].when.severity.atLeast', 'missing key "atLeast"'],
    [
      `${HEAD}    when: { account: 111122223333 }`,
      4,
      'rules[0].when.account',
      'an account is text of 12 digits: write it in quotes (YAML reads digits as a number)',
    ],
    [
      `${HEAD}    when: { account: ["111122223333", 012345678901] }`,
      4,
      'rules[0].when.account[1]',
      'an account is text of 12 digits: write it in quotes (YAML reads digits as a number)',
    ],
    [`${HEAD}    when: { account: "11112222333" }`, 4, 'rules[0].when.account', 'an account has 12 digits'],
    [
      `${HEAD}    when: { region: eu-central }`,
      4,
      'rules[0].when.region',
      'is not a region, such as eu-central-1',
    ],
    [`${HEAD}    when: { resource: "" }`, 4, 'rules[0].when.resource', 'must not be empty'],
    [
      `${HEAD}    when: { tags: { public: true } }`,
      4,
      'rules[0].when.tags.public',
      'must be text: write it in quotes, as it stands',
    ],
    [
      `${HEAD}    approval: { expiresAfter: 24 }`,
      4,
      'rules[0].approval.expiresAfter',
      'is not a duration; write 30m, 24h, 7d or ISO 8601 (PT4H)',
    ],
    [
      `${HEAD}    approval: { expiresAfter: P1M }`,
      4,
      'rules[0].approval.expiresAfter',
      '"P1M" has months or years, which differ in length; write days',
    ],
    [
      `${HEAD}    approval: { expiresAfter: 0h }`,
      4,
      'rules[0].approval.expiresAfter',
      'must be longer than nothing',
    ],
    [`${HEAD}    approval: { quorum: 0 }`, 4, 'rules[0].approval.quorum', 'must be at least 1'],
    [`${HEAD}    approval: { quorum: 1.5 }`, 4, 'rules[0].approval.quorum', 'must be a whole number'],
    [`${HEAD}    approval: { onExpiry: approve }`, 4, 'rules[0].approval.onExpiry', 'must be decline'],
    [
      `${HEAD}    approval: { approvers: [S0ONCALL, ann] }`,
      4,
      'rules[0].approval.approvers[1]',
      'is neither a Slack id (S0ONCALL) nor an IAM ARN pattern (arn:aws:iam::*:role/Oncall), nor the name of one of people, of whom this policy names none',
    ],
    [
      `${HEAD}    approval: { approvers: [S0ONCALL], escalate: [{ after: 1h }] }`,
      4,
      'rules[0].approval.escalate[0].approvers',
      'missing key "approvers"',
    ],
    [`${HEAD}    approval: { approvers: [] }`, 4, 'rules[0].approval.approvers', 'needs at least one value'],
    [
      'version: 1\nexemptions:\n  - { resource: a, owner: b, reason: c, until: soon }',
      3,
      'exemptions[0].until',
      'is not a date (2027-01-31) or a time with its zone (2027-01-31T18:00Z)',
    ],
    [
      'version: 1\nexemptions:\n  - { resource: a, owner: b, reason: c, until: 2027-02-30 }',
      3,
      'exemptions[0].until',
      'is not a date (2027-01-31) or a time with its zone (2027-01-31T18:00Z)',
    ],
    [
      'version: 1\nexemptions:\n  - { resource: a, owner: b, reason: c, until: 2027-01-31T18:00 }',
      3,
      'exemptions[0].until',
      'is not a date (2027-01-31) or a time with its zone (2027-01-31T18:00Z)',
    ],
    [
      'version: 1\nnever:\n  addresses:\n    - 203.0.113.0/24\n    - 203.0.113',
      5,
      'never.addresses[1]',
      'is not an address or CIDR range (203.0.113.0/24, 2001:db8::/32)',
    ],
    [
      'version: 1\nnever: { addresses: [203.0.113.0/33] }',
      2,
      'never.addresses[0]',
      'is not an address or CIDR range (203.0.113.0/24, 2001:db8::/32)',
    ],
    [
      'version: 1\nnever: { addresses: ["::ffff:203.0.113.1"] }',
      2,
      'never.addresses[0]',
      'is not an address or CIDR range (203.0.113.0/24, 2001:db8::/32)',
    ],
    // parameters
    [
      `${HEAD}    parameters: { ports: [22] }`,
      4,
      'rules[0].parameters',
      'belong to a playbook: name it in the rule (when: { playbook: ... })',
    ],
    [
      `${HEAD}    when: { playbook: ec2-close-door }\n    parameters: { prots: [22] }`,
      5,
      'rules[0].parameters.prots',
      'unknown key "prots"; did you mean "ports"? Valid here: ports, limits (ec2-close-door)',
    ],
    [
      `${HEAD}    when: { playbook: ec2-close-door }\n    parameters:\n      limits:\n        prefx: 1`,
      7,
      'rules[0].parameters.limits.prefx',
      'unknown key "prefx"; did you mean "prefix"? Valid here: prefix (ec2-close-door)',
    ],
    [
      `${HEAD}    when: { playbook: ec2-close-door }\n    parameters: { ports: [22, x] }`,
      5,
      'rules[0].parameters.ports[1]',
      'must be a number, not text (ec2-close-door)',
    ],
    [
      `${HEAD}    when: { playbook: [ec2-close-door, ec2-plain] }\n    parameters: { ports: [22] }`,
      5,
      'rules[0].parameters.ports',
      'unknown key "ports"; none is valid here (ec2-plain)',
    ],
  ])('%j', (text, line, key, message) => {
    expect(problemsOf(text)).toEqual([{ line, key, message }])
  })
})
