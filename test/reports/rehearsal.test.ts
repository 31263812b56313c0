import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Mode } from '../../src/playbook/playbook.ts'
import { plain } from '../../src/reports/paint.ts'
import type { GrowingReport } from '../../src/reports/rehearsal/growing-report.ts'
import { dryRunText, type Rehearsal, wouldText } from '../../src/reports/rehearsal/rehearsal.ts'
import { csvReport } from '../../src/reports/rehearsal/rehearsal-csv.ts'
import { htmlReport } from '../../src/reports/rehearsal/rehearsal-html.ts'
import { junitReport } from '../../src/reports/rehearsal/rehearsal-junit.ts'
import { markdownReport } from '../../src/reports/rehearsal/rehearsal-markdown.ts'
import { rehearsalText } from '../../src/reports/rehearsal/rehearsal-text.ts'
import { rehearsalSentence } from '../../src/reports/rehearsal/sentence.ts'
import { summaryOf } from '../../src/reports/rehearsal/summary.ts'
import { comparing, whatIfText } from '../../src/reports/rehearsal/what-if.ts'
import type { Run } from '../../src/run/run.ts'
import { arbitraryRun } from '../support/arbitrary-runs.ts'
import { unpacked } from '../support/packed-runs.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { samplePlan, sampleRun, sampleStep } from '../support/sample-run.ts'

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

/** A report that was given all of a rehearsal. */
async function given(report: GrowingReport, all: Rehearsal) {
  const { runs, ignored, rejected, at, titles } = all
  for (const run of runs) await report.run(run)
  for (const one of ignored) await report.ignored(one)
  for (const one of rejected) await report.rejected(one)
  return report.end({ at, titles, incomplete: [] }, summaryOf(all))
}
const html = (all: Rehearsal) => given(htmlReport(), all)
const markdown = (all: Rehearsal) => given(markdownReport(), all)

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

describe.each<[string, (all: Rehearsal) => string | Promise<string>]>([
  ['text', (all) => rehearsalText(all, plain)],
  ['Markdown', markdown],
  ['HTML', async (all) => html(all).then((page) => page + unpacked(page))],
])('a rehearsal as %s', (_, render) => {
  test('shows each run with what would change and which dry run was denied', async () => {
    const shown = await render(rehearsal())
    expect(shown).toContain('sg-1')
    expect(shown).toMatch(/rules: id sgr-1/)
    expect(shown).toMatch(/denied: ec2:Revoke/)
    expect(shown).toMatch(/alreadyCompliant/)
  })

  test('can be empty', async () => {
    expect(await render(rehearsal({ runs: [], ignored: [], rejected: [] }))).toContain('0 plans')
  })

  test('never obeys a control character from outside', async () => {
    const hostile = 'a\u001b[2J\u202eb'
    const shown = await render(rehearsal({ runs: [rehearsed({ reason: hostile, region: hostile })] }))
    expect(['\u001b', '\u202e'].filter((mark) => shown.includes(mark))).toEqual([])
  })
})

describe('the HTML report', () => {
  test('needs nothing from anywhere, and a browser runs no script but its own', async () => {
    const page = await html(rehearsal())
    const outside = page.replace(/<script>[\s\S]*<\/script>/, '')
    expect(outside).not.toMatch(/<link|<img|src=|url\(|@import|javascript:|https?:/i)
    const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(page) ?? []
    const hash = createHash('sha256').update(script).digest('base64')
    expect(page).toContain(`default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`)
  })

  test('has what nobody may miss without a script', async () => {
    const page = await html(
      rehearsal({ runs: [rehearsed({ ruling: { mode: 'approve', reason: 'rule 2' } })] }),
    )
    expect(page).toContain('<html lang="en">')
    expect(page).toContain('<title>Rehearsal: 1 plan: 1 would ask')
    expect(page).toContain('Who would be asked')
    expect(page.match(/<caption>/g)?.length).toBe(page.match(/<table/g)?.length)
  })

  test('says what it leaves out', async () => {
    const report = htmlReport()
    const page = await report.end(
      { at: '2026-11-20', titles: {}, incomplete: ['30 <calls> were made'] },
      summaryOf(rehearsal()),
    )
    expect(page).toContain('This is not all: 30 &#60;calls&#62; were made')
  })

  test('never takes text from outside for markup', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (noise) => {
        const hostile = `${noise}"'></script><img src=x onerror=alert(1)>&amp;`
        const before = { rules: [{ description: hostile }] }
        const plan = samplePlan({
          before,
          warnings: [hostile],
          impact: { summary: hostile, affected: [], count: 0 },
          managedBy: { by: 'terraform', where: hostile },
          unproven: hostile,
        })
        const page = await html(
          rehearsal({
            runs: [rehearsed({ reason: hostile, account: hostile, plan })],
            ignored: [{ finding: hostile, reason: hostile, unanswered: { source: 'config', type: hostile } }],
            rejected: [{ event: hostile, code: 'notJson', reason: hostile }],
          }),
        )
        expect(page).not.toContain('<img')
        expect(page).not.toContain('&amp;')
        expect(page.match(/<\/script>/g)).toHaveLength(2)
      }),
      { numRuns: 30 },
    )
  })
})

describe('the Markdown report', () => {
  test('keeps a table row a row, whatever a reason holds', async () => {
    const runs = [rehearsed({ reason: 'a | b\n| c <script>' })]
    const row = (await markdown(rehearsal({ runs })))
      .split('\n')
      .find((line) => line.startsWith('| rehearsed | sg-1'))
    expect(row?.match(/(?<!\\)\|/g)).toHaveLength(7)
    expect(row).not.toContain('<script>')
  })

  test('has a fence that no description can close', async () => {
    const plan = samplePlan({ before: { rules: ['```` out'] } })
    expect(await markdown(rehearsal({ runs: [rehearsed({ plan })] }))).toContain('`````diff')
  })

  test('stays short enough for a pull request, and says what it leaves out', async () => {
    const runs = Array.from({ length: 600 }, () => compliant)
    expect(await markdown(rehearsal({ runs }))).toContain('The first 500 of 600;')
  })
})

describe('the CSV report', () => {
  test('has a line for each run, finding and event, of as many cells as the head', async () => {
    const lines = (await given(csvReport(), rehearsal())).trimEnd().split('\r\n')
    expect(lines.map((line) => line.split(',').length)).toEqual(lines.map(() => 15))
    expect(lines.map((line) => line.split(',')[1])).toEqual([
      ...['outcome', 'rehearsed', 'rehearsed', 'alreadyCompliant', 'ignored', 'unreadable'],
    ])
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])(
    'has no cell that is calculated: %j',
    async (formula) => {
      const report = await given(csvReport(), rehearsal({ runs: [rehearsed({ name: formula })] }))
      expect(report).not.toMatch(/,"?[=+\-@\t]/)
    },
  )
})

describe('the JUnit report', () => {
  test('fails what a gate stops, and nothing else', async () => {
    const all = rehearsal({
      ignored: [{ finding: 'f-8', reason: 'no playbook', unanswered: { source: 'config', type: 'x' } }],
    })
    const lax = await given(junitReport([]), all)
    expect(lax).toContain('tests="5" failures="0" errors="1" skipped="1"')
    const strict = await given(junitReport(['missing-permission', 'unanswered']), all)
    expect(strict).toContain('tests="5" failures="2" errors="1" skipped="0"')
    expect(strict).toContain('<failure message="missing-permission: ec2:Revoke is denied">')
  })
})

describe('what a reader wants to know first', () => {
  const approve = { mode: 'approve' as const, reason: 'rule 2' }
  const seenAt = (observedAt: string) => [sampleFinding({ observedAt })]

  test('is who would be asked how often, and which resources more than one plan changes', () => {
    const runs = [
      rehearsed({ ruling: approve, findings: seenAt('2026-11-01T00:00:00Z') }),
      rehearsed({ ruling: approve, findings: seenAt('2026-11-05T00:00:00Z'), playbook: 'other' }),
    ]
    expect(summaryOf(rehearsal({ runs }))).toMatchObject({
      asked: [{ whom: '1 person', runs: 2, perDay: 0.5 }],
      repeated: [{ plans: 2, playbooks: ['ec2-close-open-ingress', 'other'] }],
      by: {
        day: [
          { name: '2026-11-05', ask: 1 },
          { name: '2026-11-01', ask: 1 },
        ],
      },
      real: { changes: 2 },
    })
  })

  test('is what cannot be taken back, what somebody else puts back, and what nobody answers', () => {
    const plan = samplePlan({ steps: [sampleStep({ undo: { irreversible: 'it is gone' } })] })
    const managedBy = { by: 'terraform' as const, where: 'Terraform (tag x)' }
    const runs = [rehearsed({ plan: { ...plan, managedBy } })]
    const unanswered = { source: 'config' as const, type: 'x' }
    expect(
      summaryOf(rehearsal({ runs, ignored: [{ finding: 'f', reason: 'r', unanswered }] })),
    ).toMatchObject({
      irreversible: [{ why: 'it is gone', plans: 1 }],
      managed: [{ by: 'terraform', plans: 1 }],
      unanswered: [{ source: 'config', type: 'x', findings: 1 }],
    })
  })

  test('counts all of it, where a list names no more than are read', () => {
    const ignored = Array.from({ length: 70 }, (_, n) => ({
      ...{ finding: String(n), reason: 'r' },
      unanswered: { source: 'config' as const, type: `rule-${n}` },
    }))
    const runs = Array.from({ length: 60 }, (_, n) =>
      rehearsed({ plan: samplePlan({ steps: [sampleStep({ undo: { irreversible: `why ${n}` } })] }) }),
    )
    const summary = summaryOf(rehearsal({ runs, ignored }))
    expect(summary).toMatchObject({ lasting: 60, ignored: 70, open: 70 })
    expect([summary.irreversible.length, summary.unanswered.length]).toEqual([50, 50])
  })

  test('counts each run once in each chart', () => {
    fc.assert(
      fc.property(fc.array(arbitraryRun, { maxLength: 20 }), (runs) => {
        const { by, outcomes, plans, withoutPlan, failed } = summaryOf(rehearsal({ runs }))
        const size = (all: { act: number; ask: number; leave: number; none: number }[]) =>
          all.reduce((sum, { act, ask, leave, none }) => sum + act + ask + leave + none, 0)
        expect(Object.values(by).map(size)).toEqual([runs.length, runs.length, runs.length])
        expect(outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(runs.length)
        expect(plans + withoutPlan).toBeLessThanOrEqual(runs.length)
        expect(plans + withoutPlan + failed).toBeGreaterThanOrEqual(runs.length)
      }),
    )
  })
})

test('a second policy is compared run by run: modes, and who is asked', () => {
  const compare = comparing('next.yaml')
  const asks = (approvers: string[]) => ({
    ruling: { mode: 'approve' as const, reason: 'rule 1' },
    approval: { quorum: 1, approvers, expiresAfter: 'PT4H', onExpiry: 'decline' as const },
  })
  const keyed = (key: string, more: Partial<Run>) => rehearsed({ key, ...more })
  const first = [keyed('a', {}), keyed('b', asks(['ann'])), keyed('c', asks(['ann'])), keyed('gone', {})]
  const second = [
    keyed('a', asks(['ann'])),
    keyed('b', asks(['ann'])),
    keyed('c', asks(['bob'])),
    keyed('new', {}),
  ]
  first.forEach(compare.first)
  second.forEach(compare.second)
  const result = compare.result()
  expect(result).toMatchObject({
    runs: 3,
    changes: [
      { from: { mode: 'auto' }, to: { mode: 'approve', asks: '1 of ann' } },
      { from: { asks: '1 of ann' }, to: { asks: '1 of bob' } },
    ],
  })
  expect(whatIfText(result, plain)).toContain('next.yaml decides 2 of 3 runs otherwise')
})
