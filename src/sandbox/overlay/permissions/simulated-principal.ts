import { errorAnswer, escapeXml, iamAnswer } from '../../front/answer.ts'
import { listOf } from '../../front/request.ts'
import type { Answerer } from '../answerer.ts'
import { type AttachedPolicy, type Evaluated, evaluated, statementsOf } from './policy-evaluation.ts'
import { policiesOf } from './principals-policies.ts'

/**
 * SimulatePrincipalPolicy, which the emulator does not know: by the policies of the role or user that it holds, and its
 * boundary. It knows no organization, as IAM answers where an account is in none.
 */
const simulatePrincipalPolicy: Answerer = async (request, _control, forward) => {
  const { input } = request
  const arn = String(input.PolicySourceArn)
  const policies = await policiesOf(arn, request, forward)
  if (!policies) return errorAnswer(request, 404, 'NoSuchEntity', `${arn} cannot be found.`)
  const given = listOf(input, 'PermissionsBoundaryPolicyInputList.member')
  const boundary = given[0] === undefined ? policies.boundary : inputPolicy(given[0])
  const context = contextOf(input)
  const resources = listOf(input, 'ResourceArns.member')
  const about = (action: string, resource: string): Answered => {
    const own = evaluated(policies.own, action, resource, context)
    if (!boundary) return own
    const allows = evaluated([boundary], action, resource, context)
    if (allows.decision === 'allowed') return { ...own, boundaryAllows: true }
    const denies = own.decision === 'explicitDeny' || allows.decision === 'explicitDeny'
    const matched = own.decision === 'explicitDeny' ? own.matched : []
    const decision = denies ? ('explicitDeny' as const) : ('implicitDeny' as const)
    return { ...own, decision, matched, boundaryAllows: false }
  }
  const members = listOf(input, 'ActionNames.member').map((action) => {
    const each = (resources.length > 0 ? resources : ['*']).map((resource) => ({
      resource,
      answer: about(action, resource),
    }))
    const whole = strictest(each.map(({ answer }) => answer))
    const specific = each.map(({ resource, answer }) => resultXml('EvalResourceDecision', resource, answer))
    return [
      `<member><EvalActionName>${escapeXml(action)}</EvalActionName>`,
      resultXml('EvalDecision', '*', whole),
      ...(resources.length > 0
        ? [
            `<ResourceSpecificResults>${specific.map((one) => `<member>${one}</member>`).join('')}</ResourceSpecificResults>`,
          ]
        : []),
      '</member>',
    ].join('')
  })
  return iamAnswer(
    request,
    `<IsTruncated>false</IsTruncated><EvaluationResults>${members.join('')}</EvaluationResults>`,
  )
}

interface Answered extends Evaluated {
  /** Absent where there is no boundary. */
  boundaryAllows?: boolean
}

const STRICTEST = ['explicitDeny', 'implicitDeny', 'allowed']

function strictest(answers: readonly Answered[]): Answered {
  const byRank = [...answers].sort((a, b) => STRICTEST.indexOf(a.decision) - STRICTEST.indexOf(b.decision))
  return byRank[0]!
}

function resultXml(decided: string, resource: string, answer: Answered): string {
  const { decision, matched, missingKeys, boundaryAllows } = answer
  const statements = matched.map(
    ({ id, type }) =>
      `<member><SourcePolicyId>${escapeXml(id)}</SourcePolicyId><SourcePolicyType>${type}</SourcePolicyType></member>`,
  )
  const keys = missingKeys.map((key) => `<member>${escapeXml(key)}</member>`)
  const boundary =
    boundaryAllows === undefined
      ? ''
      : `<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>${boundaryAllows}</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>`
  return [
    `<EvalResourceName>${escapeXml(resource)}</EvalResourceName><${decided}>${decision}</${decided}>`,
    `<MatchedStatements>${statements.join('')}</MatchedStatements>`,
    `<MissingContextValues>${keys.join('')}</MissingContextValues>${boundary}`,
  ].join('')
}

const inputPolicy = (text: string): AttachedPolicy => ({
  id: 'PermissionsBoundaryPolicyInputList.1',
  type: 'user-managed',
  statements: statementsOf(text),
})

function contextOf(input: Record<string, unknown>): Map<string, string[]> {
  const context = new Map<string, string[]>()
  for (let n = 1; input[`ContextEntries.member.${n}.ContextKeyName`] !== undefined; n++) {
    const entry = `ContextEntries.member.${n}`
    const name = String(input[`${entry}.ContextKeyName`]).toLowerCase()
    context.set(name, listOf(input, `${entry}.ContextKeyValues.member`))
  }
  return context
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html */
export const iam: Record<string, Answerer> = { SimulatePrincipalPolicy: simulatePrincipalPolicy }
