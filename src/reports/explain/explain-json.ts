import type { Finding, ParseResult, Rejection } from '../../findings/finding.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { type ExplainedDecision, explainDecision } from '../../policy/conditions/explain-decision.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import { answering, rememberedAnswerers } from '../triage/answering.ts'
import { bySaid, subjectsOf } from '../triage/triage-json.ts'

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
}

export interface Explained {
  findings: ExplainedFinding[]
  rejected: Rejection[]
}

/**
 * Why a policy decides about findings as it does, without a look at AWS: what only that would tell is unread. Pure.
 * @param now ms since 1970, UTC
 * @param only the one playbook to ask about, when a person named it
 */
export function explainJson(
  { findings, rejected }: ParseResult,
  playbooks: readonly PlaybookHead[],
  policy: LoadedPolicy,
  now: number,
  only?: string,
): Explained {
  const ask = rememberedAnswerers()
  const explained = findings.map((given): ExplainedFinding => {
    const finding = bySaid(given, policy)
    const { playbooks: ids, ignored } = only
      ? { playbooks: [only], ignored: undefined }
      : answering(finding, playbooks, ask)
    const { id, source, type, severity, account, region } = finding
    const actions = playbooks
      .filter((each) => ids.includes(each.id))
      .flatMap((playbook) =>
        subjectsOf(finding, playbook).subjects.map((subject) => ({
          playbook: playbook.id,
          resource: subject.resource.id,
          ...explainDecision(policy, subject, now),
        })),
      )
    return { id, source, type, severity, account, region, actions, ...(ignored !== undefined && { ignored }) }
  })
  return { findings: explained, rejected }
}
