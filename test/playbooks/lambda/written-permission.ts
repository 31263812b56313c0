import type { Statement } from '../../../src/playbook/policy-document/policy-grammar.ts'
import type { Fields } from '../../support/aws-model/failure.ts'

/** The statement that Lambda makes of the fields of AddPermission. */
export function writtenPermission(input: Fields, arn: string): Statement {
  const text = String(input.Principal)
  const principal = text.endsWith('.amazonaws.com') ? { Service: text } : text === '*' ? '*' : { AWS: text }
  const equal = {
    ...(input.SourceAccount !== undefined && { 'AWS:SourceAccount': input.SourceAccount }),
    ...(input.PrincipalOrgID !== undefined && { 'aws:PrincipalOrgID': input.PrincipalOrgID }),
    ...(input.EventSourceToken !== undefined && { 'lambda:EventSourceToken': input.EventSourceToken }),
    ...(input.FunctionUrlAuthType !== undefined && {
      'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType,
    }),
  }
  const condition = {
    ...(input.SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': input.SourceArn } }),
    ...(Object.keys(equal).length > 0 && { StringEquals: equal }),
    ...(input.InvokedViaFunctionUrl === true && { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }),
  }
  return {
    Sid: String(input.StatementId),
    Effect: 'Allow' as const,
    Action: String(input.Action),
    Resource: input.Qualifier === undefined ? arn : `${arn}:${input.Qualifier}`,
    Principal: principal,
    ...(Object.keys(condition).length > 0 && { Condition: condition as Statement['Condition'] }),
  }
}
