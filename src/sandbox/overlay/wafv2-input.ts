/** What WAF asks of the inputs of some operations before it looks at anything, as its service model (2019-07-29) has it. */
import { ResourceType } from '@aws-sdk/client-wafv2'

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

const ARN = /^.{20,2048}$/

const FORMS: Record<string, RegExp> = {
  Name: /^[\w-]{1,128}$/,
  Id: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/,
  // AWS's have the form of an id, the emulator's six digits.
  LockToken: /^[0-9a-f-]{6,36}$/,
  Scope: /^(CLOUDFRONT|REGIONAL)$/,
  ARN,
  WebACLArn: ARN,
  ResourceType: new RegExp(`^(${Object.values(ResourceType).join('|')})$`),
  Limit: /^([1-9]\d?|100)$/,
  NextMarker: /^.{1,256}$/,
  Description: /^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]{1,254}[\w+=:#@/\-,.]$/,
}

/** The fields that an operation must be given, and those that it may. */
const FIELDS: Record<string, { must: string[]; may: string[] }> = {
  ListIPSets: { must: ['Scope'], may: ['NextMarker', 'Limit'] },
  GetIPSet: { must: ['Name', 'Scope', 'Id'], may: [] },
  UpdateIPSet: { must: ['Name', 'Scope', 'Id', 'Addresses', 'LockToken'], may: ['Description'] },
  ListWebACLs: { must: ['Scope'], may: ['NextMarker', 'Limit'] },
  GetWebACL: { must: [], may: ['Name', 'Scope', 'Id', 'ARN'] },
  GetRuleGroup: { must: [], may: ['Name', 'Scope', 'Id', 'ARN'] },
  ListResourcesForWebACL: { must: ['WebACLArn'], may: ['ResourceType'] },
}

/** WAF's refusal of an input; undefined where it would look further. An operation that is not known here passes. */
export function refusalOf(
  operation: string,
  input: Record<string, unknown>,
  region: string,
): { code: string; message: string } | undefined {
  if (input.Scope === 'CLOUDFRONT' && region !== 'us-east-1')
    return invalid('The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT')
  const fields = FIELDS[operation]
  if (!fields) return undefined
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  const strange = given.find(([name]) => !fields.must.includes(name) && !fields.may.includes(name))
  if (strange) return { code: 'SerializationException', message: `${strange[0]} is no field of ${operation}` }
  const missing = fields.must.find((name) => input[name] === undefined)
  if (missing) return malformed('null', missing, 'Member must not be null')
  const bad = given.find(([name, value]) => FORMS[name] && !FORMS[name].test(String(value)))
  if (bad)
    return malformed(String(bad[1]), bad[0], 'Member must satisfy its pattern, length or enum value set')
  const named = ['Name', 'Scope', 'Id'].every((name) => input[name] !== undefined)
  if (fields.may.includes('ARN') && input.ARN === undefined && !named)
    return invalid('You must give the name, the scope and the id, or the ARN')
  return undefined
}

const invalid = (reason: string) => ({
  code: 'WAFInvalidParameterException',
  message: `Error reason: ${reason}`,
})

const malformed = (value: string, field: string, why: string) => ({
  code: 'ValidationException',
  message: `1 validation error detected: Value '${value}' at '${field}' failed to satisfy constraint: ${why}`,
})
