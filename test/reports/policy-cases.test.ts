import { describe, expect, test } from '@jest/globals'
import { casesIn } from '../../src/policy/cases/load-cases.ts'
import { plain } from '../../src/reports/paint.ts'
import { caseResult } from '../../src/reports/policy/case-result.ts'
import { casesJunit } from '../../src/reports/policy/cases-junit.ts'
import { casesText, triedOf } from '../../src/reports/policy/cases-text.ts'
import type { TriagedAction, TriagedFinding } from '../../src/reports/triage/triage-json.ts'
import { playbooks, policyOf } from '../policy/fake-playbooks.ts'

const policy = policyOf(
  'version: 1\nrules:\n  - { when: { severity: HIGH }, mode: auto }\n  - { mode: approve }\n',
)
const AUTO = {
  mode: 'auto',
  reason: 'rule 1 (rectify.yaml:3)',
  by: { kind: 'rule', number: 1, line: 3 },
} as const
const APPROVE = { mode: 'approve', reason: 'rule 2 (rectify.yaml:4)' } as const

const finding = (actions: TriagedAction[], ignored?: string): TriagedFinding => ({
  ...{ id: 'f', source: 'config', type: 'T', severity: 'HIGH', status: 'active' },
  ...{ account: '', region: '', resources: [], actions },
  ...(ignored !== undefined && { ignored }),
})

function tried(expected: string, ...findings: TriagedFinding[]) {
  const text = `version: 1\ncases:\n  - { name: a case, event: e.json, expect: ${expected} }`
  const [one] = casesIn(text, 'cases.yaml').checked(playbooks).cases
  return caseResult(one!, findings, policy)
}

const told = (...of: Parameters<typeof tried>) =>
  tried(...of).differences.map(({ playbook, key, expected, got }) => [playbook, key, expected, got])

describe('a case is as expected', () => {
  const door = (by: Omit<TriagedAction, 'playbook'>) => ({ playbook: 'ec2-close-door', ...by })
  const other = (by: Omit<TriagedAction, 'playbook'>) => ({ playbook: 'ec2-plain', ...by })

  test.each([
    ['{ mode: auto }', [finding([door(AUTO)])]],
    ['{ mode: auto }', [finding([door(AUTO), other(AUTO)])]],
    ['{ mode: auto, rule: 1, reason: "rule 1 *" }', [finding([door(AUTO)])]],
    ['{ playbook: ec2-close-door, mode: auto }', [finding([door(AUTO)])]],
    ['[{ playbook: ec2-plain, mode: approve }, { mode: auto }]', [finding([door(AUTO), other(APPROVE)])]],
    ['[{ mode: auto }, { mode: approve }]', [finding([door(AUTO)]), finding([door(APPROVE)])]],
    ['{ mode: rehearse, rule: none }', [finding([door({ mode: 'rehearse', reason: 'no rule matches' })])]],
    ['{ ignored: archived }', [finding([], 'archived')]],
    ['{ ignored: "no playbook *" }', [finding([], 'no playbook answers config T')]],
    ['{ mode: auto }', [finding([door(AUTO)]), finding([], 'archived')]],
  ])('%s', (expected, findings) => {
    expect(tried(expected, ...findings)).toMatchObject({ ok: true, differences: [] })
  })

  test('only with the mode, the rule and the reason that were decided', () => {
    expect(told('{ mode: approve, rule: 2, reason: "exempted *" }', finding([door(AUTO)]))).toEqual([
      ['ec2-close-door', 'mode', 'approve', 'auto'],
      ['ec2-close-door', 'rule', '2', '1'],
      ['ec2-close-door', 'reason', 'exempted *', 'rule 1 (rectify.yaml:3)'],
    ])
  })

  test('only where every decision was expected: a playbook that nobody thought of is told', () => {
    expect(told('{ playbook: ec2-close-door, mode: auto }', finding([door(AUTO), other(AUTO)]))).toEqual([
      ['ec2-plain', 'playbook', 'nothing of it', 'auto'],
    ])
  })

  test('only where everything expected was decided', () => {
    expect(told('[{ playbook: ec2-plain, mode: auto }, { mode: auto }]', finding([door(AUTO)]))).toEqual([
      ['ec2-plain', 'playbook', 'auto', 'answered by ec2-close-door'],
    ])
    expect(told('{ mode: auto }', finding([], 'archived'))).toEqual([
      [undefined, 'playbook', 'auto', 'archived'],
    ])
  })

  test('only where what is to be ignored is', () => {
    expect(told('{ ignored: archived }', finding([door(AUTO)]))).toEqual([
      ['ec2-close-door', 'ignored', 'archived', 'auto'],
    ])
    expect(told('{ ignored: archived }', finding([], 'resolved'))).toEqual([
      [undefined, 'ignored', 'archived', 'resolved'],
    ])
  })
})

describe('what was tried', () => {
  const one = { playbook: 'ec2-close-door', ...AUTO }
  const all = triedOf([
    {
      file: 'a "b" & <c>.yaml',
      policy: '/etc/rectify.yaml',
      cases: [
        { ...tried('{ mode: auto }', finding([one])), name: 'fine' },
        { ...tried('{ mode: approve, rule: 2 }', finding([one])), name: 'wrong \u{1b}[31m \u{0} ]]>' },
      ],
    },
  ])

  test('is shown with what was expected, what came, and the rule and line that decided', () => {
    expect(casesText(all, plain).split('\n')).toEqual([
      'a "b" & <c>.yaml, of the policy /etc/rectify.yaml',
      'ok    fine',
      'wrong wrong \\u{1b}[31m \\u{0} ]]> a "b" & <c>.yaml:3',
      '      ec2-close-door',
      '        mode  expected approve  got auto',
      '        rule  expected 2        got 1',
      '        by rule 1 (rectify.yaml:3): { when: { severity: HIGH }, mode: auto }',
      '',
      '2 cases: 1 as expected, 1 not',
    ])
  })

  test('is XML of JUnit, whatever names and reasons hold', () => {
    const xml = casesJunit(all)
    expect(xml.split('\n').slice(0, 4)).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="rectify policy test" tests="2" failures="1" errors="0">',
      '  <testsuite name="a &quot;b&quot; &amp; &lt;c&gt;.yaml" tests="2" failures="1" errors="0">',
      '    <testcase name="fine" classname="a &quot;b&quot; &amp; &lt;c&gt;.yaml" file="a &quot;b&quot; &amp; &lt;c&gt;.yaml" line="3"/>',
    ])
    expect(xml).toContain('name="wrong \\u{1b}[31m \\u{0} ]]&gt;"')
    expect(xml).toContain('<failure message="mode: expected approve, got auto; rule: expected 2, got 1">')
    // Nothing that XML 1.0 cannot hold.
    expect(xml).not.toMatch(/[^\t\n\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u)
  })
})
