import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  type EC2Client,
  type IpPermission,
} from '@aws-sdk/client-ec2'

interface Group {
  about: string
  tags?: Record<string, string>
  /** One call each, so that its rules can have tags of their own. */
  rules: { permission: IpPermission; tags?: Record<string, string> }[]
}

const tcp = (from: number, to: number, ...sources: [cidr: string, description?: string][]): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: from,
  ToPort: to,
  IpRanges: sources
    .filter(([cidr]) => !cidr.includes(':'))
    .map(([CidrIp, Description]) => ({ CidrIp, ...(Description ? { Description } : {}) })),
  Ipv6Ranges: sources
    .filter(([cidr]) => cidr.includes(':'))
    .map(([CidrIpv6, Description]) => ({ CidrIpv6, ...(Description ? { Description } : {}) })),
})

/** Security groups: open ones in several disguises, and ones to leave alone. */
function groups(prefixList: string): Record<string, Group> {
  return {
    'web-ssh-open': {
      about: 'web servers; somebody opened SSH',
      tags: { environment: 'staging', owner: 'web-team' },
      rules: [
        {
          permission: tcp(22, 22, ['0.0.0.0/0', 'temporary, ticket 4711']),
          tags: { ticket: '4711', 'created-by': 'alice' },
        },
        {
          permission: tcp(22, 22, ['10.0.0.0/8', 'ssh from the office network']),
          tags: { 'created-by': 'netops' },
        },
        { permission: tcp(80, 80, ['0.0.0.0/0', 'the web site']) },
      ],
    },
    'db-open-common-ports': {
      about: 'database and remote desktop open to the world, IPv4 and IPv6',
      rules: [
        { permission: tcp(3306, 3306, ['0.0.0.0/0', 'mysql'], ['::/0', 'mysql']) },
        { permission: tcp(3389, 3389, ['0.0.0.0/0'], ['::/0']) },
        { permission: tcp(3306, 3306, ['10.20.0.0/16', 'mysql from the application']) },
      ],
    },
    'range-open': {
      about: 'all ports open in one rule',
      rules: [{ permission: tcp(0, 65535, ['0.0.0.0/0']) }],
    },
    'split-halves': {
      about: 'the world in two halves',
      rules: [{ permission: tcp(22, 22, ['0.0.0.0/1'], ['128.0.0.0/1']) }],
    },
    'office-only': {
      about: 'SSH from one office: as it should be',
      rules: [{ permission: tcp(22, 22, ['81.2.69.0/24', 'office']) }],
    },
    closed: { about: 'no ingress at all', rules: [] },
    'prefix-list-open': {
      about: 'SSH from a prefix list that holds 0.0.0.0/0',
      rules: [
        {
          permission: {
            IpProtocol: 'tcp',
            FromPort: 22,
            ToPort: 22,
            PrefixListIds: [{ PrefixListId: prefixList, Description: 'partners' }],
          },
        },
      ],
    },
    'prod-bastion': {
      about: 'the bastion: open on purpose',
      tags: { environment: 'prod', owner: 'netops' },
      rules: [{ permission: tcp(22, 22, ['0.0.0.0/0', 'public bastion']) }],
    },
  }
}

export async function plantSecurityGroups(ec2: EC2Client, { vpc }: { vpc: string }) {
  const { PrefixList } = await ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'partners',
      AddressFamily: 'IPv4',
      MaxEntries: 10,
      Entries: [
        { Cidr: '81.2.69.0/24', Description: 'office' },
        { Cidr: '0.0.0.0/0', Description: 'everybody, for now' },
      ],
    }),
  )
  const prefixList = PrefixList!.PrefixListId!
  const created: Record<string, string> = { 'prefix-list': prefixList }
  for (const [name, group] of Object.entries(groups(prefixList)))
    created[name] = await plant(ec2, vpc, name, group)
  return created
}

async function plant(
  ec2: EC2Client,
  vpc: string,
  name: string,
  { about, tags, rules }: Group,
): Promise<string> {
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: name,
      Description: about,
      VpcId: vpc,
      TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList({ Name: name, ...tags }) }],
    }),
  )
  for (const { permission, tags: ruleTags } of rules) {
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [permission],
        ...(ruleTags
          ? { TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: tagList(ruleTags) }] }
          : {}),
      }),
    )
  }
  return GroupId!
}

const tagList = (tags: Record<string, string>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
