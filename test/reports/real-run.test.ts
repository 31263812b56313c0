import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { WireEntry } from '../../src/engine/rehearsing/wire-count.ts'
import { realSentence } from '../../src/reports/rehearsal/real-run/real-words.ts'
import { summaryOf } from '../../src/reports/rehearsal/summary.ts'
import type { LookReads, Run } from '../../src/run/run.ts'
import { compliant, rehearsal, rehearsed } from '../support/sample-rehearsal.ts'

const { account, region } = rehearsed()
const reads = (look: Record<string, number>, proof: Record<string, number> = look): LookReads => ({
  look: { [region]: look },
  proof: { [region]: proof },
})
const counted = (action: string, more: Partial<WireEntry> = {}): WireEntry => ({
  ...{ account, region, action, asked: 1, askedByAll: 1, calls: 1, fewest: 1, retries: 0, ms: 50 },
  ...more,
  quickestMs: more.quickestMs ?? (more.ms ?? 50) / (more.calls || 1),
})
const real = (runs: Run[], wire?: WireEntry[]) =>
  summaryOf(rehearsal({ runs, ignored: [], rejected: [] }), wire).real

const RULES = 'ec2:DescribeSecurityGroupRules'
const GROUPS = 'ec2:DescribeSecurityGroups'
const INTERFACES = 'ec2:DescribeNetworkInterfaces'
const ofGroup = reads({ [RULES]: 1, [GROUPS]: 1, [INTERFACES]: 1 }, { [RULES]: 1, [GROUPS]: 1 })
const onWire = [counted(RULES), counted(GROUPS), counted(INTERFACES)]

describe('the calls of the real thing', () => {
  test('of a run that acts by itself: a look, a change, a proof; at most it is looked at again', () => {
    expect(real([rehearsed({ reads: ofGroup })], onWire)).toMatchObject({
      ...{ changes: 1, dryRuns: 0, looks: { least: 3, most: 3 } },
      ...{ looksAgain: { least: 0, most: 3 }, proofs: { least: 1, most: 2 } },
      calls: { least: 5, most: 9 },
    })
  })

  test('of one that asks: tried first, and looked at again when somebody has said yes', () => {
    const asking = rehearsed({
      reads: ofGroup,
      ruling: { mode: 'approve', reason: 'rule 1' },
      approval: { quorum: 1, expiresAfter: 'PT4H', onExpiry: 'decline' },
    })
    expect(real([asking], onWire)).toMatchObject({
      ...{ dryRuns: 1, looksAgain: { least: 3, most: 3 }, calls: { least: 9, most: 10 } },
      waits: [{ for: "a person's word", plans: 1, seconds: 4 * 3600 }],
    })
  })

  test('of what has nothing to do, and of what finds the resources, are made as well', () => {
    const looked = { ...compliant, reads: ofGroup }
    const targets = counted(RULES, { asked: 3, askedByAll: 3, calls: 3, fewest: 3 })
    const wire = [targets, ...onWire.slice(1), counted('config:DescribeConfigRules')]
    expect(real([looked], wire)).toMatchObject({
      ...{ changes: 0, calls: { least: 6, most: 6 }, proofs: { least: 0, most: 0 } },
    })
  })

  test('are fewer where reads can be joined, and more where a list has pages', () => {
    const runs = Array.from({ length: 100 }, () => rehearsed({ reads: ofGroup }))
    const joined = [RULES, GROUPS].map((action) =>
      counted(action, { asked: 100, askedByAll: 100, calls: 4, fewest: 1 }),
    )
    const paged = counted(INTERFACES, { asked: 100, askedByAll: 100, calls: 300, fewest: 300 })
    expect(real(runs, [...joined, paged])).toMatchObject({
      looks: { least: 302, most: 500 },
      proofs: { least: 1, most: 200 },
    })
  })

  test('are no more at least where a part of them was not counted: it went on after an interruption', () => {
    const runs = Array.from({ length: 100 }, () => rehearsed({ reads: reads({ [RULES]: 1 }) }))
    const whole = real(runs, [counted(RULES, { asked: 100, askedByAll: 100, calls: 4, fewest: 1 })])
    expect(whole.reckonedFrom.join()).not.toContain('did not make')
    for (const left of [1, 3]) {
      const rest = counted(RULES, { asked: left, askedByAll: left, calls: 1, fewest: 1 })
      const { looks, proofs, calls, reckonedFrom } = real(runs, [rest])
      expect([looks.least, proofs.least, calls.least]).toEqual([1, 1, 102])
      expect(calls.least).toBeLessThanOrEqual(whole.calls.least)
      expect(reckonedFrom.join()).toContain(`${100 - left} reads that this process did not make`)
    }
  })

  test('are of the account and region in which the look read, wherever the run is', () => {
    const elsewhere: LookReads = { look: { 'us-west-2': { [RULES]: 2 } }, proof: {} }
    const { places } = real(
      [rehearsed({ reads: elsewhere })],
      [counted(RULES, { region: 'us-west-2', asked: 2, askedByAll: 2, calls: 2, fewest: 2 })],
    )
    expect(places).toMatchObject([
      { region: 'us-west-2', changes: 0, reads: { least: 2, most: 4 } },
      { region, changes: 1 },
    ])
  })

  test('are at least the changes alone where nobody has counted on the wire', () => {
    expect(real([rehearsed({ reads: ofGroup }), rehearsed()])).toMatchObject({
      ...{ calls: { least: 2, most: 10 }, seconds: null },
      reckonedFrom: expect.arrayContaining([
        expect.stringContaining('the reads of 1 plan, which nobody has counted'),
      ]),
    })
  })

  test('are never more at least than at most', () => {
    const action = fc.constantFrom(RULES, GROUPS, INTERFACES)
    const some = fc.dictionary(action, fc.integer({ min: 1, max: 5 }))
    const run = fc
      .record({ look: some, mode: fc.constantFrom('auto' as const, 'approve' as const, 'off' as const) })
      .map(({ look, mode }) => rehearsed({ reads: reads(look), ruling: { mode, reason: '' } }))
    const entry = fc
      .record({ action, asked: fc.nat(9), more: fc.nat(9), calls: fc.nat(30) })
      .map(({ action, asked, more, calls }) =>
        counted(action, {
          asked,
          askedByAll: Math.max(1, asked + more),
          calls,
          fewest: Math.min(calls, more),
        }),
      )
    fc.assert(
      fc.property(fc.array(run), fc.uniqueArray(entry, { selector: (one) => one.action }), (runs, wire) => {
        const { calls, looks, proofs, looksAgain, seconds, changes, dryRuns } = real(runs, wire)
        for (const { least, most } of [calls, looks, proofs, looksAgain, seconds ?? calls])
          expect(least).toBeLessThanOrEqual(most)
        expect(calls.least).toBeGreaterThanOrEqual(changes + dryRuns)
      }),
    )
  })
})

describe('the time of the real thing', () => {
  test('is what its calls take, by those of the rehearsal in that account and region', () => {
    const slow = onWire.map((one) => ({ ...one, ms: 1_000, quickestMs: 500 }))
    const { seconds, places } = real([rehearsed({ reads: ofGroup })], slow)
    // A look, the change and the proof one after the other, each as quick as the quickest; or all nine calls.
    expect(seconds).toEqual({ least: 1.5, most: 9 })
    expect(places).toMatchObject([{ account, region, msPerCall: 1_000, quickestMsPerCall: 500, retries: 0 }])
  })

  test('leaves out what it waits for, which is named', () => {
    const held = rehearsed({
      wouldHold: { rail: 'freeze', reason: 'year end', until: '2099-01-01T00:00:00.000Z' },
      plan: { ...rehearsed().plan!, late: 'RDS applies it in the next maintenance window' },
    })
    const { waits } = real([held, held], onWire)
    expect(waits).toMatchObject([
      { for: 'AWS to show it: RDS applies it in the next maintenance window', plans: 2, seconds: null },
      { for: 'a freeze to let it go', plans: 2 },
    ])
    expect(realSentence(real([held], onWire))).toMatch(
      /^the real thing: 1 change in 4 calls, 200 ms; and waits for AWS to show it: RDS .+ \(1\), a freeze/,
    )
  })
})
