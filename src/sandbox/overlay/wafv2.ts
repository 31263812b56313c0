import ipaddr from 'ipaddr.js'
import { type Answer, errorAnswer, jsonAnswer } from '../answer.ts'
import { type AwsRequest, withJson } from '../request.ts'
import type { Answerer } from './overlay.ts'

/** Which ARNs a resource type has; a list without a type is one of load balancers. */
const RESOURCE_TYPES: Record<string, RegExp> = {
  APPLICATION_LOAD_BALANCER: /:elasticloadbalancing:.*:loadbalancer\/app\//,
  API_GATEWAY: /:apigateway:/,
  APPSYNC: /:appsync:/,
  COGNITO_USER_POOL: /:cognito-idp:/,
  APP_RUNNER_SERVICE: /:apprunner:/,
  VERIFIED_ACCESS_INSTANCE: /:verified-access-instance\//,
}

const listResourcesForWebACL: Answerer = async (request, control, forward) => {
  const { WebACLArn: arn, ResourceType: type = 'APPLICATION_LOAD_BALANCER' } = request.input
  const [, name, id] = /webacl\/([^/]+)\/([^/]+)$/.exec(String(arn)) ?? []
  // Asked in passing, so that an unknown web ACL is refused as AWS refuses it.
  const get = withJson(request, { Name: name, Id: id, Scope: 'REGIONAL' })
  const found = await forward({
    ...get,
    headers: { ...get.headers, 'x-amz-target': 'AWSWAF_20190729.GetWebACL' },
  })
  if (found.status !== 200) return found
  const resources = control.associations.get(String(arn)) ?? []
  return jsonAnswer({
    ResourceArns: resources.filter((resource) => RESOURCE_TYPES[String(type)]?.test(resource)),
  })
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

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_Operations_AWS_WAFV2.html */
export const wafv2: Record<string, Answerer> = {
  ListResourcesForWebACL: listResourcesForWebACL,
  AssociateWebACL: associateWebACL,
  DisassociateWebACL: disassociateWebACL,
  CreateIPSet: createIPSet,
  UpdateIPSet: updateIPSet,
}
