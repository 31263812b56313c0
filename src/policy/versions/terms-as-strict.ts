import { sameJson } from '../../playbook/json.ts'
import type { ApprovalTerms } from '../../run/run.ts'

/** Whether terms are met by nobody who would not have met those of before. Pure. */
export function isAsStrict(terms: ApprovalTerms, before: ApprovalTerms): boolean {
  if (terms.quorum < before.quorum) return false
  if (!sameJson([terms.workspace, terms.people], [before.workspace, before.people])) return false
  if (before.approvers === undefined) return true
  const known = before.approvers
  const later = terms.escalate ?? []
  return (
    terms.approvers?.every((one) => known.includes(one)) === true &&
    (later.length === 0 || sameJson(later, before.escalate))
  )
}
