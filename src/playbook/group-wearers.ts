import type { NetworkInterface } from '@aws-sdk/client-ec2'
import type { Impact } from './plan.ts'

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

/** What a network interface belongs to; itself where that cannot be told. */
function interfaceOwner(network: NetworkInterface): { type: string; id: string } {
  const own = network.NetworkInterfaceId ?? ''
  const description = network.Description ?? ''
  for (const [pattern, type] of DESCRIPTIONS) {
    const id = pattern.exec(description)?.[1]
    if (id) return { type, id }
  }
  // The interface of a database does not say which database it is.
  if (description === 'RDSNetworkInterface' || network.RequesterId === 'amazon-rds') {
    return { type: 'AWS::RDS::DBInstance', id: own }
  }
  if (network.InterfaceType === 'lambda') return { type: 'AWS::Lambda::Function', id: own }
  if (network.InterfaceType === 'vpc_endpoint') return { type: 'AWS::EC2::VPCEndpoint', id: own }
  const instance = network.Attachment?.InstanceId
  return instance
    ? { type: 'AWS::EC2::Instance', id: instance }
    : { type: 'AWS::EC2::NetworkInterface', id: own }
}

/** Its addresses that can be reached from outside. IPv6 addresses all can, routes permitting. */
function publicAddresses(network: NetworkInterface): string[] {
  const associations = [
    network.Association,
    ...(network.PrivateIpAddresses ?? []).map((each) => each.Association),
  ]
  const addresses = [
    ...associations.map((association) => association?.PublicIp),
    ...(network.Ipv6Addresses ?? []).map(({ Ipv6Address }) => Ipv6Address),
  ]
  return [...new Set(addresses.filter((address) => address !== undefined))]
}

/** What closing ports of a group means to those who wear it. `count` is the number of interfaces. */
export function wearersImpact(interfaces: readonly NetworkInterface[]): Impact {
  if (interfaces.length === 0)
    return { summary: 'no network interface wears the group', affected: [], count: 0 }
  const wearers = interfaces
    .map((network) => ({ network, owner: interfaceOwner(network), addresses: publicAddresses(network) }))
    .toSorted((a, b) =>
      (a.network.NetworkInterfaceId ?? '') < (b.network.NetworkInterfaceId ?? '') ? -1 : 1,
    )
  const reachable = wearers.filter(({ addresses }) => addresses.length > 0)
  const balancers = reachable.filter(({ owner }) => owner.type.endsWith('::LoadBalancer'))
  const layered = interfaces.filter(({ Groups = [] }) => Groups.length > 1)
  const noun = interfaces.length === 1 ? 'network interface wears' : 'network interfaces wear'
  return {
    summary: `${interfaces.length} ${noun} the group, ${reachable.length} with a public address`,
    affected: wearers.slice(0, 50).map(({ network, owner, addresses }) => ({
      ...owner,
      detail: [network.NetworkInterfaceId, ...addresses].join(' '),
    })),
    count: interfaces.length,
    notes: [
      // EC2 does not track flows that a rule for 0.0.0.0/0 lets in, so nothing keeps them alive.
      'sessions that came in through a revoked rule end at once',
      ...(balancers.length > 0
        ? ['a load balancer with a public address wears the group: its users lose these ports']
        : []),
      ...(layered.length > 0
        ? [`${layered.length} of them wear other groups too, which may still open these ports`]
        : []),
    ],
  }
}
