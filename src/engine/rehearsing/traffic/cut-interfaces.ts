import type { NetworkInterface } from '@aws-sdk/client-ec2'
import type { Aws, Place } from '../../../aws/port.ts'
import type { Cut, CutAt } from '../../../playbook/network/cut.ts'
import { addressesOf } from './covering-logs.ts'

/** More addresses of a security group are not written into a query. */
const MOST_PEERS = 50

const READS = ['ec2:DescribeNetworkInterfaces']

/** The network interfaces that are there now. Errors: `AwsError`. */
export async function interfacesAt(aws: Aws, place: Place, at: CutAt): Promise<NetworkInterface[]> {
  const { groups, subnets } = at
  const named = groups ? ['group-id', groups] : ['subnet-id', subnets ?? []]
  const [Name, Values] = named as [string, readonly string[]]
  if (Values.length === 0) return []
  const reader = aws.reader(place, READS, () => undefined)
  const input = { Filters: [{ Name, Values: [...Values] }] }
  const all = await reader.list('ec2', 'DescribeNetworkInterfaces', input, 'NetworkInterfaces')
  return all.filter(
    (one) =>
      isOfService(one, at) &&
      (groups === undefined || subnets === undefined || subnets.includes(one.SubnetId ?? '')),
  )
}

/** Some services are told by who asked for the interface, some by what they write at it, and it is not documented which. */
function isOfService(
  { RequesterId, Description }: NetworkInterface,
  { requester, described }: CutAt,
): boolean {
  if (requester === undefined) return true
  return RequesterId === requester || (described !== undefined && Description === described)
}

/** A cut with the addresses of the groups that are meant; a sentence for what is not asked about, or not known. */
export interface WithPeers {
  cut: Cut
  /** Whose traffic is not asked about. */
  unresolved: string[]
  /** What is known of groups only as they are now. */
  unworn: string[]
}

/** The same cut with the addresses of the groups that are meant. Errors: `AwsError`. */
export async function withPeers(aws: Aws, place: Place, cut: Cut): Promise<WithPeers> {
  const { ranges, groups = [], unresolved = [] } = cut.peers
  const addresses = new Set<string>()
  for (const one of await interfacesAt(aws, place, { groups }))
    for (const address of addressesOf(one)) addresses.add(address)
  const inGroups = [...addresses].map((address) => `${address}/${address.includes(':') ? 128 : 32}`)
  const more = inGroups.length - MOST_PEERS
  return {
    cut: { ...cut, peers: { ...cut.peers, ranges: [...ranges, ...inGroups.slice(0, MOST_PEERS)] } },
    unresolved: [
      ...(more > 0 ? [`${more} more addresses of ${groups.join(', ')} are not asked about`] : []),
      ...unresolved.map((peer) => `what comes by ${peer} is not asked about`),
    ],
    unworn: ofNow(groups, inGroups.length),
  }
}

function ofNow(groups: readonly string[], addresses: number): string[] {
  if (groups.length === 0) return []
  const names = groups.join(', ')
  return [addresses === 0 ? `no interface wears ${names} now` : `addresses of ${names} are those of now`]
}

/**
 * What was there before interfaces that are younger than the time that is asked about, nobody can tell. Pure.
 * @param since ms since 1970, UTC
 */
export function laterAttached(interfaces: readonly NetworkInterface[], since: number): string[] {
  const later = interfaces
    .map(({ NetworkInterfaceId: id = '', Attachment }) => ({
      id,
      at: Attachment?.AttachTime?.getTime() ?? 0,
    }))
    .filter(({ at }) => at > since)
    .toSorted((a, b) => b.at - a.at)
  const [newest] = later
  if (newest === undefined) return []
  const others = later.length > 1 ? ` and ${later.length - 1} more` : ''
  const [are, them] = later.length > 1 ? ['are', 'them'] : ['is', 'it']
  const at = new Date(newest.at).toISOString()
  return [
    `${newest.id}${others} ${are} there only since ${at}: what was there before ${them} is not asked about`,
  ]
}
