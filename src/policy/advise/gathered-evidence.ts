import { canonicalJson, type Json, sameJson } from '../../playbook/json.ts'
import { comingBack } from '../../run/came-back.ts'
import type { Run } from '../../run/run.ts'
import { durationMs } from '../written-durations.ts'
import type { AdviseCriteria } from './criteria.ts'
import { type AboutPlaybooks, type DecidingRule, ruleDeciding } from './deciding-rule.ts'
import {
  isWrong,
  type Reserved,
  reservedBy,
  TOLD,
  type Told,
  toldBy,
  WRONG,
  type Wrong,
} from './told-by-run.ts'

/** How often each thing was told. */
export type Counts = Record<Told, number>
/** What went wrong in a mode in which something may be changed. */
export type WrongIn = Record<'approve' | 'auto', Record<Wrong, number>>

/** What was told within a time. */
export interface Evidence {
  counts: Counts
  wrongIn: WrongIn
}

/** For what it is asked, each within a time of its own; `all` is within the longest of them. */
const PURPOSES = ['approve', 'auto', 'back', 'all'] as const
export type Purpose = (typeof PURPOSES)[number]
export type EvidenceFor = Record<Purpose, Evidence>

/** What a rule has shown with a playbook. */
export interface ShownByRule {
  rule: DecidingRule
  playbook: string
  /** Those under which it was seen: what was rehearsed for one port says nothing of all. */
  parameters: Json
  evidence: EvidenceFor
  /** Accounts in which it was seen, in order. */
  accounts: string[]
  /** Of these, by what it would be let go to, those in which it was seen to go well, each within its time. */
  wentWell: Record<'approve' | 'auto', string[]>
  /** How many different resources were rehearsed, or put right. */
  resources: number
}

/** All that stored runs tell about letting go. */
export interface Gathered {
  shown: ShownByRule[]
  /** By playbook: what no rule can be said to have decided. It speaks for nothing, and against letting go. */
  unplaced: ReadonlyMap<string, EvidenceFor>
  /** By playbook: why it is not let go further than `approve`. */
  reserved: ReadonlyMap<string, ReadonlySet<Reserved>>
  /** How many told something, and how many of them another text of the policy has decided. */
  runs: number
  ofOtherText: number
}

/** Since when runs are asked for: ms since 1970, UTC. */
export function sinceWhen(criteria: AdviseCriteria, now: number): number {
  return now - Math.max(...Object.values(criteria).map(({ within }) => durationMs(within)))
}

/** Counts, run by run, what they tell. Holds no runs; they come newest first, as a store lists them. Pure. */
export function gathering(about: AboutPlaybooks, criteria: AdviseCriteria, now: number) {
  const from = startsOf(criteria, now)
  const shown = new Map<string, Collected>()
  const unplaced = new Map<string, EvidenceFor>()
  const reserved = new Map<string, Set<Reserved>>()
  const undos = new Map<string, Undo>()
  const cameBack = comingBack()
  let [runs, ofOtherText] = [0, 0]

  function add(run: Run): void {
    const { playbook, undoOf, startedAt } = run
    if (undoOf !== undefined) {
      if (run.outcome === 'undone')
        undos.set(undoOf, { playbook, at: startedAt, isExpiry: run.expiry === true })
      return
    }
    for (const why of reservedBy(run)) reserved.set(playbook, (reserved.get(playbook) ?? new Set()).add(why))
    const undo = undos.get(run.id)
    undos.delete(run.id)
    const isUndone = run.undoneBy !== undefined && !undo?.isExpiry
    const told = toldBy(run, { isUndone, isFought: cameBack(run) })
    if (told.length === 0) return
    runs++
    if (run.policyVersion?.sha256 !== about.policy.version?.sha256) ofOtherText++
    const rule = ruleDeciding(about, run)
    const times = { own: Date.parse(startedAt), undone: Date.parse(undo?.at ?? startedAt) }
    const modes = run.mode === 'approve' || run.mode === 'auto' ? [run.mode] : []
    if (rule === undefined) {
      count(evidenceOf(unplaced, playbook), told, modes, times, from)
      return
    }
    const its = collected(shown, rule, run)
    count(its.evidence, told, modes, times, from)
    its.accounts.add(run.account)
    const isGood = (purpose: 'approve' | 'auto') => told.some((each) => GOOD[purpose].includes(each))
    if (isGood('approve')) its.resources.add(run.key)
    for (const purpose of ['approve', 'auto'] as const)
      if (times.own >= from[purpose] && isGood(purpose)) its.wentWell[purpose].add(run.account)
  }

  return {
    add,
    result(): Gathered {
      // What was undone is older than what was read: nobody knows who decided it, or in which mode.
      for (const { playbook, at, isExpiry } of undos.values()) {
        if (isExpiry) continue
        const times = { own: Date.parse(at), undone: Date.parse(at) }
        count(evidenceOf(unplaced, playbook), ['undone'], ['approve', 'auto'], times, from)
      }
      undos.clear()
      return { shown: [...shown.values()].map(asShown), unplaced, reserved, runs, ofOtherText }
    },
  }
}

/**
 * The same, without what was seen under other parameters than hold now: that speaks for nothing, and against letting go.
 * Pure.
 * @param parametersNow those of a playbook under a rule, its defaults filled in
 */
export function underParameters(
  { shown, unplaced, ...gathered }: Gathered,
  parametersNow: (shown: Pick<ShownByRule, 'rule' | 'playbook'>) => Json,
): Gathered {
  const others = new Map(unplaced)
  const same = shown.filter((each) => {
    const isSame = sameJson(each.parameters, parametersNow(each))
    if (!isSame) others.set(each.playbook, sumOf(others.get(each.playbook), each.evidence))
    return isSame
  })
  return { ...gathered, shown: same, unplaced: others }
}

function sumOf(one: EvidenceFor = noEvidence(), other: EvidenceFor): EvidenceFor {
  const sum = noEvidence()
  for (const purpose of PURPOSES) {
    for (const { counts, wrongIn } of [one[purpose], other[purpose]]) {
      for (const told of TOLD) sum[purpose].counts[told] += counts[told]
      for (const mode of ['approve', 'auto'] as const)
        for (const wrong of WRONG) sum[purpose].wrongIn[mode][wrong] += wrongIn[mode][wrong]
    }
  }
  return sum
}

/** An undo that was carried out, until its run comes. */
interface Undo {
  playbook: string
  at: string
  isExpiry: boolean
}

interface Collected extends Omit<ShownByRule, 'accounts' | 'wentWell' | 'resources'> {
  accounts: Set<string>
  wentWell: Record<'approve' | 'auto', Set<string>>
  resources: Set<string>
}

const inOrder = (texts: ReadonlySet<string>): string[] => [...texts].sort()

const asShown = ({ accounts, wentWell, resources, ...shown }: Collected): ShownByRule => ({
  ...shown,
  accounts: inOrder(accounts),
  wentWell: { approve: inOrder(wentWell.approve), auto: inOrder(wentWell.auto) },
  resources: resources.size,
})

function startsOf(
  { approveAfter, autoAfter, backBeyond }: AdviseCriteria,
  now: number,
): Record<Purpose, number> {
  const since = (within: string) => now - durationMs(within)
  const each = {
    approve: since(approveAfter.within),
    auto: since(autoAfter.within),
    back: since(backBeyond.within),
  }
  return { ...each, all: Math.min(...Object.values(each)) }
}

/** What speaks for letting go, by what it speaks for: what was rehearsed in staging says nothing of `auto` in production. */
const GOOD: Record<'approve' | 'auto', readonly Told[]> = {
  approve: ['rehearsed', 'approved', 'automatic'],
  auto: ['approved', 'automatic'],
}

function collected(
  shown: Map<string, Collected>,
  rule: DecidingRule,
  { playbook, parameters }: Run,
): Collected {
  const place = `${rule} ${playbook} ${canonicalJson(parameters)}`
  const known = shown.get(place)
  if (known) return known
  const its: Collected = {
    ...{ rule, playbook, parameters, evidence: noEvidence(), accounts: new Set(), resources: new Set() },
    wentWell: { approve: new Set(), auto: new Set() },
  }
  shown.set(place, its)
  return its
}

function evidenceOf(all: Map<string, EvidenceFor>, playbook: string): EvidenceFor {
  const known = all.get(playbook) ?? noEvidence()
  all.set(playbook, known)
  return known
}

export function noEvidence(): EvidenceFor {
  const zero = <K extends string>(keys: readonly K[]) =>
    Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>
  const none = (): Evidence => ({ counts: zero(TOLD), wrongIn: { approve: zero(WRONG), auto: zero(WRONG) } })
  return { approve: none(), auto: none(), back: none(), all: none() }
}

/**
 * @param modes those that what went wrong speaks against
 * @param times when the run started, and when it was undone: ms since 1970, UTC
 */
function count(
  evidence: EvidenceFor,
  told: readonly Told[],
  modes: readonly ('approve' | 'auto')[],
  times: { own: number; undone: number },
  from: Record<Purpose, number>,
): void {
  for (const purpose of PURPOSES) {
    const { counts, wrongIn } = evidence[purpose]
    for (const each of told) {
      const at = each === 'undone' ? times.undone : times.own
      if (!(at >= from[purpose])) continue
      counts[each]++
      if (isWrong(each)) for (const mode of modes) wrongIn[mode][each]++
    }
  }
}
