import { randomUUID } from 'node:crypto'
import { ConfigServiceClient, PutConfigRuleCommand } from '@aws-sdk/client-config-service'
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSnapshotAttributeCommand,
  EC2Client,
  type IpPermission,
  ModifySnapshotAttributeCommand,
  RunInstancesCommand,
  type SecurityGroupRule,
  type Tag,
} from '@aws-sdk/client-ec2'
import {
  AssociateWebACLCommand,
  CreateIPSetCommand,
  CreateWebACLCommand,
  GetIPSetCommand,
  UpdateIPSetCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2'
import type { ManagedInstance } from '../../src/sandbox/control.ts'
import type { Sandbox } from '../../src/sandbox/start.ts'
import { clientConfig } from '../support/sandbox.ts'

/** One ingress rule: `from` an address range, a prefix list or a group. */
export interface PlantedRule {
  source: string
  /** Default 22. */
  port?: number
  to?: number
  description?: string
  tags?: Record<string, string>
}

export interface PlantedSet {
  name: string
  id: string
  arn: string
}

/** Puts resources into a sandbox and looks at them, as somebody else than the program would. */
export function plantIn(sandbox: Sandbox) {
  const config = clientConfig(sandbox)
  const ec2 = new EC2Client(config)
  const wafv2 = new WAFV2Client(config)
  const awsConfig = new ConfigServiceClient(config)
  const unique = () => randomUUID().slice(0, 8)
  let vpc: Promise<string> | undefined

  /** Not the default VPC: there, a revoke of an absent rule is an error. */
  const otherVpc = () => {
    vpc ??= ec2.send(new CreateVpcCommand({ CidrBlock: '10.30.0.0/16' })).then(({ Vpc }) => Vpc!.VpcId!)
    return vpc
  }

  /** One of AWS's rules, under any name. */
  async function configRule(name: string, identifier: string, parameters: object): Promise<void> {
    const Source = { Owner: 'AWS' as const, SourceIdentifier: identifier }
    const ConfigRule = { ConfigRuleName: name, Source, InputParameters: JSON.stringify(parameters) }
    await awsConfig.send(new PutConfigRuleCommand({ ConfigRule }))
  }

  async function group(...rules: PlantedRule[]): Promise<string> {
    const name = `group-${unique()}`
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: name, Description: name, VpcId: await otherVpc() }),
    )
    for (const rule of rules) await open(GroupId!, rule)
    return GroupId!
  }

  async function open(GroupId: string, rule: PlantedRule): Promise<void> {
    const TagSpecifications = rule.tags && [
      { ResourceType: 'security-group-rule' as const, Tags: tagList(rule.tags) },
    ]
    const IpPermissions = [permissionOf(rule)]
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions, TagSpecifications }))
  }

  return {
    ec2,
    wafv2,
    group,
    configRule,
    open,

    /** The ingress rules of a group in a form that is easy to compare: text without ids, sorted. */
    async ingress(group: string): Promise<string[]> {
      return (await rulesOf(group)).map(ruleText).sort()
    },

    async snapshot(...sharedWith: string[]): Promise<string> {
      const { VolumeId } = await ec2.send(
        new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }),
      )
      const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId, Description: unique() }))
      const share = { SnapshotId, Attribute: 'createVolumePermission', OperationType: 'add' } as const
      await ec2.send(
        new ModifySnapshotAttributeCommand({
          ...share,
          GroupNames: sharedWith.filter((who) => who === 'all'),
          UserIds: sharedWith.filter((who) => who !== 'all'),
        }),
      )
      return SnapshotId!
    },

    /** Who may use a snapshot: `all` and account ids, sorted. */
    async shares(SnapshotId: string): Promise<string[]> {
      const { CreateVolumePermissions = [] } = await ec2.send(
        new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }),
      )
      return CreateVolumePermissions.map(({ Group, UserId }) => Group ?? UserId ?? '').sort()
    },

    async instance(managed: Partial<ManagedInstance> = {}): Promise<string> {
      const { Instances } = await ec2.send(
        new RunInstancesCommand({ ImageId: 'ami-0c55b159cbfafe1f0', MinCount: 1, MaxCount: 1 }),
      )
      const id = Instances![0]!.InstanceId!
      const start = sandbox.control.now() - 3_600_000
      sandbox.control.instances.set(id, {
        ping: 'Online',
        platform: 'Linux',
        patching: 'succeeds',
        patches: { installed: 41, missing: 3, failed: 0, pendingReboot: 0 },
        scanned: { operation: 'Scan', start, end: start + 60_000, rebootOption: 'NoReboot' },
        ...managed,
      })
      return id
    },

    /** IP sets that a web ACL before a load balancer blocks on (not with `attached: false`). */
    async blockSets(
      names: { name: string; family: 4 | 6; entries?: string[] }[],
      { attached = true } = {},
    ): Promise<PlantedSet[]> {
      const sets: PlantedSet[] = []
      for (const { name, family, entries = [] } of names) {
        const { Summary } = await wafv2.send(
          new CreateIPSetCommand({
            Name: name,
            Scope: 'REGIONAL',
            IPAddressVersion: `IPV${family}`,
            Addresses: entries,
            Description: 'for a test',
          }),
        )
        sets.push({ name, id: Summary!.Id!, arn: Summary!.ARN! })
      }
      const acl = `acl-${unique()}`
      const { Summary } = await wafv2.send(
        new CreateWebACLCommand({
          Name: acl,
          Scope: 'REGIONAL',
          DefaultAction: { Allow: {} },
          VisibilityConfig: visible(acl),
          Rules: sets.map(({ name, arn }, index) => ({
            Name: name,
            Priority: index,
            Action: { Block: {} },
            Statement: { IPSetReferenceStatement: { ARN: arn } },
            VisibilityConfig: visible(name),
          })),
        }),
      )
      const ResourceArn = `arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/${acl}/50dc6c495c0c9188`
      if (attached) await wafv2.send(new AssociateWebACLCommand({ WebACLArn: Summary!.ARN!, ResourceArn }))
      return sets
    },

    async entries({ name, id }: PlantedSet): Promise<string[]> {
      const { IPSet } = await wafv2.send(new GetIPSetCommand({ Name: name, Id: id, Scope: 'REGIONAL' }))
      return [...(IPSet?.Addresses ?? [])].sort()
    },

    async lockToken({ name, id }: PlantedSet): Promise<string> {
      const { LockToken } = await wafv2.send(new GetIPSetCommand({ Name: name, Id: id, Scope: 'REGIONAL' }))
      return LockToken!
    },

    /** Somebody else's change to a set: adds these entries. */
    async alsoBlock({ name, id }: PlantedSet, ...more: string[]): Promise<void> {
      const set = { Name: name, Id: id, Scope: 'REGIONAL' } as const
      const { IPSet, LockToken } = await wafv2.send(new GetIPSetCommand(set))
      const Addresses = [...(IPSet?.Addresses ?? []), ...more]
      await wafv2.send(
        new UpdateIPSetCommand({ ...set, LockToken, Description: IPSet?.Description, Addresses }),
      )
    },
  }

  async function rulesOf(group: string): Promise<SecurityGroupRule[]> {
    const Filters = [{ Name: 'group-id', Values: [group] }]
    const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }))
    return SecurityGroupRules.filter(({ IsEgress }) => !IsEgress)
  }
}

export type Planter = ReturnType<typeof plantIn>

function permissionOf({ source, port = 22, to = port, description }: PlantedRule): IpPermission {
  const said = description === undefined ? {} : { Description: description }
  const protocol = port < 0 ? { IpProtocol: '-1' } : { IpProtocol: 'tcp', FromPort: port, ToPort: to }
  if (source.startsWith('pl-')) return { ...protocol, PrefixListIds: [{ PrefixListId: source, ...said }] }
  if (source.startsWith('sg-')) return { ...protocol, UserIdGroupPairs: [{ GroupId: source, ...said }] }
  if (source.includes(':')) return { ...protocol, Ipv6Ranges: [{ CidrIpv6: source, ...said }] }
  return { ...protocol, IpRanges: [{ CidrIp: source, ...said }] }
}

/** `tcp 22-22 10.0.0.0/8 "office" created-by=netops` */
function ruleText(rule: SecurityGroupRule): string {
  const source =
    rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId ?? 'nothing'
  const ports = rule.IpProtocol === '-1' ? 'all' : `${rule.FromPort}-${rule.ToPort}`
  const tags = (rule.Tags ?? []).map(({ Key, Value }) => `${Key}=${Value}`).sort()
  const said = rule.Description ? [`"${rule.Description}"`] : []
  return [rule.IpProtocol, ports, source, ...said, ...tags].join(' ')
}

const tagList = (tags: Record<string, string>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

const visible = (name: string) => ({
  SampledRequestsEnabled: true,
  CloudWatchMetricsEnabled: true,
  MetricName: name,
})
