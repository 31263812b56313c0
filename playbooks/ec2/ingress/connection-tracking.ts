import type { SecurityGroupRule } from '@aws-sdk/client-ec2'
import { type Family, prefixLength } from './coverage.ts'

/**
 * What becomes of existing sessions when ingress rules go. EC2 keeps no track of a flow that a rule for the whole
 * world lets in while a rule lets everything out, and cuts it with the rule; every other flow is tracked and goes on.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
 */

const FAMILIES: readonly Family[] = [4, 6]

/** The families for which a group's rules (egress among them) let everything out, by any port. */
export function openEgress(rules: readonly SecurityGroupRule[]): Family[] {
  const out = rules.filter(({ IsEgress }) => IsEgress).filter(isAllPorts)
  return FAMILIES.filter((family) =>
    out.some(({ CidrIpv4, CidrIpv6 }) => isWorld(family, (family === 4 ? CidrIpv4 : CidrIpv6) ?? '')),
  )
}

/**
 * One sentence on the sessions that came in through these rules at these interfaces; undefined without any.
 * @param interfaces `mayCut`: none that a service has put in between, whose flows are always tracked, or may be
 */
export function sessionsNote(
  revoked: readonly { id: string; source: string }[],
  egress: readonly Family[],
  interfaces: readonly { id: string; mayCut: boolean }[],
): string | undefined {
  if (interfaces.length === 0 || revoked.length === 0) return undefined
  const cut = revoked.filter(({ source }) => egress.some((family) => isWorld(family, source)))
  const plain = interfaces.filter(({ mayCut }) => mayCut)
  if (cut.length === 0 || plain.length === 0) return `existing sessions ${GO_ON}`
  const everywhere = cut.length === revoked.length && plain.length === interfaces.length
  // A target behind a Network Load Balancer or an accelerator is not to be told from another one by its interface.
  if (everywhere) return 'sessions that came in through a revoked rule end at once, if not by a load balancer'
  const through = cut.length < revoked.length ? ` through ${listed(cut)}` : ''
  const at = plain.length < interfaces.length ? ` at ${listed(plain)}` : ''
  return `sessions that came in${through}${at} end at once; other existing sessions ${GO_ON}`
}

const GO_ON =
  'go on until they end, because EC2 tracks them: to cut them, deny the port in the network ACL of the subnet for a moment'

function isAllPorts({ IpProtocol = '', FromPort = -1, ToPort = -1 }: SecurityGroupRule): boolean {
  if (IpProtocol === '-1') return true
  return ['tcp', '6'].includes(IpProtocol) && FromPort <= 0 && (ToPort === -1 || ToPort === 65_535)
}

function isWorld(family: Family, cidr: string): boolean {
  const isOfFamily = cidr.includes('/') && cidr.includes(':') === (family === 6)
  return isOfFamily && prefixLength(family, cidr) === 0
}

function listed(named: readonly { id: string }[]): string {
  const ids = named.slice(0, 5).map(({ id }) => id)
  return ids.join(', ') + (named.length > 5 ? ` and ${named.length - 5} more` : '')
}
