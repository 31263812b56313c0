import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { parsePolicy } from '../../src/policy/file/load.ts'
import { notesOn } from '../../src/policy/notes.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')

function notes(sections: string, known = playbooks) {
  const { policy } = parsePolicy(`version: 1\n${sections}`, '/policies/rectify.yaml', known)
  return notesOn(policy, known, NOW)
}

const rules = (...lines: string[]) => `rules:\n${lines.map((line) => `  - ${line}\n`).join('')}`
const saying = (line: number, key: string, message: string) => ({
  line,
  key,
  message: expect.stringContaining(message),
})

describe('a quorum', () => {
  const ROLE = 'approvers: ["arn:aws:iam::111122223333:role/Ops"], '
  test.each([
    [`{ ${ROLE}quorum: 1 }`, []],
    [`{ ${ROLE}quorum: 2 }`, ['all sessions of a role are one']],
    ['{ quorum: 1 }', []],
    ['{ quorum: 2 }', ['names no approvers: any 2 who may use the run store']],
  ])('%s', (approval, said) => {
    expect(notes(rules(`{ mode: approve, approval: ${approval} }`))).toEqual(
      said.map((message) => saying(3, 'rules[0].approval.quorum', message)),
    )
  })
})

describe('who can approve', () => {
  const SLACK = 'slack: { workspace: T0ACME }\n'
  const ROLE = '"arn:aws:iam::111122223333:role/Ops"'
  const ANN = 'people:\n  - { name: ann, slack: U0ANN, iam: "arn:aws:iam::*:user/ann" }\n'
  test.each<[string, string, [string, string][]]>([
    ['{ approvers: [S0ONCALL] }', '', [['approvers', 'nobody can approve']]],
    ['{ approvers: [S0ONCALL] }', SLACK, []],
    [`{ approvers: [U0ANN, ${ROLE}] }`, '', [['approvers', 'counts for nothing where it says U0ANN']]],
    [`{ approvers: [${ROLE}], channel: C0SECOPS }`, '', [['channel', 'has no effect']]],
    [`{ approvers: [${ROLE}], channel: C0SECOPS }`, SLACK, [['channel', 'nobody there can approve']]],
    [`{ approvers: [${ROLE}, ann], channel: C0SECOPS }`, SLACK + ANN, []],
    ['{ channel: C0SECOPS }', SLACK, []],
    ['{ approvers: [ann, U0ANN], quorum: 2 }', SLACK + ANN, [['quorum', 'takes more people']]],
    ['{ approvers: [ann, U0BOB], quorum: 2 }', SLACK + ANN, []],
    [
      `{ approvers: [S0ONCALL, ${ROLE}], quorum: 2 }`,
      SLACK + ANN,
      [['quorum', 'may count one person twice']],
    ],
    [`{ approvers: [U0BOB, ${ROLE}], quorum: 2 }`, SLACK, [['quorum', 'may count one person twice']]],
    [
      `{ approvers: [U0BOB, ${ROLE}], quorum: 2 }`,
      '',
      [
        ['approvers', ''],
        ['quorum', 'takes more people'],
      ],
    ],
    [`{ approvers: [U0BOB, ${ROLE}] }`, SLACK, []],
    ['{ approvers: [S0ONCALL, ann], quorum: 2 }', SLACK + ANN, []],
    ['{ approvers: [S0ONCALL, "arn:aws:iam::111122223333:user/ann"], quorum: 2 }', SLACK + ANN, []],
    [`{ approvers: [ann, ${ROLE}], quorum: 2 }`, SLACK + ANN, []],
    [
      `{ approvers: [S0ONCALL], quorum: 2, escalate: [{ after: 1h, approvers: [${ROLE}] }] }`,
      SLACK,
      [['quorum', 'may count one person twice']],
    ],
    ['{ quorum: 2 }', SLACK, [['quorum', 'any 2 members of the workspace']]],
  ])('%s %j', (approval, sections, said) => {
    expect(notes(`${rules(`{ mode: approve, approval: ${approval} }`)}${sections}`)).toEqual(
      said.map(([key, message]) => saying(3, `rules[0].approval.${key}`, message)),
    )
  })
})

describe('a rule that is never reached is told, with the one before it', () => {
  test.each([
    ['{ mode: rehearse }', '{ when: { source: config }, mode: auto }', true],
    [
      '{ when: { source: config }, mode: off }',
      '{ when: { source: config, region: eu-west-1 }, mode: auto }',
      true,
    ],
    [
      '{ when: { source: config, region: eu-west-1 }, mode: off }',
      '{ when: { source: config }, mode: auto }',
      false,
    ],
    [
      '{ when: { source: [config, guardduty] }, mode: off }',
      '{ when: { source: config }, mode: auto }',
      true,
    ],
    [
      '{ when: { type: "Recon:*" }, mode: off }',
      '{ when: { type: "Recon:EC2/PortProbe*" }, mode: auto }',
      true,
    ],
    ['{ when: { type: "Recon:EC2/*" }, mode: off }', '{ when: { type: "Recon:*" }, mode: auto }', false],
    [
      '{ when: { severity: { atLeast: LOW } }, mode: off }',
      '{ when: { severity: [HIGH] }, mode: auto }',
      true,
    ],
    [
      '{ when: { severity: HIGH }, mode: off }',
      '{ when: { severity: { atLeast: HIGH } }, mode: auto }',
      false,
    ],
    ['{ when: { tags: { a: [x, y] } }, mode: off }', '{ when: { tags: { a: x, b: z } }, mode: auto }', true],
    ['{ when: { tags: { a: x } }, mode: off }', '{ mode: auto }', false],
  ])('%s before %s: %s', (first, second, covered) => {
    const expected = saying(4, 'rules[1]', 'never reached: all that it matches is decided by rule 1 (line 3)')
    expect(notes(rules(first, second))).toEqual(covered ? [expected] : [])
  })
})

describe('a rule that can never match a playbook says which', () => {
  const block = 'playbook: wafv2-block-attacker-ip'
  test.each([
    [`{ when: { ${block}, source: config }, mode: auto }`, 'source', 'answers guardduty, manual'],
    [
      `{ when: { ${block}, type: "Recon:EC2/Portscan" }, mode: auto }`,
      'type',
      'can never match wafv2-block-attacker-ip',
    ],
    ['{ when: { type: NO_SUCH_RULE }, mode: auto }', 'type', 'can never match'],
  ])('%s', (rule, condition, message) => {
    expect(notes(rules(rule))).toContainEqual(saying(3, `rules[0].when.${condition}`, message))
  })

  test.each([
    `{ when: { ${block}, type: "UnauthorizedAccess:*" }, mode: auto }`,
    `{ when: { ${block}, source: manual }, mode: auto }`,
    '{ when: { type: INCOMING_SSH_DISABLED }, mode: auto }',
    `{ when: { ${block}, tags: { environment: prod } }, mode: auto }`,
  ])('and nothing of one that can: %s', (rule) => {
    expect(notes(rules(rule))).toEqual([])
  })

  test('where it asks for tags that a playbook can never read', () => {
    const blind = playbooks.map((each) => ({ ...each, tagsOf: { none: 'an account has no tags' } }))
    expect(notes(rules('{ when: { tags: { a: b } }, mode: auto }'), blind)).toEqual(
      playbooks.map(({ id }) =>
        saying(3, 'rules[0].when.tags', `${id}, whose runs it blocks: an account has no tags`),
      ),
    )
  })
})

describe('a freeze or limit that has less effect than its reader may think is told', () => {
  const freeze = (more: string) => `freezes:\n  - { name: x, zone: UTC, ${more} }\n`
  test.each<[string, object[]]>([
    [freeze('from: 2026-01-01, to: 2026-01-02'), [saying(3, 'freezes[0].to', 'is over since 2026-01-03T')]],
    [freeze('from: 2026-01-01, to: 2026-11-23'), []],
    [freeze('weekly: "Mon-Sun 08:00-07:59"'), []],
    [
      freeze('weekly: ["Mon-Sun 08:00-07:59", "Mon-Sun 07:00-08:30"]'),
      [saying(3, 'freezes[0].weekly', 'never ends')],
    ],
    [
      freeze('weekly: "Mon 08:00-09:00", except: { severity: { atLeast: INFORMATIONAL } }'),
      [saying(3, 'freezes[0].except', 'it holds nothing')],
    ],
    ['limits: { changesPerHour: 5, changesPerAccountPerHour: 4 }\n', []],
    [
      'limits: { changesPerHour: 5, changesPerPlaybookPerHour: 5 }\n',
      [{ key: 'limits.changesPerPlaybookPerHour', message: expect.stringContaining('has no effect') }],
    ],
  ])('%s', (text, said) => {
    expect(notes(text)).toEqual(said)
  })
})

describe('a rule with a condition for more than tags and kinds is covered only by one that asks the same', () => {
  test.each([
    ['ou: ou-abcd-1', 'ou: ou-abcd-1, source: config', true],
    ['ou: [ou-abcd-1, ou-abcd-2]', 'ou: ou-abcd-2', true],
    ['ou: ou-abcd-1', 'source: config', false],
    ['reachable: true', 'reachable: true', true],
    ['reachable: true', 'reachable: false', false],
    ['reachable: true', 'source: config', false],
    ['age: { atLeast: 1h }', 'age: { atLeast: 60m }', false],
    ['age: { atLeast: 1h }', 'age: { atLeast: 1h }, source: config', true],
    ['accountTags: { a: "*" }', 'accountTags: { a: b }', true],
    ['accountTags: { a: b }', 'tags: { a: b }', false],
    ['not: { source: config }', 'source: guardduty', false],
    ['not: { source: config }', 'not: { source: config }, region: eu-west-1', true],
    ['source: config', 'source: config, not: { region: eu-west-1 }', true],
  ])('%s before %s: %s', (first, second, covered) => {
    const expected = saying(4, 'rules[1]', 'never reached: all that it matches is decided by rule 1 (line 3)')
    const said = notes(rules(`{ when: { ${first} }, mode: off }`, `{ when: { ${second} }, mode: auto }`))
    expect(said.filter(({ key }) => key === 'rules[1]')).toEqual(covered ? [expected] : [])
  })
})

test('an exemption that is over, or ends within a week, is told; another is not', () => {
  const exemption = (until: string) =>
    `exemptions:\n  - { resource: sg-0123456789abcdef0, owner: o, reason: r, until: ${until} }\n`
  expect(notes(exemption('2026-11-21'))).toEqual([
    saying(3, 'exemptions[0].until', 'is over since 2026-11-21'),
  ])
  expect(notes(exemption('2026-11-22'))).toEqual([
    saying(3, 'exemptions[0].until', 'ends within a week, with 2026-11-22'),
  ])
  expect(notes(exemption('2026-11-30'))).toEqual([])
})

test('what guards a kind of resource that no playbook changes holds nothing back today', () => {
  expect(notes('never: { resources: ["arn:aws:sagemaker:*:*:notebook-instance/*"] }')).toEqual([
    { key: 'never.resources[0]', message: expect.stringContaining('no playbook changes') },
  ])
})
