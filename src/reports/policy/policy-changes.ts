import type { Finding } from '../../findings/finding.ts'
import { sameJson } from '../../playbook/json.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import {
  comparing,
  type DecidedOtherwise,
  isRaised,
  type Outcome,
  wayOf,
} from '../../policy/compare/compare-decisions.ts'
import type { PolicyFromFile } from '../../policy/rules.ts'
import { type GuardChange, guardChanges } from '../../policy/versions/guard-changes.ts'
import { subjectsOf, type Taken, taking } from '../triage/triage-json.ts'

/** A policy with the playbooks that it is about. */
export interface PolicySide {
  policy: PolicyFromFile
  playbooks: readonly PlaybookHead[]
}

/** One decision that is another. */
export interface ChangedDecision {
  finding: string
  playbook: string
  resource: string
  /** Where it is so only under some readings of the resource: which. */
  possible?: string
  /** From when on, where not now: ISO 8601 UTC. */
  since?: string
}

/** All that is decided otherwise in one way: by these rules, from this mode to that. */
export interface RuleChange {
  /** What differs: the mode, or with the same mode the parameters or who is asked. */
  what: 'raised' | 'lowered' | 'parameters' | 'approval'
  from: Pick<Outcome, 'mode' | 'reason'>
  to: Pick<Outcome, 'mode' | 'reason'>
  count: number
  /** Of them so many only under some readings of the resource. */
  possible: number
  /** The first of them, each resource once. */
  decisions: ChangedDecision[]
}

export interface PolicyChanges {
  findings: number
  /** Playbooks on targets that were compared. */
  decisions: number
  /** Of them so many whose mode is raised, possibly or surely. */
  raised: number
  changes: RuleChange[]
  /** What holds back whatever is decided, and differs: what is loosened first. */
  guards: GuardChange[]
  /** Findings of rules that only AWS Config can tell: what becomes of them is not known here. */
  unknown: number
}

/** So many resources are named for a change; all decisions are counted. */
const MOST_NAMED = 20

/**
 * Collects, finding by finding, what a second policy decides otherwise than a first. Holds no findings.
 * @param now ms since 1970, UTC
 */
export function policyComparison(from: PolicySide, to: PolicySide, now: number) {
  const take = [taking(from.playbooks, from.policy), taking(to.playbooks, to.policy)] as const
  const compare = comparing(from.policy, to.policy, now)
  const changes = new Map<string, RuleChange>()
  const counts = { findings: 0, decisions: 0, unknown: 0 }
  let raised = 0
  return {
    add(given: Finding): void {
      const taken = [take[0](given), take[1](given)] as const
      counts.findings++
      if (taken.some(({ unknown }) => unknown !== undefined)) counts.unknown++
      for (const { compared, playbook } of pairs(taken)) {
        counts.decisions++
        const ways = compare(compared)
        if (ways.some((way) => whatOf(way) === 'raised')) raised++
        for (const way of ways)
          note(changes, way, decisionOf(way, given, playbook, compared.subject.resource.id))
      }
    },
    result(): PolicyChanges {
      const sorted = [...changes.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count)
      const guards = guardChanges(from.policy.policy, to.policy.policy, now)
      return { ...counts, raised, changes: sorted, guards }
    },
  }
}

const ORDER: readonly RuleChange['what'][] = ['raised', 'approval', 'parameters', 'lowered']
const rank = ({ what }: RuleChange): number => ORDER.indexOf(what)

/** Each playbook that takes a finding on by one of two policies, on each of its likely targets. */
function pairs([from, to]: readonly [Taken, Taken]) {
  const playbooks = new Map([...from.able, ...to.able].map((playbook) => [playbook.id, playbook]))
  return [...playbooks.values()].flatMap((playbook) => {
    const typeOf = ({ able, finding }: Taken) =>
      able.some(({ id }) => id === playbook.id) ? finding.type : undefined
    const types = [typeOf(from), typeOf(to)] as const
    const { subjects, isNamed } = subjectsOf(to.finding, playbook)
    return subjects.map((subject) => ({ playbook, compared: { subject, types, isNamed, playbook } }))
  })
}

function decisionOf(
  { possible, since }: DecidedOtherwise,
  { id }: Finding,
  playbook: PlaybookHead,
  resource: string,
): ChangedDecision {
  return {
    ...{ finding: id, playbook: playbook.id, resource },
    ...(possible !== undefined && { possible }),
    ...(since !== undefined && { since }),
  }
}

function note(changes: Map<string, RuleChange>, way: DecidedOtherwise, decision: ChangedDecision): void {
  const key = wayOf(way)
  const known = changes.get(key)
  const change = known ?? {
    ...{ what: whatOf(way), from: said(way.from), to: said(way.to) },
    ...{ count: 0, possible: 0, decisions: [] },
  }
  if (!known) changes.set(key, change)
  change.count++
  if (decision.possible !== undefined) change.possible++
  const isNamed = change.decisions.some((each) => isSame(each, decision))
  if (!isNamed && change.decisions.length < MOST_NAMED) change.decisions.push(decision)
}

/** Findings about the same are named once. */
function isSame(a: ChangedDecision, b: ChangedDecision): boolean {
  return (
    a.playbook === b.playbook && a.resource === b.resource && a.possible === b.possible && a.since === b.since
  )
}

const said = ({ mode, reason }: Outcome) => ({ mode, reason })

function whatOf({ from, to }: DecidedOtherwise): RuleChange['what'] {
  if (from.mode !== to.mode) return isRaised(from.mode, to.mode) ? 'raised' : 'lowered'
  return sameJson(from.parameters, to.parameters) ? 'approval' : 'parameters'
}
