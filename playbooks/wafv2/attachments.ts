import type { ResourceType } from '@aws-sdk/client-wafv2'
import { AwsError } from '../../src/playbook/aws-error.ts'
import type { Reader } from '../../src/playbook/playbook.ts'
import type { Scope } from './ip-set.ts'

/** What stands behind a web ACL: at least these resources, nothing, or what cannot be told, and why. */
export type Attached = { type: string; id: string }[] | { unknown: string }

/** What a web ACL can stand in front of, as `ListResourcesForWebACL` and CloudFormation name it; the most usual first. */
export const ATTACHABLE: Readonly<Record<ResourceType, string>> = {
  APPLICATION_LOAD_BALANCER: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  API_GATEWAY: 'AWS::ApiGateway::Stage',
  APPSYNC: 'AWS::AppSync::GraphQLApi',
  COGNITO_USER_POOL: 'AWS::Cognito::UserPool',
  APP_RUNNER_SERVICE: 'AWS::AppRunner::Service',
  VERIFIED_ACCESS_INSTANCE: 'AWS::EC2::VerifiedAccessInstance',
  AMPLIFY: 'AWS::Amplify::App',
  AGENTCORE_GATEWAY: 'AWS::BedrockAgentCore::Gateway',
}

/** Of a global web ACL WAF itself knows only these; CloudFront lists its distributions, and nobody asks it here. */
const GLOBAL: readonly ResourceType[] = ['AMPLIFY']

/** A kind that WAF does not know in this region: there is none of it, and that is no denial. */
const NO_SUCH_KIND = ['ValidationException', 'WAFInvalidOperationException', 'WAFInvalidParameterException']

/**
 * What a web ACL is attached to, asked kind by kind up to the first of which there is any. A kind that cannot be read
 * leaves a doubt, unless another one has some.
 */
export async function attachments(acl: string, scope: Scope, aws: Reader): Promise<Attached> {
  const kinds = scope === 'CLOUDFRONT' ? GLOBAL : (Object.keys(ATTACHABLE) as ResourceType[])
  const unread: string[] = []
  let answers = 0
  for (const kind of kinds) {
    const found = await resourcesOf(acl, kind, aws)
    if (Array.isArray(found) && found.length > 0) return found.map((id) => ({ type: ATTACHABLE[kind], id }))
    if (Array.isArray(found)) answers += 1
    else if (found !== 'noSuchKind') unread.push(`${kind}: ${found.message}`)
  }
  if (scope === 'CLOUDFRONT') unread.push('CloudFront lists its distributions itself, and is not asked')
  if (unread.length > 0) return { unknown: unread.join('; ') }
  return answers > 0 ? [] : { unknown: 'WAF knows none of the kinds of resources here' }
}

async function resourcesOf(
  acl: string,
  kind: ResourceType,
  aws: Reader,
): Promise<string[] | 'noSuchKind' | AwsError> {
  try {
    const input = { WebACLArn: acl, ResourceType: kind }
    return (await aws.read('wafv2', 'ListResourcesForWebACL', input)).ResourceArns ?? []
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return error.kind === 'final' && NO_SUCH_KIND.includes(error.code) ? 'noSuchKind' : error
  }
}
