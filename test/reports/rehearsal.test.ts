import { describe, expect, test } from '@jest/globals'
import type { Mode } from '../../src/playbook/playbook.ts'
import { plain } from '../../src/reports/paint.ts'
import { dryRunText, wouldText } from '../../src/reports/rehearsal/rehearsal.ts'
import { rehearsalText } from '../../src/reports/rehearsal/rehearsal-text.ts'
import { rehearsalSentence } from '../../src/reports/rehearsal/sentence.ts'
import { summaryOf } from '../../src/reports/rehearsal/summary.ts'
import type { Run } from '../../src/run/run.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { compliant, denied, rehearsal, rehearsed } from '../support/sample-rehearsal.ts'

test('one sentence sums a rehearsal up', () => {
  expect(rehearsalSentence(summaryOf(rehearsal()))).toBe(
    '2 plans: 2 would act by itself; 1 dry run denied; 1 without a plan; 1 finding ignored; 1 event unreadable',
  )
})

test('on a terminal the runs of one finding stand together below what it says, and others as they come', () => {
  const about = (id: string, resource: string, ...findings: string[]) =>
    rehearsed({
      id,
      target: { resource, id: resource, key: resource },
      findings: findings.map((finding) => sampleFinding({ id: finding, title: `title of ${finding}` })),
    })
  const runs = [about('1', 'sg-1', 'f-1'), about('2', 'sg-2', 'f-2'), about('3', 'sg-3', 'f-3', 'f-1')]
  const text = rehearsalText(rehearsal({ runs }), plain)
  const order = [...text.matchAll(/sg-\d\b|\d runs of one finding|title of f-\d/g)].map(([found]) => found)
  expect(order).toEqual(['2 runs of one finding', 'title of f-1', 'sg-1', 'sg-3', 'sg-2'])
})

test('on a terminal stands what has no run, and why', () => {
  const text = rehearsalText(rehearsal(), plain)
  expect(text).toContain('ignored f-9: resolved')
  expect(text).toContain('unreadable e.json#: notJson: line 1')
})

describe('what apply would do with each plan', () => {
  const ruled = (mode: Mode, more: Partial<Run> = {}) =>
    rehearsed({ ruling: { mode, reason: 'rule 2 (rectify.yaml:7)' }, ...more })
  const approval = { quorum: 2, expiresAfter: 'PT4H', onExpiry: 'decline' as const }
  const approvers = ['arn:aws:iam::1:role/Ops', 'arn:aws:iam::1:user/ann']

  test.each<[string, Run]>([
    ['would act by itself', ruled('auto')],
    [
      'would ask 2 of arn:aws:iam::1:role/Ops, arn:aws:iam::1:user/ann',
      ruled('approve', { approval: { ...approval, approvers } }),
    ],
    ['would ask 2 people', ruled('approve', { approval })],
    ['would ask 1 person', ruled('approve')],
    ['would be left alone', ruled('rehearse')],
    ['would be left alone', ruled('notify', { outcome: 'notified' })],
    ['', compliant],
  ])('is told as "%s"', (said, run) => {
    expect(wouldText(run)).toBe(said)
    if (said !== '')
      expect(rehearsalText(rehearsal({ runs: [run] }), plain)).toContain(
        `apply    ${said}: rule 2 (rectify.yaml:7)`,
      )
  })

  test('is summed up', () => {
    const runs = [ruled('auto'), ruled('approve'), ruled('rehearse'), ruled('notify')]
    expect(rehearsalSentence(summaryOf(rehearsal({ runs, ignored: [], rejected: [] })))).toBe(
      '4 plans: 1 would act by itself, 1 would ask, 2 would be left alone',
    )
  })
})

test('outcomes are counted, most first', () => {
  expect(summaryOf(rehearsal()).outcomes).toEqual([
    { name: 'rehearsed', count: 2 },
    { name: 'alreadyCompliant', count: 1 },
  ])
})

test.each<[string, Run['results']]>([
  ['allowed', [{ step: 'a', status: 'dryRunOk' }]],
  ['denied: ec2:Revoke', denied.results],
  ['cannot be dry-run', [{ step: 'a', status: 'notCheckable' }]],
  [
    '1 allowed, 1 cannot be dry-run',
    [
      { step: 'a', status: 'dryRunOk' },
      { step: 'b', status: 'notCheckable' },
    ],
  ],
  [
    // That the bucket's own policy may deny it is no step that nobody was asked about.
    'allowed',
    [
      { step: 'a', status: 'simulatedOk', by: 'SimulatePrincipalPolicy' },
      { step: 'a', status: 'notCheckable', why: 'its own policy' },
      { step: 'a', status: 'simulatedOk', by: 'ValidatePolicy' },
    ],
  ],
  [
    'cannot be dry-run',
    [
      { step: 'a', status: 'notCheckable', why: 'its own policy' },
      { step: 'a', status: 'simulatedOk', by: 'CheckNoPublicAccess' },
    ],
  ],
  [
    'CheckNoPublicAccess says no to the policy of a',
    [
      { step: 'a', status: 'simulatedOk', by: 'SimulatePrincipalPolicy' },
      { step: 'a', status: 'simulatedDenied', by: 'CheckNoPublicAccess' },
    ],
  ],
  [
    'denied: sns:X',
    [
      {
        ...{ step: 'a', status: 'simulatedDenied', by: 'SimulatePrincipalPolicy' },
        error: { name: 'denied', code: 'implicitDeny', action: 'sns:X' },
      },
    ],
  ],
  ['', []],
])('a dry run is told as "%s"', (text, results) => {
  expect(dryRunText(rehearsed({ results }))).toBe(text)
})
