import type {
  AuthorizeSecurityGroupIngressCommandInput,
  RevokeSecurityGroupIngressCommandInput,
  SecurityGroup,
  SecurityGroupRule,
} from '@aws-sdk/client-ec2'
import type { Finding } from '../../src/findings/finding.ts'
import type { ApiCall } from '../../src/playbook/api.ts'
import type { Answers } from './reader.ts'

export const GROUP = 'sg-0123456789abcdef0'
export const GROUP_ARN = `arn:aws:ec2:eu-central-1:111122223333:security-group/${GROUP}`

/** A security group in memory that carries out the calls of a plan as EC2 documents them. */
export interface GroupModel {
  rules: SecurityGroupRule[]
  group: SecurityGroup | undefined
  lists: Record<string, string[]>
  interfaces: unknown[]
}

let lastId = 0

/** A rule in the shape of DescribeSecurityGroupRules; TCP 22 for one source unless said otherwise. */
export function rule(source: string, more: Partial<SecurityGroupRule> = {}): SecurityGroupRule {
  lastId += 1
  const kind = source.startsWith('pl-') ? 'PrefixListId' : source.includes(':') ? 'CidrIpv6' : 'CidrIpv4'
  return {
    SecurityGroupRuleId: `sgr-${lastId.toString(16).padStart(17, '0')}`,
    GroupId: GROUP,
    GroupOwnerId: '111122223333',
    IsEgress: false,
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    ...(source.startsWith('sg-') ? { ReferencedGroupInfo: { GroupId: source } } : { [kind]: source }),
    Tags: [],
    ...more,
  }
}

export function groupModel(rules: SecurityGroupRule[], more: Partial<GroupModel> = {}): GroupModel {
  const group = { GroupId: GROUP, GroupName: 'web', OwnerId: '111122223333', VpcId: 'vpc-1', Tags: [] }
  return { rules, group, lists: {}, interfaces: [], ...more }
}

export function groupAnswers(model: GroupModel): Answers {
  return {
    'ec2:DescribeSecurityGroupRules': () => ({ SecurityGroupRules: model.rules }),
    'ec2:DescribeSecurityGroups': () => ({ SecurityGroups: model.group ? [model.group] : [] }),
    'ec2:DescribeNetworkInterfaces': () => ({ NetworkInterfaces: model.interfaces }),
    'ec2:GetManagedPrefixListEntries': ({ PrefixListId }: { PrefixListId: string }) => ({
      Entries: model.lists[PrefixListId]?.map((Cidr) => ({ Cidr })),
    }),
  }
}

/** Carries out one call of a plan or of an undo. Throws for what EC2 would refuse. */
export function carryOut(model: GroupModel, { operation, input }: ApiCall): void {
  if (operation === 'RevokeSecurityGroupIngress') {
    const { SecurityGroupRuleIds = [] } = input as unknown as RevokeSecurityGroupIngressCommandInput
    const known = new Set(model.rules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId))
    if (SecurityGroupRuleIds.some((id) => !known.has(id)))
      throw new RangeError('InvalidSecurityGroupRuleId.NotFound')
    model.rules = model.rules.filter(({ SecurityGroupRuleId: id = '' }) => !SecurityGroupRuleIds.includes(id))
    return
  }
  if (operation !== 'AuthorizeSecurityGroupIngress') throw new RangeError(`unexpected ${operation}`)
  const { IpPermissions = [], TagSpecifications = [] } =
    input as unknown as AuthorizeSecurityGroupIngressCommandInput
  for (const {
    IpProtocol,
    FromPort = -1,
    ToPort = -1,
    IpRanges,
    Ipv6Ranges,
    PrefixListIds,
  } of IpPermissions) {
    const sources = [
      ...(IpRanges ?? []).map(({ CidrIp = '', Description }) => [CidrIp, Description] as const),
      ...(Ipv6Ranges ?? []).map(({ CidrIpv6 = '', Description }) => [CidrIpv6, Description] as const),
      ...(PrefixListIds ?? []).map(
        ({ PrefixListId = '', Description }) => [PrefixListId, Description] as const,
      ),
    ]
    for (const [source, Description] of sources) {
      const Tags = TagSpecifications.flatMap(({ Tags }) => Tags ?? [])
      model.rules.push(
        rule(source, { IpProtocol, FromPort, ToPort, Tags, ...(Description ? { Description } : {}) }),
      )
    }
  }
}

/** restricted-ssh about the group, unless said otherwise. */
export function groupFinding(more: Partial<Finding> = {}): Finding {
  return {
    id: 'restricted-ssh/sg',
    version: '2026-01-01T00:00:00.000Z#0000',
    source: 'config',
    type: 'INCOMING_SSH_DISABLED',
    title: 'restricted-ssh',
    severity: 'MEDIUM',
    status: 'active',
    account: '111122223333',
    region: 'eu-central-1',
    partition: 'aws',
    resources: [{ type: 'AWS::EC2::SecurityGroup', id: GROUP }],
    observedAt: '2026-01-01T00:00:00.000Z',
    evidence: {},
    ...more,
  }
}
