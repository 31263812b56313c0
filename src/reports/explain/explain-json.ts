import type { Finding, Rejection } from '../../findings/finding.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { type ExplainedDecision, explainDecision } from '../../policy/conditions/explain-decision.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import { subjectsOf, taking } from '../triage/triage-json.ts'

/** What a policy says about one playbook on one resource, and why. */
export interface ExplainedAction extends ExplainedDecision {
  playbook: string
  /** Id of the resource, as far as the finding itself names it. */
  resource: string
}

export interface ExplainedFinding {
  id: string
  source: Finding['source']
  type: string
  severity: Finding['severity']
  account: string
  region: string
  actions: ExplainedAction[]
  /** Why there are no actions; only then. */
  ignored?: string
  /** What only AWS could say, which nobody asks here, and which may change the actions: a sentence. */
  unknown?: string
}

export interface Explained {
  findings: ExplainedFinding[]
  rejected: Rejection[]
}

/**
 * Tells of a finding why a policy decides about it as it does, without a look at AWS: what only that would tell is unread.
 * Pure.
 * @param now ms since 1970, UTC
 * @param only the one playbook to ask about, when a person named it
 */
export function explaining(
  playbooks: readonly PlaybookHead[],
  policy: LoadedPolicy,
  now: number,
  only?: string,
): (finding: Finding) => ExplainedFinding {
  const take = taking(playbooks, policy, only)
  return (given) => {
    const { finding, able, ignored, unknown } = take(given)
    const { id, source, type, severity, account, region } = finding
    const actions = able.flatMap((playbook) =>
      subjectsOf(finding, playbook).subjects.map((subject) => ({
        playbook: playbook.id,
        resource: subject.resource.id,
        ...explainDecision(policy, subject, now),
      })),
    )
    return {
      ...{ id, source, type, severity, account, region, actions },
      ...(ignored !== undefined && { ignored }),
      ...(unknown !== undefined && { unknown }),
    }
  }
}
