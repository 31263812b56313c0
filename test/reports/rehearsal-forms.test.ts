import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { plain } from '../../src/reports/paint.ts'
import { stoppedRun } from '../../src/reports/rehearsal/gates.ts'
import type { GrowingReport } from '../../src/reports/rehearsal/growing-report.ts'
import type { Rehearsal } from '../../src/reports/rehearsal/rehearsal.ts'
import { csvReport } from '../../src/reports/rehearsal/rehearsal-csv.ts'
import { htmlReport } from '../../src/reports/rehearsal/rehearsal-html.ts'
import { junitReport } from '../../src/reports/rehearsal/rehearsal-junit.ts'
import { markdownReport } from '../../src/reports/rehearsal/rehearsal-markdown.ts'
import { rehearsalText } from '../../src/reports/rehearsal/rehearsal-text.ts'
import { summaryOf } from '../../src/reports/rehearsal/summary.ts'
import { unpacked } from '../support/packed-runs.ts'
import { compliant, DISAGREEING, rehearsal, rehearsed, TWIN } from '../support/sample-rehearsal.ts'
import { samplePlan } from '../support/sample-run.ts'

/** A report that was given all of a rehearsal. */
async function given(report: GrowingReport, all: Rehearsal) {
  const { runs, ignored, rejected, at, titles } = all
  for (const run of runs) await report.run(run)
  for (const one of ignored) await report.ignored(one)
  for (const one of rejected) await report.rejected(one)
  const whole = await report.end({ at, titles, incomplete: [] }, summaryOf(all))
  return typeof whole === 'string' ? whole : Buffer.concat([...whole]).toString()
}
const html = (all: Rehearsal) => given(htmlReport(), all)
const markdown = (all: Rehearsal) => given(markdownReport(), all)

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

describe('what twins came to', () => {
  const runs = [
    rehearsed({ twin: TWIN }),
    rehearsed({ id: '01K00000000000000000000004', twin: DISAGREEING }),
    compliant,
  ]

  test.each<[string, (all: Rehearsal) => string | Promise<string>]>([
    ['text', (all) => rehearsalText(all, plain)],
    ['Markdown', markdown],
    ['HTML', async (all) => html(all).then((page) => page + unpacked(page))],
    ['CSV', async (all) => given(csvReport(), all)],
    ['JUnit', async (all) => given(junitReport(['twin-disagrees']), all)],
  ])('stands in the %s', async (_, render) => {
    const shown = await render(rehearsal({ runs }))
    expect(shown).toMatch(/carried out on the twin it ended unverified/)
  })

  test('is summed up in the sentence, in figures and in a list, and only where there are twins', async () => {
    const page = await html(rehearsal({ runs }))
    expect(page).toContain('1 of 2 twins agrees, 1 disagrees')
    expect(page).toContain('<dt>twins that disagree</dt><dd>1</dd>')
    expect(page).toContain('Twins that do not agree with their plans')
    expect(summaryOf(rehearsal())).not.toHaveProperty('twins')
    expect(rehearsalText(rehearsal(), plain) + (await markdown(rehearsal()))).not.toMatch(/twin/i)
  })

  test('stops a gate where one disagrees', () => {
    expect(stoppedRun(rehearsed({ twin: DISAGREEING }))).toEqual([
      { gate: 'twin-disagrees', why: DISAGREEING.why },
    ])
    expect(stoppedRun(rehearsed({ twin: TWIN }))).toEqual([])
  })

  test('is told in full, what the emulators answer otherwise as well', async () => {
    const page = await html(rehearsal({ runs }))
    for (const line of [
      'copied by ec2:CreateVpc',
      'not copied: cloudwatch:GetMetricStatistics: what was measured is not made again',
      'sent there: ec2:RevokeSecurityGroupIngress',
      'the plan there is another: impact.count is 3 and there 0',
      'answered otherwise by the emulators: ec2:DescribeVpcs: Vpcs[].OwnerId',
      'afterwards not as before: before.rules is [] and there absent',
    ])
      expect(unpacked(page)).toContain(line)
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
    expect(lines.map((line) => line.split(',').length)).toEqual(lines.map(() => 20))
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
