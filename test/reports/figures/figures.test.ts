import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Figures, FigureTally } from '../../../src/reports/figures/figures.ts'
import { figuresHtml } from '../../../src/reports/figures/figures-html.ts'
import { figuresMarkdown } from '../../../src/reports/figures/figures-markdown.ts'
import { spanText } from '../../../src/reports/figures/figures-table.ts'
import { figuresText } from '../../../src/reports/figures/figures-text.ts'
import { DurationTally } from '../../../src/reports/figures/quantiles.ts'
import { PackedRuns } from '../../../src/reports/page/packed-runs.ts'
import { plain } from '../../../src/reports/paint.ts'
import {
  DOLLARS_PER_APPROVAL,
  DOLLARS_PER_AUTOMATIC_RUN,
  DOLLARS_PER_MONTH,
  DOLLARS_PER_SLACK_APPROVAL,
} from '../../../src/reports/run-costs.ts'
import type { Outcome, Run } from '../../../src/run/run.ts'
import { hostileText } from '../../support/arbitrary-runs.ts'
import { sampleFinding } from '../../support/sample-finding.ts'
import { samplePlan, sampleRun } from '../../support/sample-run.ts'

const TIMES = { since: '2026-11-01T00:00:00.000Z', until: '2026-11-30T00:00:00.000Z' }
const START = Date.parse('2026-11-20T00:00:00.000Z')
const iso = (ms: number) => new Date(ms).toISOString()

function figuresOf(runs: readonly Run[]): Figures {
  const tally = new FigureTally()
  for (const run of runs) tally.add(run)
  return tally.result(TIMES)
}

const OUTCOMES: (Outcome | null)[] = [
  ...(['remediated', 'remediated', 'alreadyCompliant', 'notApplicable', 'exempted', 'declined'] as const),
  ...(['expired', 'failed', 'unverified', 'rolledBack', 'rehearsed', null] as const),
]

const run = fc
  .record({
    outcome: fc.constantFrom(...OUTCOMES),
    playbook: fc.constantFrom('close', 'block'),
    account: fc.constantFrom('111122223333', '444455556666'),
    key: fc.constantFrom('a', 'b', 'c'),
    started: fc.nat(864_000_000),
    took: fc.nat(100_000),
    seen: fc.array(
      fc.tuple(fc.constantFrom('config', 'guardduty'), fc.integer({ min: -90_000, max: 200_000 })),
      {
        maxLength: 3,
      },
    ),
    asked: fc.option(fc.nat(50_000), { nil: undefined }),
    verdict: fc.constantFrom(undefined, 'approve', 'decline', 'exempt'),
    isSlack: fc.boolean(),
    kind: fc.constantFrom('run', 'run', 'run', 'undo', 'expiry'),
    isUndone: fc.boolean(),
  })
  .map((given): Run => {
    const { outcome, started, took, seen, asked, verdict, isSlack, kind, isUndone, key, ...own } = given
    const start = START + started
    const plan = samplePlan()
    const isOver = outcome === 'remediated' || outcome === 'alreadyCompliant'
    const { changedAt: _, verifiedAt: __, ...blank } = sampleRun()
    return {
      ...{ ...blank, ...own, key, plan, round: 1, outcome: kind === 'run' ? outcome : 'undone' },
      ...(outcome === null && { state: 'waiting' as const, waitingFor: 'approval' as const }),
      startedAt: iso(start),
      ...(isOver && { verifiedAt: iso(start + took) }),
      ...(outcome === 'remediated' && { changedAt: iso(start) }),
      findings: seen.map(([source, at]) =>
        sampleFinding({ source: source as 'config', observedAt: iso(start + at) }),
      ),
      ...(asked !== undefined && { asked: { at: iso(start), level: 0 } }),
      decisions:
        asked === undefined || verdict === undefined
          ? []
          : [
              {
                ...{ verdict, at: iso(start + asked), hash: plan.hash, round: 1 },
                by: isSlack ? 'slack:T0ACME:U0ANN' : 'arn:aws:iam::1:user/ann',
              } as Run['decisions'][number],
            ],
      ...(kind !== 'run' && { undoOf: '01K' }),
      ...(kind === 'expiry' && { expiry: true }),
      ...(isUndone && { undoneBy: '01KU' }),
    }
  })

/** Nearest rank, by the definition. */
function rank(values: number[], part: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted.find((value) => values.filter((one) => one <= value).length >= part * values.length) ?? null
}

describe('figures', () => {
  test('are those that counting all runs at once gives', () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 40 }), (given) => {
        const runs = given.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
        const figures = figuresOf(runs)
        const own = runs.filter(({ undoOf }) => undoOf === undefined)
        const put = own.filter(({ outcome }) => outcome === 'remediated')
        const number = (outcome: Outcome) => own.filter((each) => each.outcome === outcome).length
        expect(figures).toMatchObject({
          runs: own.length,
          findings: own.flatMap(({ findings }) => findings).length,
          undone: runs.filter(({ undoOf, expiry }) => undoOf && !expiry).length,
          ended: runs.filter(({ expiry }) => expiry).length,
          open: { all: own.filter(({ outcome }) => outcome === null).length },
        })
        expect(figures.falseAlarms).toEqual({
          alreadyCompliant: number('alreadyCompliant'),
          notApplicable: number('notApplicable'),
          exempted: own.filter(
            ({ outcome, decisions }) => outcome === 'exempted' && decisions[0]?.verdict === 'exempt',
          ).length,
        })
        const reopened = put.filter(
          (each) =>
            each.undoneBy === undefined &&
            runs
              .slice(0, runs.indexOf(each))
              .some(
                (later) =>
                  later.undoOf === undefined &&
                  later.changedAt &&
                  later.playbook === each.playbook &&
                  later.key === each.key,
              ),
        )
        expect(figures.reopened).toBe(reopened.length)
        const times = put.map(({ findings, startedAt, verifiedAt = '' }) => {
          const seen = findings.map(({ observedAt }) => observedAt).filter((at) => at <= verifiedAt)
          return Date.parse(verifiedAt) - Date.parse(seen.toSorted()[0] ?? startedAt)
        })
        expect(figures.timeToRemediate).toMatchObject({
          ...{ count: put.length, p50: rank(times, 0.5), p95: rank(times, 0.95) },
        })
        const { fromFinding, fromStart } = figures.timeToRemediate
        expect(fromFinding + fromStart).toBe(put.length)
        const decided = own.flatMap(({ decisions: [made], startedAt }) =>
          made ? [Date.parse(made.at) - Date.parse(startedAt)] : [],
        )
        expect(figures.timeToDecide).toEqual({
          ...{ count: decided.length, p50: rank(decided, 0.5), p95: rank(decided, 0.95) },
        })
      }),
    )
  })

  test('of groups add up to those of all, a run of several detectors with each', () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 40 }), (runs) => {
        const figures = figuresOf(runs)
        const { byPlaybook, byAccount, byDay, byDetector } = figures
        for (const groups of [byPlaybook, byAccount, byDay]) {
          expect(groups.reduce((sum, group) => sum + group.runs, 0)).toBe(figures.runs)
          expect(groups.reduce((sum, group) => sum + group.open, 0)).toBe(figures.open.all)
          expect(groups.reduce((sum, { timeToRemediate }) => sum + timeToRemediate.count, 0)).toBe(
            figures.timeToRemediate.count,
          )
          expect(groups.reduce((sum, group) => sum + group.findings, 0)).toBe(figures.findings)
        }
        expect(byDay.map(({ name }) => name)).toEqual(byDay.map(({ name }) => name).toSorted())
        for (const { name, runs: count } of byDetector) {
          const its = runs.filter(({ findings, undoOf }) => {
            const sources: string[] = findings.map(({ source }) => source)
            return undoOf === undefined && (name === 'none' ? sources.length === 0 : sources.includes(name))
          })
          expect(count).toBe(its.length)
        }
      }),
    )
  })

  test('have quantiles by nearest rank, whatever the durations', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { maxLength: 60 }), (values) => {
        const tally = new DurationTally()
        for (const value of values) tally.add(value)
        expect(tally.result()).toEqual({
          count: values.length,
          p50: rank(values, 0.5),
          p95: rank(values, 0.95),
        })
      }),
    )
  })

  test('say what guard rails hold apart from what waits for a person', () => {
    const waiting = { state: 'waiting', outcome: null } as const
    const heldBy = { rail: 'freeze', reason: 'year end' } as const
    const figures = figuresOf([
      sampleRun({ ...waiting, waitingFor: 'freeze', heldBy }),
      sampleRun({ ...waiting, waitingFor: 'approval' }),
      sampleRun({ ...waiting, waitingFor: 'lock' }),
      sampleRun({ state: 'open', outcome: null }),
    ])
    expect(figures.open).toEqual({ all: 4, asking: 1, held: 1 })
    expect(figures.outcomes).toEqual({ asking: 1, held: 1, open: 1, waiting: 1 })
  })
})

describe('what is from outside', () => {
  test('is text in a page', async () => {
    const hostile = '"><img src=x onerror=alert(1)>\u202e</script>'
    const given = sampleRun({ playbook: hostile, account: hostile, name: hostile, reason: hostile })
    const packed = new PackedRuns()
    packed.push(given)
    const page = await figuresHtml(figuresOf([given]), packed)
    expect(page).toContain('&#62;&#60;img src=x')
    expect(page).not.toMatch(/<img|\u202e/)
  })

  test('is text in a terminal and in Markdown, and nothing more', () => {
    fc.assert(
      fc.property(hostileText, (name) => {
        const figures = figuresOf([sampleRun({ playbook: `x${name}`, account: `y${name}` })])
        expect(figuresText(figures, plain).replaceAll('\n', '')).not.toMatch(/[\p{Cf}\p{Cc}]/u)
        const markdown = figuresMarkdown(figures)
        expect(markdown.replaceAll('\n', '')).not.toMatch(/[<>@]|[\p{Cf}\p{Cc}]|(?<!\\)[*`[\]]/u)
        expect(markdown).not.toMatch(/@/)
        const widths = markdown.split('\n').filter((line) => line.startsWith('| '))
        expect(new Set(widths.map((line) => line.split(/(?<!\\)\|/).length)).size).toBeLessThanOrEqual(2)
      }),
    )
  })
})

test.each([
  [null, '–'],
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [2_540, '2.5 s'],
  [59_000, '59 s'],
  [9_000_000, '2.5 h'],
  [86_400_000 * 40, '40 d'],
])('%s ms are %s', (ms, words) => {
  expect(spanText(ms)).toBe(words)
})

test('costs are those that docs/operations.md counts', () => {
  const text = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
  const together = [...text.matchAll(/\| \*\*together\*\* \| +\| \*\*([\d.]+)\*\* \|/g)].map(([, sum]) =>
    Number(sum),
  )
  expect(together[0]).toBeCloseTo(DOLLARS_PER_AUTOMATIC_RUN * 1_000, 10)
  expect(together[1]).toBe(DOLLARS_PER_MONTH)
  expect(together.at(-1)).toBeCloseTo(DOLLARS_PER_SLACK_APPROVAL * 1_000, 10)
  const approval = /13 × 0\.125\/M\) = ([\d.]+)/.exec(text)?.[1]
  expect(Number(approval)).toBeCloseTo(DOLLARS_PER_APPROVAL * 1_000, 10)
})
