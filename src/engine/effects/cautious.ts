import { strictest } from '../../policy/decide.ts'
import type { Ruling } from '../../policy/rules.ts'
import type { ApprovalTerms } from '../../run/run.ts'
import { ALL_THE_SAME } from './cautioned.ts'

/**
 * The policy's word on a plan that a person shall look at first: `auto` becomes `approve`, on the terms that the rule
 * has for an approval. Where the run was asked about before, the terms that are harder to meet hold.
 */
export function cautious(
  ruling: Ruling,
  cautions: readonly string[],
  asked: ApprovalTerms | undefined,
): Ruling {
  if (ruling.mode !== 'auto' || cautions.length === 0) return ruling
  const reason = `${ruling.reason}; ${ALL_THE_SAME}: ${cautions.join('; ')}`
  const lowered: Ruling = { ...ruling, mode: 'approve', reason }
  return strictest([lowered, ...(asked ? [{ ...lowered, approval: asked }] : [])])
}
