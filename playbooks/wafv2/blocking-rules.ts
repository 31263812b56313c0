import type { Rule, Statement } from '@aws-sdk/client-wafv2'
import { isGone } from '../../src/playbook/aws-error.ts'
import type { Reader } from '../../src/playbook/playbook.ts'
import type { IpSet } from './ip-set.ts'

/** A web ACL with a rule of its own that blocks what the set holds. */
export interface BlockingAcl {
  name: string
  arn: string
  rule: string
  /** What stands between the set and a block: other conditions, a header, a rule that allows before. */
  doubts: string[]
  /** Resources behind the web ACL; `unknown` when that cannot be read, which counts as attached. */
  attached: { type: string; id: string }[] | 'unknown'
}

/** What a regional web ACL can stand in front of, as `ListResourcesForWebACL` and CloudFormation name it. */
const RESOURCE_TYPES = {
  APPLICATION_LOAD_BALANCER: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  API_GATEWAY: 'AWS::ApiGateway::Stage',
  APPSYNC: 'AWS::AppSync::GraphQLApi',
  COGNITO_USER_POOL: 'AWS::Cognito::UserPool',
  APP_RUNNER_SERVICE: 'AWS::AppRunner::Service',
  VERIFIED_ACCESS_INSTANCE: 'AWS::EC2::VerifiedAccessInstance',
} as const

export const isAttached = ({ attached }: BlockingAcl): boolean =>
  attached === 'unknown' || attached.length > 0

/**
 * The web ACLs that block on a set, up to and including the first that is attached to something. Rule groups are not
 * looked into, and a web ACL that vanishes between the list and the look is passed over.
 */
export async function blockingAcls(set: IpSet, aws: Reader): Promise<BlockingAcl[]> {
  const summaries = await aws.list('wafv2', 'ListWebACLs', { Scope: set.scope }, 'WebACLs')
  const acls = await Promise.all(summaries.map(({ Name, Id }) => webAcl(Name, Id, set, aws)))
  const found: BlockingAcl[] = []
  for (const acl of acls) {
    const blocks = acl && blockingRule(acl.Rules ?? [], set.arn)
    if (!blocks) continue
    const arn = acl.ARN ?? ''
    found.push({ name: acl.Name ?? '', arn, ...blocks, attached: await attachments(arn, set, aws) })
    if (found.some(isAttached)) break
  }
  return found
}

async function webAcl(name: string | undefined, id: string | undefined, { scope }: IpSet, aws: Reader) {
  try {
    return (await aws.read('wafv2', 'GetWebACL', { Name: name, Id: id, Scope: scope })).WebACL
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** The rule that blocks on the set with the fewest doubts. Counting, rate-based and managed rules block nothing by it. */
export function blockingRule(
  rules: readonly Rule[],
  setArn: string,
): Pick<BlockingAcl, 'rule' | 'doubts'> | undefined {
  const blocking = rules
    .filter(({ Action }) => Action?.Block)
    .flatMap((rule) => {
      const doubts = doubtsOf(rule.Statement, setArn)
      return doubts ? [{ rule: rule.Name ?? '', doubts: [...doubts, ...allowedBefore(rules, rule)] }] : []
    })
  return blocking.sort((a, b) => a.doubts.length - b.doubts.length)[0]
}

/** Doubts about whether a statement matches whenever the set does; undefined when the set does not make it match. */
function doubtsOf(statement: Statement | undefined, setArn: string): string[] | undefined {
  const direct = statement?.IPSetReferenceStatement
  if (direct?.ARN === setArn) {
    const header = direct.IPSetForwardedIPConfig?.HeaderName
    return header ? [`it looks for the address in the header ${header}`] : []
  }
  const any = statement?.OrStatement?.Statements?.map((inner) => doubtsOf(inner, setArn))
  const all = statement?.AndStatement?.Statements?.map((inner) => doubtsOf(inner, setArn))
  const within = all?.find((doubts) => doubts !== undefined)
  return (
    any?.find((doubts) => doubts !== undefined) ??
    (within && [...within, 'it has other conditions besides the set'])
  )
}

function allowedBefore(rules: readonly Rule[], { Priority = 0 }: Rule): string[] {
  return rules
    .filter((other) => other.Action?.Allow && (other.Priority ?? 0) < Priority)
    .map(({ Name }) => `rule ${Name} comes before it and allows`)
}

async function attachments(acl: string, { scope }: IpSet, aws: Reader): Promise<BlockingAcl['attached']> {
  // Distributions are listed by CloudFront, not by WAF.
  if (scope === 'CLOUDFRONT') return 'unknown'
  for (const [kind, type] of Object.entries(RESOURCE_TYPES) as [keyof typeof RESOURCE_TYPES, string][]) {
    const answer = await aws.optional('wafv2', 'ListResourcesForWebACL', {
      WebACLArn: acl,
      ResourceType: kind,
    })
    if (!answer) return 'unknown'
    if (answer.ResourceArns?.length) return answer.ResourceArns.map((id) => ({ type, id }))
  }
  return []
}

/** What a person types to make the set block something. */
export function makeItBlock(set: IpSet, found: readonly BlockingAcl[], region: string): string {
  const [loose] = found
  if (loose) {
    return `web ACL ${loose.name} is attached to nothing: aws wafv2 associate-web-acl --region ${region} --web-acl-arn ${loose.arn} --resource-arn ARN_OF_LOAD_BALANCER_OR_API`
  }
  const metric = (name: string) => ({
    SampledRequestsEnabled: true,
    CloudWatchMetricsEnabled: true,
    MetricName: name,
  })
  const rule = {
    Name: set.name,
    Priority: 0,
    Statement: { IPSetReferenceStatement: { ARN: set.arn } },
    Action: { Block: {} },
    VisibilityConfig: metric(set.name),
  }
  return `no web ACL has a rule that blocks on ${set.name}; add the rule to yours, or: aws wafv2 create-web-acl --region ${region} --scope ${set.scope} --name ${set.name} --default-action '{"Allow":{}}' --visibility-config '${JSON.stringify(metric(set.name))}' --rules '${JSON.stringify([rule])}'`
}
