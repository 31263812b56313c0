import type { Advice } from '../../policy/advise/advice.ts'
import type { AdvisedPolicy } from '../../policy/advise/advised-policy.ts'
import type { AdviseCriteria } from '../../policy/advise/criteria.ts'
import type { Counts, Gathered } from '../../policy/advise/gathered-evidence.ts'
import { rulePlace } from '../../policy/rule-place.ts'
import type { PolicyFromFile } from '../../policy/rules.ts'

/** What was read of the runs, and what follows from it. */
export interface Advised {
  policy: PolicyFromFile
  criteria: AdviseCriteria
  gathered: Gathered
  advice: readonly Advice[]
  proposed: AdvisedPolicy
  /** ISO 8601 UTC: runs that started since then were read. */
  since: string
  /** Whether there are more runs than were read. */
  isCut: boolean
}

export interface ShownAdvice {
  /** Null: no rule matches. */
  rule: { number: number; line: number; place: string } | null
  playbook: string
  mode: Advice['mode']
  /** Null: as it is. */
  advised: NonNullable<Advice['advised']> | null
  why: string[]
  accounts: string[]
  evidence: Counts & { resources: number }
  /** Why the patch lacks it; only then. */
  byHand?: string
}

/** The one document of `policy advise`. */
export function adviseJson({ policy, criteria, gathered, advice, proposed, since, isCut }: Advised) {
  return {
    policy: policy.file,
    policyVersion: policy.version ?? null,
    criteria,
    since,
    isComplete: !isCut,
    runs: gathered.runs,
    ofOtherText: gathered.ofOtherText,
    advice: advice.map((each) => shownAdvice(each, policy, proposed)),
    unplaced: [...gathered.unplaced].map(([playbook, { all }]) => ({ playbook, evidence: all.counts })),
    patch: proposed.patch,
  }
}

export function shownAdvice(advice: Advice, policy: PolicyFromFile, { byHand }: AdvisedPolicy): ShownAdvice {
  const { rule, playbook, mode, advised = null, why, accounts, evidence, resources } = advice
  const lacking = byHand.find(({ proposal }) => proposal.rule === rule && proposal.playbook === playbook)
  const written = rule === 'none' ? undefined : policy.policy.rules[rule]
  return {
    rule:
      rule === 'none' || written === undefined
        ? null
        : { number: rule + 1, line: written.line, place: rulePlace(written, rule, policy) },
    ...{ playbook, mode, advised, why, accounts },
    evidence: { ...evidence.all.counts, resources },
    ...(lacking && { byHand: lacking.why }),
  }
}
