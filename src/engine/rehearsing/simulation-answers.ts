/**
 * What IAM's simulator answers, read (IAM API reference, EvaluationResult). The answer for a resource stands in
 * `ResourceSpecificResults`: what stands above it sums up all that were asked, and its `EvalResourceName` names a form of
 * ARN and no resource. Pure.
 */
import type { EvaluationResult, ResourceSpecificResult, Statement } from '@aws-sdk/client-iam'

/** What the simulator says of an action on a resource. */
export interface Simulated {
  decision: 'allowed' | 'explicitDeny' | 'implicitDeny'
  /** Condition keys that policies ask for and that were not given: with them the decision might be another. */
  missingKeys: string[]
  /** Policies whose statements made the decision, as a person finds them: `inline policy own of role rectify`. */
  matched: string[]
  /** False: the permissions boundary does not let it through. */
  boundaryAllows: boolean
  /** False: a service control policy does not let it through; it is said of all resources of a call together. */
  organizationAllows: boolean
}

/** The answer about an action and a resource; undefined where there is none, or none that is understood. */
export function simulatedIn(
  results: readonly EvaluationResult[],
  action: string,
  resource: string,
): Simulated | undefined {
  const ofAction = results.filter(({ EvalActionName: name }) => name?.toLowerCase() === action.toLowerCase())
  for (const result of ofAction) {
    const own = result.ResourceSpecificResults?.find(({ EvalResourceName: name }) => name === resource)
    if (own) return simulated(result, own)
  }
  const plain = ofAction.filter(({ ResourceSpecificResults: own = [] }) => own.length === 0)
  const named = plain.find(({ EvalResourceName: name }) => name === resource)
  // About all resources there is one answer, whatever form of ARN it names.
  const only = resource === '*' && plain.length === 1 ? plain[0] : undefined
  const found = named ?? only
  return found && simulated(found)
}

function simulated(result: EvaluationResult, own?: ResourceSpecificResult): Simulated | undefined {
  const decision = own?.EvalResourceDecision ?? result.EvalDecision
  if (decision !== 'allowed' && decision !== 'explicitDeny' && decision !== 'implicitDeny') return undefined
  const boundary = own?.PermissionsBoundaryDecisionDetail ?? result.PermissionsBoundaryDecisionDetail
  return {
    decision,
    missingKeys: [...new Set((own ?? result).MissingContextValues ?? [])].sort(),
    matched: [...new Set(((own ?? result).MatchedStatements ?? []).flatMap(nameOf))].sort(),
    boundaryAllows: boundary?.AllowedByPermissionsBoundary ?? true,
    organizationAllows: result.OrganizationsDecisionDetail?.AllowedByOrganizations ?? true,
  }
}

/** What IAM puts in front of an inline policy's name: `role_rectify_own`. */
const INLINE = /^(role|user|group)_(.+)$/

function nameOf({ SourcePolicyId, SourcePolicyType }: Statement): string[] {
  if (SourcePolicyId === undefined) return []
  const inline = INLINE.exec(SourcePolicyId)
  return [inline ? `inline policy ${SourcePolicyId}` : `${SourcePolicyType ?? 'policy'} ${SourcePolicyId}`]
}
