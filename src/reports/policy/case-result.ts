import { wildcard } from '../../playbook/matchers.ts'
import type { Expectation } from '../../policy/cases/cases-schema.ts'
import type { PolicyCase } from '../../policy/cases/load-cases.ts'
import type { PolicyFromFile, Ruling } from '../../policy/rules.ts'
import type { DecidedBy } from '../../run/decided-by.ts'
import type { TriagedFinding } from '../triage/triage-json.ts'

/** What was decided about a finding of a case. */
export interface CaseDecision {
  finding: string
  playbook: string
  mode: Ruling['mode']
  reason: string
  /** The rule that decided; absent where none did. */
  rule?: { number: number; line: number; text: string }
  /** While undecided: the rules of which one will decide. */
  between?: string[]
}

/** One thing that is not as it was expected. */
export interface CaseDifference {
  playbook?: string
  key: 'playbook' | 'mode' | 'rule' | 'reason' | 'ignored'
  expected: string
  got: string
  /** What decided: the rule's place and its text, or the reason where it was no rule. */
  by?: string
}

export interface CaseResult {
  name: string
  /** Of the case in its file, 1-based. */
  line: number
  ok: boolean
  decisions: CaseDecision[]
  /** Findings on which no playbook acts. */
  ignored: { finding: string; reason: string }[]
  differences: CaseDifference[]
}

/**
 * Holds a case against what was decided. Every decision has to be expected, by its playbook or by an entry that names none,
 * and every entry has to be about some decision: a playbook that answers as well, and that nobody thought of, is told. Pure.
 */
export function caseResult(
  { name, line, expect }: PolicyCase,
  triaged: readonly TriagedFinding[],
  policy: PolicyFromFile,
): CaseResult {
  const decisions = triaged.flatMap(({ id, actions }) =>
    actions.map((action): CaseDecision => {
      const { by, ...told } = action
      const rule = ruleOf(by, policy)
      return { finding: id, ...told, ...(rule && { rule }) }
    }),
  )
  const ignored = triaged.flatMap(({ id, ignored: reason }) => (reason ? [{ finding: id, reason }] : []))
  const differences = [
    ...decisionDifferences(
      expect.filter((entry) => entry.ignored === undefined),
      decisions,
      ignored,
    ),
    ...ignoredDifferences(
      expect.flatMap((entry) => entry.ignored ?? []),
      decisions,
      ignored,
    ),
  ]
  return { name, line, ok: differences.length === 0, decisions, ignored, differences }
}

function ruleOf(by: DecidedBy | undefined, { policy }: PolicyFromFile): CaseDecision['rule'] {
  if (by?.kind !== 'rule') return undefined
  const { number, line } = by
  return { number, line, text: policy.rules[number - 1]!.text }
}

function decisionDifferences(
  entries: readonly Expectation[],
  decisions: readonly CaseDecision[],
  ignored: CaseResult['ignored'],
): CaseDifference[] {
  const met = new Set<Expectation>()
  const found = decisions.flatMap((decision): CaseDifference[] => {
    const { playbook } = decision
    const own = entries.filter((entry) => entry.playbook === playbook)
    const about = own.length > 0 ? own : entries.filter((entry) => entry.playbook === undefined)
    const entry = about.find((each) => entryDifferences(each, decision).length === 0) ?? about[0]
    if (entry) met.add(entry)
    // Where findings are expected to be ignored, that is told of each.
    if (!entry && entries.length === 0) return []
    return entry
      ? entryDifferences(entry, decision)
      : [{ playbook, key: 'playbook', expected: 'nothing of it', got: decision.mode, by: byOf(decision) }]
  })
  const got =
    decisions.length > 0
      ? `answered by ${[...new Set(decisions.map(({ playbook }) => playbook))].join(', ')}`
      : ignored.map(({ reason }) => reason).join(', ') || 'no finding'
  const unmet = entries.filter((entry) => !met.has(entry))
  return [
    ...found,
    ...unmet.map(
      ({ playbook, mode = '' }): CaseDifference => ({
        ...(playbook !== undefined && { playbook }),
        key: 'playbook',
        expected: mode,
        got,
      }),
    ),
  ]
}

function entryDifferences({ mode, rule, reason }: Expectation, decision: CaseDecision): CaseDifference[] {
  const { playbook } = decision
  const number = decision.rule?.number ?? 'none'
  const by = byOf(decision)
  return [
    ...(mode !== decision.mode
      ? [{ playbook, key: 'mode' as const, expected: mode ?? '', got: decision.mode, by }]
      : []),
    ...(rule !== undefined && rule !== number
      ? [{ playbook, key: 'rule' as const, expected: String(rule), got: String(number), by }]
      : []),
    ...(reason !== undefined && !wildcard(reason, decision.reason)
      ? [{ playbook, key: 'reason' as const, expected: reason, got: decision.reason, by }]
      : []),
  ]
}

function byOf({ reason, rule, between = [] }: CaseDecision): string {
  if (rule) return `${reason}: ${rule.text}`
  return between.length > 0 ? `${reason}: either ${between.join(', or ')}` : reason
}

function ignoredDifferences(
  expected: readonly string[],
  decisions: readonly CaseDecision[],
  ignored: CaseResult['ignored'],
): CaseDifference[] {
  if (expected.length === 0) return []
  const wanted = expected.join(' or ')
  const others = ignored.filter(({ reason }) => !expected.some((pattern) => wildcard(pattern, reason)))
  const none = ignored.length === 0 && decisions.length === 0
  return [
    ...others.map(({ reason }): CaseDifference => ({ key: 'ignored', expected: wanted, got: reason })),
    ...(ignored.length === 0
      ? decisions.map(
          (decision): CaseDifference => ({
            playbook: decision.playbook,
            ...{ key: 'ignored', expected: wanted, got: decision.mode, by: byOf(decision) },
          }),
        )
      : []),
    ...(none ? [{ key: 'ignored' as const, expected: wanted, got: 'no finding' }] : []),
  ]
}
