import type { NetworkInterface } from '@aws-sdk/client-ec2'
import { specialPurpose } from '../../../src/playbook/network/special-addresses.ts'
import type { Impact } from '../../../src/playbook/plan.ts'
import { sessionsNote } from './connection-tracking.ts'
import type { Family } from './coverage.ts'

/** Who wears a security group: the network interfaces, and what they belong to. */

/** What each service writes into the description of the interfaces it makes; they name themselves nowhere else. */
const DESCRIPTIONS: [pattern: RegExp, type: string][] = [
  [/^ELB ((?:app|net|gwy)\/.+)$/, 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
  [/^ELB (.+)$/, 'AWS::ElasticLoadBalancing::LoadBalancer'],
  [/^AWS Lambda VPC ENI-(.+?)(?:-[0-9a-f]{8}-[0-9a-f-]{27})?$/, 'AWS::Lambda::Function'],
  [/^VPC Endpoint Interface (vpce-\w+)/, 'AWS::EC2::VPCEndpoint'],
  [/^Amazon EKS (.+)$/, 'AWS::EKS::Cluster'],
  [/^EFS mount target for (fs-\w+)/, 'AWS::EFS::FileSystem'],
  [/^(arn:[\w-]+:ecs:.+)$/, 'AWS::ECS::Task'],
]

/** What the type of an interface says of the service that made it. */
const TYPES: Record<string, string> = {
  lambda: 'AWS::Lambda::Function',
  vpc_endpoint: 'AWS::EC2::VPCEndpoint',
  load_balancer: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  network_load_balancer: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  gateway_load_balancer: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  global_accelerator_managed: 'AWS::GlobalAccelerator::Accelerator',
}

/** Databases, by what their interfaces say or who made them. */
const DATABASES: readonly { says: RegExp; requester: string; type: string }[] = [
  { says: /^RDSNetworkInterface$/, requester: 'amazon-rds', type: 'AWS::RDS::DBInstance' },
  { says: /^RedshiftNetworkInterface$/, requester: 'amazon-redshift', type: 'AWS::Redshift::Cluster' },
  { says: /^ElastiCache /, requester: 'amazon-elasticache', type: 'AWS::ElastiCache::CacheCluster' },
  { says: /^ES /, requester: 'amazon-elasticsearch', type: 'AWS::OpenSearchService::Domain' },
  { says: /^DMSNetworkInterface$/, requester: 'amazon-dms', type: 'AWS::DMS::ReplicationInstance' },
]

/** What users of many come through: closing a port there closes it for all of them. */
const FRONTS: readonly string[] = [
  'AWS::ElasticLoadBalancing::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::GlobalAccelerator::Accelerator',
]

/** What a network interface belongs to; itself where that cannot be told. */
function interfaceOwner(network: NetworkInterface): { type: string; id: string } {
  const own = network.NetworkInterfaceId ?? ''
  const description = network.Description ?? ''
  for (const [pattern, type] of DESCRIPTIONS) {
    const id = pattern.exec(description)?.[1]
    if (id) return { type, id }
  }
  // The interface of a database does not say which database it is.
  const database = DATABASES.find(
    ({ says, requester }) => says.test(description) || network.RequesterId === requester,
  )
  if (database) return { type: database.type, id: own }
  const type = TYPES[network.InterfaceType ?? '']
  if (type) return { type, id: own }
  if (network.RequesterId === 'amazon-elb') return { type: TYPES.load_balancer!, id: own }
  const instance = network.Attachment?.InstanceId
  return instance
    ? { type: 'AWS::EC2::Instance', id: instance }
    : { type: 'AWS::EC2::NetworkInterface', id: own }
}

/** Its addresses that can be reached from outside, routes permitting: of IPv6 all but private ones. */
function publicAddresses(network: NetworkInterface): string[] {
  const associations = [
    network.Association,
    ...(network.PrivateIpAddresses ?? []).map((each) => each.Association),
  ]
  const addresses = [
    ...associations.map((association) => association?.PublicIp),
    ...(network.Ipv6Addresses ?? [])
      .map(({ Ipv6Address }) => Ipv6Address)
      .filter((address) => address !== undefined && specialPurpose(address) === undefined),
  ]
  return [...new Set(addresses.filter((address) => address !== undefined))]
}

/** What of a group goes, and what it lets out. */
export interface Closing {
  /** Rules that are revoked; none when ports are opened again. */
  revoked: { id: string; source: string }[]
  /** Families for which the group lets everything out. */
  openEgress: Family[]
}

/** When a person is asked before ports of a group are closed, whatever the policy says. */
export interface Caution {
  /** More interfaces with a public address than this wear the group. */
  maxPublicInterfaces: number
  /** A load balancer or an accelerator wears it. */
  askForLoadBalancer: boolean
}

/** What closing ports of a group means to those who wear it. `count` is the number of interfaces. */
export function wearersImpact(
  interfaces: readonly NetworkInterface[],
  { revoked, openEgress }: Closing,
  { maxPublicInterfaces, askForLoadBalancer }: Caution,
): Impact {
  if (interfaces.length === 0)
    return { summary: 'no network interface wears the group', affected: [], count: 0, reachable: false }
  const wearers = interfaces
    .map((network) => ({ network, owner: interfaceOwner(network), addresses: publicAddresses(network) }))
    .toSorted((a, b) =>
      (a.network.NetworkInterfaceId ?? '') < (b.network.NetworkInterfaceId ?? '') ? -1 : 1,
    )
  const reachable = wearers.filter(({ addresses }) => addresses.length > 0)
  const fronts = wearers.filter(({ owner }) => FRONTS.includes(owner.type))
  const layered = interfaces.filter(({ Groups = [] }) => Groups.length > 1)
  const noun = interfaces.length === 1 ? 'network interface wears' : 'network interfaces wear'
  const closes = revoked.length > 0
  const sessions = sessionsNote(
    revoked,
    openEgress,
    wearers.map((wearer) => ({ id: wearer.network.NetworkInterfaceId ?? '', mayCut: mayCut(wearer) })),
  )
  const databases = wearers
    .map(({ owner }) => owner.type)
    .filter((type) => DATABASES.some((each) => each.type === type))
  const balancers = closes && fronts.length > 0 ? [balancerText(fronts.map(({ owner }) => owner.id))] : []
  return {
    summary: `${interfaces.length} ${noun} the group, ${reachable.length} with a public address`,
    affected: wearers.slice(0, 50).map(({ network, owner, addresses }) => ({
      ...owner,
      detail: [network.NetworkInterfaceId, ...addresses].join(' '),
    })),
    count: interfaces.length,
    reachable: reachable.length > 0,
    notes: [
      ...(sessions === undefined ? [] : [sessions]),
      ...(askForLoadBalancer ? [] : balancers),
      ...(closes && databases.length > 0 ? [databaseText(databases)] : []),
      ...(closes && layered.length > 0
        ? [`${layered.length} of them wear other groups too, which may still open these ports`]
        : []),
    ],
    cautions: [
      ...(askForLoadBalancer ? balancers : []),
      ...(closes && reachable.length > maxPublicInterfaces
        ? [
            `${reachable.length} interfaces with a public address wear the group, more than ${maxPublicInterfaces}`,
          ]
        : []),
    ],
  }
}

function databaseText(types: readonly string[]): string {
  const counts = [...Map.groupBy(types, (type) => type)].map(([type, { length }]) => `${length} of ${type}`)
  return `databases wear the group (${counts.sort().join(', ')}): clients from outside lose their connections`
}

function balancerText(ids: readonly string[]): string {
  const names = [...new Set(ids)]
  const more = names.length > 3 ? ` and ${names.length - 3} more` : ''
  return `a load balancer wears the group (${names.slice(0, 3).join(', ')}${more}): its users lose these ports`
}

/** An interface of an instance, or one of its own: others are made by services whose flows are tracked, or may be. */
function mayCut({ network, owner }: { network: NetworkInterface; owner: { type: string } }): boolean {
  const { InterfaceType = 'interface', RequesterManaged } = network
  const isPlain = ['AWS::EC2::Instance', 'AWS::EC2::NetworkInterface'].includes(owner.type)
  return isPlain && !RequesterManaged && ['interface', 'efa'].includes(InterfaceType)
}
