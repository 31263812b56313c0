import { sameJson } from '../../../src/playbook/json.ts'
import { type Fields, failure, filterValues, type Handlers, listOf, page } from './failure.ts'

/** What a test says of a rule; exactly one source. */
export interface RuleSpec {
  id?: string
  protocol?: string
  from?: number
  to?: number
  cidr?: string
  cidr6?: string
  prefixList?: string
  group?: string
  description?: string
  tags?: Record<string, string>
  egress?: boolean
}

/** A rule as DescribeSecurityGroupRules gives it. */
export interface ModelRule extends Fields {
  SecurityGroupRuleId: string
  GroupId: string
  IsEgress: boolean
}

type Direction = 'Ingress' | 'Egress'

const RULES_PER_GROUP = 60

/** EC2 security groups and their rules: rule ids, tags, all-or-nothing calls, duplicates, quota. */
export class SecurityGroups {
  readonly groups = new Map<string, Fields>()
  readonly rules = new Map<string, ModelRule>()
  readonly account: string
  #count = 0

  constructor(account: string) {
    this.account = account
  }

  /** Adds a group with its rules and gives its id. */
  add(
    id: string,
    rules: RuleSpec[] = [],
    more: { name?: string; vpc?: string; owner?: string; tags?: Record<string, string> } = {},
  ): string {
    this.groups.set(id, {
      GroupId: id,
      GroupName: more.name ?? `group ${id}`,
      Description: 'model',
      OwnerId: more.owner ?? this.account,
      VpcId: more.vpc ?? 'vpc-0model',
      Tags: tagList(more.tags),
    })
    for (const rule of rules) this.addRule(id, rule)
    return id
  }

  remove(id: string): void {
    this.groups.delete(id)
    for (const rule of this.rulesOf(id)) this.rules.delete(rule.SecurityGroupRuleId)
  }

  /** Adds a rule as somebody else would, and gives its id. */
  addRule(group: string, spec: RuleSpec): string {
    this.#count += 1
    const id = spec.id ?? `sgr-${String(this.#count).padStart(17, '0')}`
    this.rules.set(id, {
      SecurityGroupRuleId: id,
      GroupId: group,
      GroupOwnerId: this.groups.get(group)?.OwnerId ?? this.account,
      IsEgress: spec.egress ?? false,
      IpProtocol: spec.protocol ?? 'tcp',
      FromPort: spec.from ?? -1,
      ToPort: spec.to ?? spec.from ?? -1,
      ...(spec.cidr !== undefined && { CidrIpv4: spec.cidr }),
      ...(spec.cidr6 !== undefined && { CidrIpv6: spec.cidr6 }),
      ...(spec.prefixList !== undefined && { PrefixListId: spec.prefixList }),
      ...(spec.group !== undefined && { ReferencedGroupInfo: { GroupId: spec.group, UserId: this.account } }),
      ...(spec.description !== undefined && { Description: spec.description }),
      Tags: tagList(spec.tags),
    })
    return id
  }

  rulesOf(group: string): ModelRule[] {
    return [...this.rules.values()].filter((rule) => rule.GroupId === group)
  }

  readonly handlers: Handlers = {
    DescribeSecurityGroups: (input) => {
      const ids = listOf<string>(input.GroupIds)
      for (const id of ids) this.#known('DescribeSecurityGroups', id)
      const wanted = filterValues('ec2:DescribeSecurityGroups', input, ['group-id']).get('group-id') ?? ids
      const all = [...this.groups.values()]
      const found =
        wanted.length > 0 || input.Filters
          ? all.filter(({ GroupId }) => wanted.includes(String(GroupId)))
          : all
      return page(found, input, { items: 'SecurityGroups', size: 'MaxResults', token: 'NextToken' })
    },

    // An unknown group answers an empty list, not an error, as AWS does.
    DescribeSecurityGroupRules: (input) => {
      const filters = filterValues('ec2:DescribeSecurityGroupRules', input, [
        'group-id',
        'security-group-rule-id',
      ])
      const groups = filters.get('group-id')
      const ids =
        filters.get('security-group-rule-id') ?? (input.SecurityGroupRuleIds as string[] | undefined)
      const found = [...this.rules.values()]
        .filter((rule) => groups === undefined || groups.includes(rule.GroupId))
        .filter((rule) => ids === undefined || ids.includes(rule.SecurityGroupRuleId))
      return page(found, input, { items: 'SecurityGroupRules', size: 'MaxResults', token: 'NextToken' })
    },

    RevokeSecurityGroupIngress: (input) => this.#revoke('Ingress', input),
    RevokeSecurityGroupEgress: (input) => this.#revoke('Egress', input),
    AuthorizeSecurityGroupIngress: (input) => this.#authorize('Ingress', input),
    AuthorizeSecurityGroupEgress: (input) => this.#authorize('Egress', input),
  }

  #revoke(direction: Direction, input: Fields): Fields {
    const action = `ec2:RevokeSecurityGroup${direction}`
    const egress = direction === 'Egress'
    const group = this.#known(`RevokeSecurityGroup${direction}`, String(input.GroupId))
    const asked = input.SecurityGroupRuleIds
      ? listOf<string>(input.SecurityGroupRuleIds).map((id) => this.rules.get(id))
      : specsOf(input).map((spec) => this.#like(group, { ...spec, egress }))
    const ours = asked.filter(
      (rule) => rule !== undefined && rule.GroupId === group && rule.IsEgress === egress,
    )
    if (ours.length < asked.length) {
      const code = input.SecurityGroupRuleIds
        ? 'InvalidSecurityGroupRuleId.NotFound'
        : 'InvalidPermission.NotFound'
      throw failure(action, code, 'The specified rule does not exist in this security group')
    }
    for (const rule of ours) this.rules.delete(rule!.SecurityGroupRuleId)
    return { Return: true, RevokedSecurityGroupRules: ours.map((rule) => ({ ...rule })) }
  }

  #authorize(direction: Direction, input: Fields): Fields {
    const action = `ec2:AuthorizeSecurityGroup${direction}`
    const egress = direction === 'Egress'
    const group = this.#known(`AuthorizeSecurityGroup${direction}`, String(input.GroupId))
    const tags = listOf(input.TagSpecifications).flatMap(({ Tags }) =>
      listOf<{ Key: string; Value: string }>(Tags),
    )
    const specs = specsOf(input).map((spec) => ({
      ...spec,
      egress,
      tags: Object.fromEntries(tags.map((t) => [t.Key, t.Value])),
    }))
    if (specs.some((spec) => this.#like(group, spec))) {
      throw failure(action, 'InvalidPermission.Duplicate', 'the specified rule already exists')
    }
    const there = this.rulesOf(group).filter(({ IsEgress }) => IsEgress === egress).length
    if (there + specs.length > RULES_PER_GROUP) {
      throw failure(
        action,
        'RulesPerSecurityGroupLimitExceeded',
        'The maximum number of rules per security group has been reached.',
      )
    }
    const added = specs.map((spec) => this.rules.get(this.addRule(group, spec)))
    return { Return: true, SecurityGroupRules: structuredClone(added) }
  }

  #known(operation: string, id: string): string {
    if (this.groups.has(id)) return id
    throw failure(`ec2:${operation}`, 'InvalidGroup.NotFound', `The security group '${id}' does not exist`)
  }

  /** The rule of the group with the same protocol, ports and source: EC2 allows only one. */
  #like(group: string, spec: RuleSpec): ModelRule | undefined {
    const isEgress = spec.egress ?? false
    return this.rulesOf(group).find(
      (rule) => rule.IsEgress === isEgress && sameJson(identity(rule), identityOf(spec)),
    )
  }
}

function identity(rule: ModelRule): unknown[] {
  const group = (rule.ReferencedGroupInfo as { GroupId: string } | undefined)?.GroupId
  return [
    rule.IpProtocol,
    rule.FromPort,
    rule.ToPort,
    rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? group,
  ]
}

function identityOf(spec: RuleSpec): unknown[] {
  const { protocol = 'tcp', from = -1, to = from } = spec
  return [protocol, from, to, spec.cidr ?? spec.cidr6 ?? spec.prefixList ?? spec.group]
}

/** One rule for each source of each permission. */
function specsOf(input: Fields): RuleSpec[] {
  return listOf(input.IpPermissions).flatMap((permission) => {
    const ports = {
      protocol: String(permission.IpProtocol),
      ...(permission.FromPort !== undefined && { from: Number(permission.FromPort) }),
      ...(permission.ToPort !== undefined && { to: Number(permission.ToPort) }),
    }
    const rule = (source: Fields, field: keyof RuleSpec, value: unknown): RuleSpec => ({
      ...ports,
      [field]: String(value),
      ...(source.Description !== undefined && { description: String(source.Description) }),
    })
    return [
      ...listOf(permission.IpRanges).map((source) => rule(source, 'cidr', source.CidrIp)),
      ...listOf(permission.Ipv6Ranges).map((source) => rule(source, 'cidr6', source.CidrIpv6)),
      ...listOf(permission.PrefixListIds).map((source) => rule(source, 'prefixList', source.PrefixListId)),
      ...listOf(permission.UserIdGroupPairs).map((source) => rule(source, 'group', source.GroupId)),
    ]
  })
}

export function tagList(tags: Record<string, string> = {}): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
