import type { NetworkInterface } from '@aws-sdk/client-ec2'
import { type Address, canonicalCidr, inRanges } from '../../src/playbook/network/addresses.ts'
import type { Reader } from '../../src/playbook/playbook.ts'
import type { Refusal } from './attackers.ts'

/**
 * Which of these addresses are our own: Elastic IPs, and public, private and IPv6 addresses and prefixes of network
 * interfaces (NAT gateways and load balancers have theirs). Blocking one would cut us off from ourselves.
 *
 * Both lists are asked for whole, not filtered by address: the question is then the same for every finding, so a wave
 * of findings asks once, and IPv6 is compared by value, not by how somebody wrote it.
 */
export async function ownAddresses(addresses: readonly Address[], aws: Reader): Promise<Refusal[]> {
  if (addresses.length === 0) return []
  const [elastic, interfaces] = await Promise.all([
    aws.list('ec2', 'DescribeAddresses', {}, 'Addresses'),
    aws.list('ec2', 'DescribeNetworkInterfaces', {}, 'NetworkInterfaces'),
  ])
  const ours = new Map<string, string>()
  for (const { PublicIp, AllocationId = '' } of elastic) {
    if (PublicIp) ours.set(canonicalCidr(PublicIp), `Elastic IP ${AllocationId}`)
  }
  for (const eni of interfaces) {
    for (const range of rangesOf(eni))
      ours.set(canonicalCidr(range), `network interface ${eni.NetworkInterfaceId}`)
  }
  const prefixes = [...ours.keys()].filter((range) => !/\/(32|128)$/.test(range))
  return addresses.flatMap(({ address, cidr }) => {
    const own = ours.get(cidr) ?? ours.get(inRanges(address, prefixes) ?? '')
    return own ? [{ address, reason: `our own address (${own})` }] : []
  })
}

function rangesOf(eni: NetworkInterface): string[] {
  return [
    eni.Association?.PublicIp,
    eni.PrivateIpAddress,
    ...(eni.PrivateIpAddresses ?? []).flatMap((own) => [own.PrivateIpAddress, own.Association?.PublicIp]),
    ...(eni.Ipv6Addresses ?? []).map((own) => own.Ipv6Address),
    ...(eni.Ipv4Prefixes ?? []).map((own) => own.Ipv4Prefix),
    ...(eni.Ipv6Prefixes ?? []).map((own) => own.Ipv6Prefix),
  ].filter((range) => range !== undefined)
}
