import type { IpPermission, SecurityGroupRule, Tag } from '@aws-sdk/client-ec2'
import { type ApiCall, call } from '../../../src/playbook/api.ts'
import { canonicalJson } from '../../../src/playbook/json.ts'
import type { Tags } from '../../../src/playbook/playbook.ts'

/**
 * One ingress rule of a security group: one source, one protocol, one range of ports, as DescribeSecurityGroupRules
 * lists them. (An IpPermission bundles many sources; changing it as a whole would hit the good ones too.)
 */
export interface IngressRule {
  /** `sgr-…`; AWS makes a new one when the rule is put back. */
  id: string
  /** As AWS says it: 'tcp', 'udp', 'icmp', '-1' for all, or a number as text. */
  protocol: string
  /** First port, or ICMP type; -1 where the protocol has none. */
  from: number
  /** Last port, or ICMP code; -1 where the protocol has none. */
  to: number
  /** CIDR range, prefix list id or group id. */
  source: string
  kind: 'cidrIpv4' | 'cidrIpv6' | 'prefixList' | 'group'
  /** Whose group the source is, where it is not of the account that owns the rule's group. */
  sourceAccount?: string
  description?: string
  /** Without the tags under `aws:`, which nobody can put back. */
  tags?: Tags
}

/** What makes two rules the same to AWS, which refuses a second one as `InvalidPermission.Duplicate`. */
export function tuple({ protocol, from, to, source }: Omit<IngressRule, 'id' | 'kind'>): string {
  return [protocol, from, to, source].join(' ')
}

/** Rules in an order that does not hang on ids, which change when a rule is put back. */
export function byTuple<R extends Omit<IngressRule, 'id' | 'kind'>>(rules: readonly R[]): R[] {
  return rules.toSorted((a, b) => (tuple(a) < tuple(b) ? -1 : 1))
}

/** Reads a rule of the API; undefined for an egress rule. */
export function ingressRule(rule: SecurityGroupRule): IngressRule | undefined {
  return rule.IsEgress ? undefined : groupRule(rule)
}

/** Reads a rule of the API, of either direction: for egress `source` is where it leads to. */
export function groupRule(rule: SecurityGroupRule): IngressRule {
  const tags = settableTags(rule.Tags)
  return {
    id: rule.SecurityGroupRuleId ?? '',
    protocol: (rule.IpProtocol ?? '-1').toLowerCase(),
    from: rule.FromPort ?? -1,
    to: rule.ToPort ?? -1,
    ...sourceOf(rule),
    ...(rule.Description ? { description: rule.Description } : {}),
    ...(Object.keys(tags).length > 0 ? { tags } : {}),
  }
}

function sourceOf(rule: SecurityGroupRule): Pick<IngressRule, 'source' | 'kind' | 'sourceAccount'> {
  if (rule.CidrIpv4) return { source: rule.CidrIpv4, kind: 'cidrIpv4' }
  if (rule.CidrIpv6) return { source: rule.CidrIpv6, kind: 'cidrIpv6' }
  if (rule.PrefixListId) return { source: rule.PrefixListId, kind: 'prefixList' }
  const { GroupId: source = '', UserId: owner } = rule.ReferencedGroupInfo ?? {}
  const isForeign = owner !== undefined && owner !== rule.GroupOwnerId
  return { source, kind: 'group', ...(isForeign && { sourceAccount: owner }) }
}

function settableTags(tags: Tag[] = []): Tags {
  return Object.fromEntries(
    tags.filter(({ Key = '' }) => !Key.startsWith('aws:')).map(({ Key = '', Value = '' }) => [Key, Value]),
  )
}

/**
 * Whether a rule admits TCP connections to a port. Protocol -1 admits all; ICMP's numbers are types and codes, not
 * ports, and UDP 22 is not SSH.
 */
export function admitsTcp(rule: Pick<IngressRule, 'protocol' | 'from' | 'to'>, port: number): boolean {
  if (rule.protocol === '-1') return true
  if (rule.protocol !== 'tcp' && rule.protocol !== '6') return false
  return rule.from === -1 || (rule.from <= port && port <= rule.to)
}

/** What else goes when a rule goes that was to close some ports: 'tcp 0-21, 23-65535'; undefined when nothing. */
export function otherPorts(rule: IngressRule, ports: readonly number[]): string | undefined {
  if (rule.protocol === '-1') return 'every other port and protocol'
  const [first, last] = rule.from === -1 ? [0, 65535] : [rule.from, rule.to]
  const inside = [...new Set(ports)].filter((port) => first <= port && port <= last).sort((a, b) => a - b)
  const gaps = [first - 1, ...inside].map(
    (port, index) => [port + 1, (inside[index] ?? last + 1) - 1] as const,
  )
  const text = gaps
    .filter(([from, to]) => from <= to)
    .map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
  return text.length > 0 ? `tcp ${text.join(', ')}` : undefined
}

/**
 * The calls that put rules back as they were, descriptions and tags included. One call per distinct set of tags,
 * because a call tags all the rules that it makes.
 */
export function authorizeCalls(
  groupId: string,
  rules: readonly IngressRule[],
  operation:
    | 'AuthorizeSecurityGroupIngress'
    | 'AuthorizeSecurityGroupEgress' = 'AuthorizeSecurityGroupIngress',
): ApiCall[] {
  const byTags = new Map<string, IngressRule[]>()
  for (const rule of rules) {
    const tags = canonicalJson(rule.tags ?? {})
    byTags.set(tags, [...(byTags.get(tags) ?? []), rule])
  }
  return [...byTags.keys()].sort().map((key) => {
    const alike = byTags.get(key) ?? []
    const tags = Object.entries(alike[0]?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
    return call('ec2', operation, {
      GroupId: groupId,
      IpPermissions: byTuple(alike).map(ipPermission),
      ...(tags.length > 0
        ? {
            TagSpecifications: [
              {
                ResourceType: 'security-group-rule' as const,
                Tags: tags.sort((a, b) => (a.Key < b.Key ? -1 : 1)),
              },
            ],
          }
        : {}),
    })
  })
}

/** The rule as AuthorizeSecurityGroupIngress takes it. Protocol -1 has no ports there. */
export function ipPermission(rule: IngressRule): IpPermission {
  const { protocol, from, to, source, kind, sourceAccount, description } = rule
  const owner = sourceAccount === undefined ? {} : { UserId: sourceAccount }
  const more = description === undefined ? {} : { Description: description }
  return {
    IpProtocol: protocol,
    ...(protocol === '-1' ? {} : { FromPort: from, ToPort: to }),
    ...(kind === 'cidrIpv4' ? { IpRanges: [{ CidrIp: source, ...more }] } : {}),
    ...(kind === 'cidrIpv6' ? { Ipv6Ranges: [{ CidrIpv6: source, ...more }] } : {}),
    ...(kind === 'prefixList' ? { PrefixListIds: [{ PrefixListId: source, ...more }] } : {}),
    ...(kind === 'group' ? { UserIdGroupPairs: [{ GroupId: source, ...owner, ...more }] } : {}),
  }
}

/** The tuples of the rules that an IpPermission stands for. */
export function tuplesOf(permission: IpPermission): string[] {
  const sources = [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
  ]
  const { IpProtocol: protocol = '-1', FromPort: from = -1, ToPort: to = -1 } = permission
  return sources.map((source = '') => tuple({ protocol, from, to, source }))
}
