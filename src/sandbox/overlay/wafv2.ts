import type { ResourceType } from '@aws-sdk/client-wafv2'
import ipaddr from 'ipaddr.js'
import { type Answer, errorAnswer, jsonAnswer } from '../front/answer.ts'
import { type AwsRequest, withJson } from '../front/request.ts'
import type { Answerer } from './answerer.ts'
import { ATTACHABLE_ARNS, refusalOf } from './wafv2-input.ts'

const listResourcesForWebACL: Answerer = async (request, control, forward) => {
  const { WebACLArn: arn, ResourceType: type = 'APPLICATION_LOAD_BALANCER' } = request.input
  const [, scope, name, id] = /:(regional|global)\/webacl\/([^/]+)\/([^/]+)$/.exec(String(arn)) ?? []
  // Asked in passing, so that an unknown web ACL is refused as AWS refuses it.
  const Scope = scope === 'global' ? 'CLOUDFRONT' : 'REGIONAL'
  const get = withJson(request, { Name: name, Id: id, Scope })
  const found = await forward({
    ...get,
    headers: { ...get.headers, 'x-amz-target': 'AWSWAF_20190729.GetWebACL' },
  })
  if (found.status !== 200) return found
  const resources = control.associations.get(String(arn)) ?? []
  const kind = ATTACHABLE_ARNS[type as ResourceType]
  return jsonAnswer({ ResourceArns: resources.filter((resource) => kind.test(resource)) })
}

const associateWebACL: Answerer = async (request, control, forward) => {
  const answer = await forward(request)
  const { WebACLArn: arn, ResourceArn: resource } = request.input
  if (answer.status !== 200) return answer
  // A resource has one web ACL: the newest.
  dissociate(control.associations, String(resource))
  control.associations.set(String(arn), [...(control.associations.get(String(arn)) ?? []), String(resource)])
  return answer
}

const disassociateWebACL: Answerer = async (request, control, forward) => {
  const answer = await forward(request)
  if (answer.status === 200) dissociate(control.associations, String(request.input.ResourceArn))
  return answer
}

function dissociate(associations: Map<string, string[]>, resource: string): void {
  for (const [arn, resources] of associations)
    associations.set(
      arn,
      resources.filter((other) => other !== resource),
    )
}

const createIPSet: Answerer = async (request, control, forward) => {
  const version = String(request.input.IPAddressVersion)
  const answer = await canonical(request, version, forward)
  const id = /"Id":\s*"([^"]+)"/.exec(answer.body.toString())?.[1]
  if (answer.status === 200 && id) control.ipSetVersions.set(id, version)
  return answer
}

const updateIPSet: Answerer = (request, control, forward) =>
  canonical(request, control.ipSetVersions.get(String(request.input.Id)), forward)

/**
 * AWS stores ranges in its own spelling: host bits masked, IPv6 written out in full. It refuses an address without
 * a prefix, of the other family, or of prefix 0, and more than 10,000 of them. The emulator keeps the text as it came.
 */
async function canonical(
  request: AwsRequest,
  version: string | undefined,
  forward: (request: ReturnType<typeof withJson>) => Promise<Answer>,
): Promise<Answer> {
  const given = Array.isArray(request.input.Addresses) ? request.input.Addresses.map(String) : []
  if (given.length > 10_000) {
    return errorAnswer(
      request,
      400,
      'WAFLimitsExceededException',
      'AWS WAF couldn’t save your changes: too many addresses.',
    )
  }
  const stored = new Set<string>()
  for (const text of given) {
    const range = canonicalRange(text, version)
    if (!range) {
      const message =
        'Error reason: The parameter contains formatting that is not valid., field: IP_ADDRESS, ' +
        `parameter: ${text}`
      return errorAnswer(request, 400, 'WAFInvalidParameterException', message)
    }
    stored.add(range)
  }
  return forward(withJson(request, { ...request.input, Addresses: [...stored] }))
}

function canonicalRange(text: string, version: string | undefined): string | undefined {
  if (!ipaddr.isValidCIDR(text)) return undefined
  const [address, prefix] = ipaddr.parseCIDR(text)
  if (prefix === 0 || (version && version !== (address.kind() === 'ipv4' ? 'IPV4' : 'IPV6'))) return undefined
  if (address.kind() === 'ipv4') return `${ipaddr.IPv4.networkAddressFromCIDR(text)}/${prefix}`
  const { parts } = ipaddr.IPv6.networkAddressFromCIDR(text)
  return `${parts.map((part) => part.toString(16).padStart(4, '0')).join(':')}/${prefix}`
}

/** By the ARN of a global group the emulator looks in the wrong place; by name, scope and id it finds it. */
const getRuleGroup: Answerer = (request, _control, forward) => {
  const [, name, id] = /:global\/rulegroup\/([^/]+)\/([^/]+)$/.exec(String(request.input.ARN)) ?? []
  return forward(name ? withJson(request, { Name: name, Id: id, Scope: 'CLOUDFRONT' }) : request)
}

/** An operation as WAF takes it: what it refuses before it looks at anything is refused. */
function checked(answerer: Answerer = (request, _control, forward) => forward(request)): Answerer {
  return (request, control, forward) => {
    const refusal = refusalOf(request.operation, request.input, request.region)
    if (refusal) return errorAnswer(request, 400, refusal.code, refusal.message)
    return answerer(request, control, forward)
  }
}

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_Operations_AWS_WAFV2.html */
export const wafv2: Record<string, Answerer> = {
  ListResourcesForWebACL: checked(listResourcesForWebACL),
  AssociateWebACL: associateWebACL,
  DisassociateWebACL: disassociateWebACL,
  CreateIPSet: checked(createIPSet),
  UpdateIPSet: checked(updateIPSet),
  GetRuleGroup: checked(getRuleGroup),
  CreateRuleGroup: checked(),
  CreateWebACL: checked(),
  GetIPSet: checked(),
  GetWebACL: checked(),
  ListIPSets: checked(),
  ListWebACLs: checked(),
}
