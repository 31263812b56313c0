import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Mode } from '../../src/playbook/playbook.ts'
import { plain } from '../../src/reports/paint.ts'
import {
  dryRunText,
  outcomeCounts,
  type Rehearsal,
  rehearsalSentence,
  wouldText,
} from '../../src/reports/rehearsal/rehearsal.ts'
import { rehearsalHtml } from '../../src/reports/rehearsal/rehearsal-html.ts'
import { rehearsalMarkdown } from '../../src/reports/rehearsal/rehearsal-markdown.ts'
import { rehearsalText } from '../../src/reports/rehearsal/rehearsal-text.ts'
import type { Run } from '../../src/run/run.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { samplePlan, sampleRun } from '../support/sample-run.ts'

const rehearsed = (overrides: Partial<Run> = {}) =>
  sampleRun({
    intent: 'rehearse',
    mode: 'rehearse',
    ruling: { mode: 'auto', reason: 'rule 1 (rectify.yaml:3)' },
    outcome: 'rehearsed',
    results: [{ step: 'revoke', status: 'dryRunOk' }],
    ...overrides,
  })

const denied = rehearsed({
  id: '01K00000000000000000000002',
  results: [
    {
      step: 'revoke',
      status: 'dryRunDenied',
      error: { name: 'denied', code: 'UnauthorizedOperation', action: 'ec2:Revoke' },
    },
  ],
})
const compliant = sampleRun({
  id: '01K00000000000000000000003',
  outcome: 'alreadyCompliant',
  plan: null,
  results: [],
})

const rehearsal = (overrides: Partial<Rehearsal> = {}): Rehearsal => ({
  at: '2026-11-20T09:00:00.000Z',
  runs: [rehearsed(), denied, compliant],
  ignored: [{ finding: 'f-9', reason: 'resolved' }],
  rejected: [{ event: 'e.json#', code: 'notJson', reason: 'line 1' }],
  titles: { 'ec2-close-open-ingress': 'Close open ingress' },
  ...overrides,
})

test('one sentence sums a rehearsal up', () => {
  expect(rehearsalSentence(rehearsal())).toBe(
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
    expect(rehearsalSentence(rehearsal({ runs, ignored: [], rejected: [] }))).toBe(
      '4 plans: 1 would act by itself, 1 would ask, 2 would be left alone',
    )
  })
})

test('outcomes are counted, most first', () => {
  expect(outcomeCounts(rehearsal().runs)).toEqual([
    { outcome: 'rehearsed', count: 2 },
    { outcome: 'alreadyCompliant', count: 1 },
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
  ['', []],
])('a dry run is told as "%s"', (text, results) => {
  expect(dryRunText(rehearsed({ results }))).toBe(text)
})

describe.each([
  ['text', (given: Rehearsal) => rehearsalText(given, plain)],
  ['Markdown', rehearsalMarkdown],
  ['HTML', rehearsalHtml],
])('a rehearsal as %s', (_, render) => {
  test('shows each run with what would change and which dry run was denied', () => {
    const shown = render(rehearsal())
    expect(shown).toContain('sg-1')
    expect(shown).toContain('- rules: id sgr-1')
    expect(shown).toMatch(/denied: ec2:Revoke/)
    expect(shown).toMatch(/alreadyCompliant/)
  })

  test('can be empty', () => {
    expect(render(rehearsal({ runs: [], ignored: [], rejected: [] }))).toContain('0 plans')
  })

  test('never obeys a control character from outside', () => {
    expect(render(rehearsal({ runs: [rehearsed({ reason: 'a\u001b[2Jb' })] }))).not.toContain('\u001b')
  })
})

describe('the HTML report', () => {
  test('needs nothing from anywhere and runs nothing', () => {
    const html = rehearsalHtml(rehearsal())
    expect(html).not.toMatch(/<script|<link|<img|src=|url\(|@import|javascript:/i)
    expect(html).toContain(`default-src 'none'`)
  })

  test('can be read by a screen reader: language, title, captions, headers of columns', () => {
    const html = rehearsalHtml(rehearsal())
    expect(html).toContain('<html lang="en">')
    expect(html).toContain('<title>Rehearsal: 2 plans: 2 would act by itself')
    expect(html.match(/<caption>/g)?.length).toBe(html.match(/<table>/g)?.length)
    expect(html).toContain('<th scope="col">Outcome</th>')
  })

  test('links each run in the table to its plan', () => {
    const html = rehearsalHtml(rehearsal())
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${target}"`)
  })

  test('never takes text from outside for markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (noise) => {
        const hostile = `${noise}"'><img src=x onerror=alert(1)>&amp;`
        const before = { rules: [{ description: hostile }] }
        const plan = samplePlan({
          before,
          warnings: [hostile],
          impact: { summary: hostile, affected: [], count: 0 },
        })
        const runs = [rehearsed({ reason: hostile, plan })]
        const html = rehearsalHtml(
          rehearsal({
            runs,
            ignored: [{ finding: hostile, reason: hostile }],
            rejected: [{ event: hostile, code: 'notJson', reason: hostile }],
          }),
        )
        expect(html).not.toContain('<img')
        expect(html).not.toContain('&amp;')
      }),
    )
  })
})

describe('the Markdown report', () => {
  test('keeps a table row a row, whatever a reason holds', () => {
    const runs = [rehearsed({ reason: 'a | b\n| c <script>' })]
    const row = rehearsalMarkdown(rehearsal({ runs }))
      .split('\n')
      .find((line) => line.startsWith('| rehearsed | sg-1'))
    expect(row?.match(/(?<!\\)\|/g)).toHaveLength(7)
    expect(row).not.toContain('<script>')
  })

  test('has a fence that no description can close', () => {
    const plan = samplePlan({ before: { rules: ['```` out'] } })
    expect(rehearsalMarkdown(rehearsal({ runs: [rehearsed({ plan })] }))).toContain('`````diff')
  })
})
