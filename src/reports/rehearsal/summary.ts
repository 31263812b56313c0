import type { Ignored } from '../../engine/ports.ts'
import type { WireEntry } from '../../engine/rehearsing/wire-count.ts'
import type { Rejection } from '../../findings/finding.ts'
import type { ManagerKind } from '../../playbook/managed-by.ts'
import type { Run } from '../../run/run.ts'
import { Counts, tenths } from '../counts.ts'
import { dollarsOf } from '../run-costs.ts'
import { type MissingOfPrincipal, MissingTally } from './missing-permissions.ts'
import { type RealRun, realRun } from './real-run/real-run.ts'
import { RealTally } from './real-run/real-tally.ts'
import { checkedSteps, deniedIn, type Rehearsal, type Would, whomText, wouldDo } from './rehearsal.ts'
import { type RepeatedResource, RepeatedTally } from './repeated/repeated-tally.ts'
import type { RehearsalSink } from './sink.ts'
import { type TrafficSummary, TrafficTally } from './traffic/traffic-tally.ts'
import { type TwinsSummary, TwinTally } from './twin/twin-tally.ts'

/** What a reader wants to know first of a rehearsal, whatever its size. */
export interface RehearsalSummary extends TwinsSummary {
  runs: number
  /** Runs that have a plan. */
  plans: number
  /** What apply would do with the plans. */
  would: Record<Would, number>
  /** Plans with a call that was denied. */
  denied: number
  /** Plans with calls of which nobody can be asked whether they would be allowed. */
  notCheckable: number
  /** Runs that have none, and did not fail. */
  withoutPlan: number
  failed: number
  /** Plans with a step that cannot be taken back. */
  lasting: number
  /** Findings for which there is no run. */
  ignored: number
  /** Of them those that are open, and that no playbook answers. */
  open: number
  /** Events that could not be read. */
  rejected: number
  outcomes: Counted[]
  /** What apply would do, by what people ask for; days in their order, the newest first. */
  by: Record<By, Split[]>
  /** Who would be asked, most first; `perDay` by the days on which the findings were seen. */
  asked: { whom: string; runs: number; perDay: number }[]
  /** What principals lack, and what to put where. */
  missing: MissingOfPrincipal[]
  /** Resources that more than one plan changes, most first. */
  repeated: RepeatedResource[]
  /** What guard rails would have held just then, most first. */
  held: { reason: string; plans: number }[]
  /** What somebody else puts back, most first. */
  managed: { by: ManagerKind; where: string; plans: number }[]
  /** What cannot be taken back, most first. */
  irreversible: { playbook: string; why: string; plans: number }[]
  /** What could not be proven after the change, most first. */
  unproven: { playbook: string; why: string; plans: number }[]
  /** Open findings that no playbook answers, most first. */
  unanswered: { source: string; type: string; findings: number }[]
  /** What flow logs say of what would be cut off. */
  traffic: TrafficSummary
  real: RealRun
}

export interface Counted {
  name: string
  count: number
}

export const BY = ['playbook', 'account', 'day'] as const
export type By = (typeof BY)[number]

/** What apply would do with the runs of one name. */
export interface Split extends Record<Would, number> {
  name: string
  /** Runs without a plan. */
  none: number
}

const DAY_MS = 24 * 3_600_000

/** What is counted of a rehearsal run by run: it holds no run, so that memory does not grow with them. */
export class RehearsalTally implements RehearsalSink {
  private readonly would: Record<Would, number> = { act: 0, ask: 0, leave: 0 }
  private readonly sums = { ...NOTHING }
  private readonly splits = { playbook: new Splits(), account: new Splits(), day: new Splits() }
  private readonly outcomes = new Counts()
  private readonly asked = new Counts()
  private readonly repeated = new RepeatedTally()
  private readonly missing = new MissingTally()
  private readonly held = new Counts()
  private readonly managed = new Counts()
  private readonly irreversible = new Counts()
  private readonly unproven = new Counts()
  private readonly unanswered = new Counts()
  private readonly real = new RealTally()
  private readonly traffic = new TrafficTally()
  private readonly twins = new TwinTally()
  private readonly seen = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY }

  run(run: Run): void {
    this.sums.runs++
    this.outcomes.add(run.outcome ?? run.state)
    if (run.outcome === 'failed') this.sums.failed++
    for (const { observedAt } of run.findings) this.see(Date.parse(observedAt))
    const does = wouldDo(run)
    this.traffic.add(run)
    this.real.add(run, does === 'act' || does === 'ask' ? does : undefined)
    for (const by of BY) this.splits[by].add(by === 'day' ? dayOf(run) : run[by], does ?? 'none')
    if (does === undefined || run.plan === null) {
      if (run.outcome !== 'failed') this.sums.withoutPlan++
      return
    }
    this.sums.plans++
    this.would[does]++
    if (deniedIn(run).length > 0) {
      this.sums.denied++
      this.missing.add(run)
    }
    if (checkedSteps(run).unchecked > 0) this.sums.notCheckable++
    if (does === 'ask') this.asked.add(whomText(run))
    this.addPlan(run, run.plan)
    this.twins.add(run)
  }

  ignored({ unanswered }: Ignored): void {
    this.sums.ignored++
    if (!unanswered) return
    this.sums.open++
    this.unanswered.add(unanswered.source, unanswered.type)
  }

  rejected(_: Rejection): void {
    this.sums.rejected++
  }

  private addPlan(
    { playbook, resource, wouldHold }: Run,
    { steps, managedBy, unproven }: NonNullable<Run['plan']>,
  ): void {
    this.repeated.add(resource, playbook)
    if (wouldHold) this.held.add(wouldHold.reason)
    if (managedBy) this.managed.add(managedBy.by, managedBy.where)
    if (unproven !== undefined) this.unproven.add(playbook, unproven)
    const undo = steps.map((step) => step.undo).find((each) => !Array.isArray(each))
    if (undo === undefined || Array.isArray(undo)) return
    this.sums.lasting++
    this.irreversible.add(playbook, undo.irreversible)
  }

  private see(at: number): void {
    if (Number.isNaN(at)) return
    this.seen.first = Math.min(this.seen.first, at)
    this.seen.last = Math.max(this.seen.last, at)
  }

  /** @param wire what was counted on the wire meanwhile; left out: nothing was */
  summary(wire?: readonly WireEntry[]): RehearsalSummary {
    const days = Math.max(1, (this.seen.last - this.seen.first) / DAY_MS || 0)
    const { act, ask } = this.would
    return {
      ...this.sums,
      would: this.would,
      outcomes: this.outcomes.list(([name = ''], count) => ({ name, count }), Number.POSITIVE_INFINITY),
      by: {
        playbook: this.splits.playbook.list(bySize),
        account: this.splits.account.list(bySize),
        day: this.splits.day.list((a, b) => (a.name < b.name ? 1 : -1)),
      },
      asked: this.asked.list(([whom = ''], count) => ({ whom, runs: count, perDay: tenths(count / days) })),
      missing: this.missing.list(),
      repeated: this.repeated.list(),
      held: this.held.list(([reason = ''], plans) => ({ reason, plans })),
      managed: this.managed.list(([by, where = ''], count) => ({
        by: by as ManagerKind,
        where,
        plans: count,
      })),
      irreversible: this.irreversible.list(reasoned),
      unproven: this.unproven.list(reasoned),
      unanswered: this.unanswered.list(([source = '', type = ''], count) => ({
        source,
        type,
        findings: count,
      })),
      traffic: this.traffic.summary(),
      real: realRun(this.real, wire, dollarsOf(act + ask, ask)),
      ...this.twins.summary(),
    }
  }
}

/** What a reader wants to know first of it. */
export function summaryOf(
  { runs, ignored, rejected }: Rehearsal,
  wire?: readonly WireEntry[],
): RehearsalSummary {
  const tally = new RehearsalTally()
  for (const run of runs) tally.run(run)
  for (const one of ignored) tally.ignored(one)
  for (const one of rejected) tally.rejected(one)
  return tally.summary(wire)
}

const NOTHING = {
  runs: 0,
  plans: 0,
  withoutPlan: 0,
  denied: 0,
  notCheckable: 0,
  failed: 0,
  lasting: 0,
  ignored: 0,
  open: 0,
  rejected: 0,
}

const reasoned = ([playbook = '', why = '']: string[], plans: number) => ({ playbook, why, plans })

/** The day on which the first of its findings was seen, `2026-11-20`. */
export function dayOf({ findings, startedAt }: Pick<Run, 'findings' | 'startedAt'>): string {
  const [seen = startedAt] = findings.map(({ observedAt }) => observedAt).sort()
  return seen.slice(0, 10)
}

/** What apply would do, by name. */
class Splits {
  private readonly splits = new Map<string, Split>()

  add(name: string, does: Would | 'none'): void {
    const split = this.splits.get(name) ?? { name, act: 0, ask: 0, leave: 0, none: 0 }
    split[does]++
    this.splits.set(name, split)
  }

  list(order: (a: Split, b: Split) => number): Split[] {
    return [...this.splits.values()].sort(order)
  }
}

const bySize = (a: Split, b: Split): number => sizeOf(b) - sizeOf(a)
const sizeOf = ({ act, ask, leave, none }: Split): number => act + ask + leave + none
