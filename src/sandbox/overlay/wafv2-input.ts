import type { ResourceType } from '@aws-sdk/client-wafv2'

/** Which ARNs a resource type has; a list without a type is one of load balancers. */
export const ATTACHABLE_ARNS: Record<ResourceType, RegExp> = {
  APPLICATION_LOAD_BALANCER: /:elasticloadbalancing:.*:loadbalancer\/app\//,
  API_GATEWAY: /:apigateway:/,
  APPSYNC: /:appsync:/,
  COGNITO_USER_POOL: /:cognito-idp:/,
  APP_RUNNER_SERVICE: /:apprunner:/,
  VERIFIED_ACCESS_INSTANCE: /:verified-access-instance\//,
  AMPLIFY: /:amplify:/,
  AGENTCORE_GATEWAY: /:bedrock-agentcore:/,
}

/** AWS's have the form of an id, the emulator's six digits: the one thing that AWS's model is not asked about. */
const LOCK_TOKEN = /^[0-9a-f-]{6,36}$/

/** They take the ARN, or the name, the scope and the id. */
const BY_ARN = ['GetWebACL', 'GetRuleGroup']

/** WAF's refusal of an input; undefined where it would look further. An operation that is not known here passes. */
export function refusalOf(
  operation: string,
  input: Record<string, unknown>,
  region: string,
): { code: string; message: string } | undefined {
  if (input.Scope === 'CLOUDFRONT' && region !== 'us-east-1')
    return invalid('The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT')
  if (input.LockToken !== undefined && !LOCK_TOKEN.test(String(input.LockToken)))
    return { code: 'ValidationException', message: 'LockToken is not of the form of a token' }
  const named = ['Name', 'Scope', 'Id'].every((name) => input[name] !== undefined)
  if (BY_ARN.includes(operation) && input.ARN === undefined && !named)
    return invalid('You must give the name, the scope and the id, or the ARN')
  return undefined
}

const invalid = (reason: string) => ({
  code: 'WAFInvalidParameterException',
  message: `Error reason: ${reason}`,
})
