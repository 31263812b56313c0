import { describe, expect, test } from '@jest/globals'
import { casesJsonSchema } from '../../../src/policy/cases/cases-json-schema.ts'
import { casesIn } from '../../../src/policy/cases/load-cases.ts'
import { errorOf, playbooks } from '../fake-playbooks.ts'

const checked = (text: string) => casesIn(text, '/etc/cases.yaml').checked(playbooks)
const HEAD = 'version: 1\ncases:\n'
const FINDING = 'finding: { source: config, type: T, resource: sg-1 }'

describe('a file of cases', () => {
  test('is read into one form, with the line of each case', () => {
    const { now, cases } = checked(
      `version: 1\nnow: 2026-12-01\ncases:\n  - name: one\n    ${FINDING}\n    with: { tags: { a: b } }\n    expect: { mode: auto }\n` +
        '  - name: two\n    event: some.json\n    expect: [{ playbook: ec2-plain, mode: off }, { ignored: archived }]\n',
    )
    expect(now).toBe('2026-12-01T00:00:00.000Z')
    expect(cases).toMatchObject([
      { name: 'one', line: 4, with: { tags: [{ a: 'b' }] }, expect: [{ mode: 'auto' }] },
      { name: 'two', line: 8, event: 'some.json', expect: [{ mode: 'off' }, { ignored: 'archived' }] },
    ])
    expect(cases[0]?.finding).toMatchObject({ severity: 'MEDIUM', account: '111122223333' })
    expect(cases[1]?.problem('event', 'is gone')).toEqual({
      line: 9,
      key: 'cases[1].event',
      message: 'is gone',
    })
  })

  test('names its policy before it is checked', () => {
    expect(casesIn('version: 1\npolicy: ../p.yaml\ncases: []', 'x').policy).toBe('../p.yaml')
    expect(casesIn('version: 1\npolicy: 3\ncases: []', 'x').policy).toBeUndefined()
    expect(casesIn('- 1', 'x').policy).toBeUndefined()
  })

  test.each([
    ['version: 2\ncases: []', [1, 'version', 'must be 1']],
    ['version: 1\ncases: []', [2, 'cases', 'needs at least one case']],
    ['version: 1\ncase: []', [2, 'case', 'unknown key "case"; did you mean "cases"?']],
    [`${HEAD}  - { name: x, ${FINDING} }`, [3, 'cases[0].expect', 'missing key "expect"']],
    [`${HEAD}  - { name: x, expect: { mode: auto } }`, [3, 'cases[0]', 'needs either an event or a finding']],
    [
      `${HEAD}  - { name: x, event: a, ${FINDING}, expect: { mode: auto } }`,
      [3, 'cases[0]', 'needs either an event or a finding'],
    ],
    [
      `${HEAD}  - name: x\n    ${FINDING}\n    expect: { mode: aprove }`,
      [5, 'cases[0].expect.mode', 'unknown mode "aprove"; did you mean "approve"?'],
    ],
    [
      `${HEAD}  - name: x\n    ${FINDING}\n    expect:\n      - { mode: auto }\n      - { mode: auto, playbok: ec2-plain }`,
      [7, 'cases[0].expect[1].playbok', 'unknown key "playbok"; did you mean "playbook"?'],
    ],
    [
      `${HEAD}  - name: x\n    ${FINDING}\n    expect: { playbook: ec2-plane, mode: auto }`,
      [5, 'cases[0].expect.playbook', 'unknown playbook "ec2-plane"; did you mean "ec2-plain"?'],
    ],
    [
      `${HEAD}  - name: x\n    ${FINDING}\n    expect: { mode: auto, rule: first }`,
      [5, 'cases[0].expect.rule', 'must be the number of a rule in the policy, from 1, or none'],
    ],
    [
      `${HEAD}  - name: x\n    ${FINDING}\n    expect: { playbook: ec2-plain }`,
      [5, 'cases[0].expect', 'needs a mode, or ignored where no playbook acts'],
    ],
    [
      `${HEAD}  - name: x\n    ${FINDING}\n    expect: { mode: off, ignored: archived }`,
      [5, 'cases[0].expect', 'where a finding is ignored nothing is decided: leave the other keys out'],
    ],
    [
      `${HEAD}  - name: x\n    finding: { source: config, resource: sg-1 }\n    expect: { mode: off }`,
      [4, 'cases[0].finding', 'needs source and type, or a playbook that a person names'],
    ],
    [
      `${HEAD}  - name: x\n    finding: { playbook: ec2-plain, source: config, resource: sg-1 }\n    expect: { mode: off }`,
      [4, 'cases[0].finding', 'names a playbook, as a person may: then source and type are left out'],
    ],
    [
      `${HEAD}  - name: x\n    ${FINDING}\n    with: { tags: { on: true } }\n    expect: { mode: off }`,
      [5, 'cases[0].with.tags.on', 'must be text: write it in quotes, as it stands'],
    ],
    [
      `${HEAD}  - name: x\n    ${FINDING}\n    now: 2026-02-30\n    expect: { mode: off }`,
      [5, 'cases[0].now', 'is not a date (2027-01-31) or a time with its zone (2027-01-31T18:00Z)'],
    ],
    [
      `${HEAD}  - name: x\n    ${FINDING}\n    with: { account: 111122223333 }\n    expect: { mode: off }`,
      [5, 'cases[0].with.account', 'an account is text of 12 digits'],
    ],
  ])('is refused with line, key and what was expected: %j', (text, [line, key, message]) => {
    const [problem] = errorOf(() => checked(text)).problems
    expect(problem).toMatchObject({ line, key, message: expect.stringContaining(String(message)) })
  })

  test('has a JSON Schema that refuses unknown keys and knows the playbooks', () => {
    const schema = casesJsonSchema(playbooks)
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
    expect(schema).toMatchObject({
      additionalProperties: false,
      required: ['version', 'cases'],
      properties: { cases: { items: { required: ['name', 'expect'], additionalProperties: false } } },
    })
    expect(JSON.stringify(schema)).toContain('"ec2-close-door"')
  })
})
