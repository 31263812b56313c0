import type { NetworkAclEntry } from '@aws-sdk/client-ec2'
import { containsCidr, excludeCidr, overlapCidr } from 'cidr-tools'
import { type Family, isInternal, prefixLength, publicShare } from '../ingress/coverage.ts'

/**
 * The ingress entries of a network ACL: the one with the lowest number that a packet meets decides. Numbers are unique
 * across IPv4 and IPv6. https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
 */
export interface AclEntry {
  number: number
  action: 'allow' | 'deny'
  /** A number as text, '6' for TCP; '-1' for all. */
  protocol: string
  /** First and last port; absent for a protocol without ports, and for all. */
  from?: number
  to?: number
  cidr: string
}

/** The default entry, which denies what no other one lets in: nobody can change it. */
const LAST_ENTRY = 32_767
const TCP = '6'

/** The ingress entries of the API, by number; without the default one. */
export function ingressEntries(entries: readonly NetworkAclEntry[]): AclEntry[] {
  return entries
    .filter(({ Egress, RuleNumber = LAST_ENTRY }) => !Egress && RuleNumber < LAST_ENTRY)
    .map(({ RuleNumber = 0, RuleAction, Protocol = '-1', PortRange, CidrBlock, Ipv6CidrBlock }) => ({
      number: RuleNumber,
      action: RuleAction === 'deny' ? ('deny' as const) : ('allow' as const),
      protocol: Protocol,
      ...(PortRange && { from: PortRange.From ?? 0, to: PortRange.To ?? 65_535 }),
      cidr: CidrBlock ?? Ipv6CidrBlock ?? '',
    }))
    .toSorted((a, b) => a.number - b.number)
}

/** An entry for one TCP port. */
export const portEntry = (
  action: AclEntry['action'],
  port: number,
  cidr: string,
  number: number,
): AclEntry => ({
  number,
  action,
  protocol: TCP,
  from: port,
  to: port,
  cidr,
})

/** A TCP port that the world gets through to, and what a closing entry has to come after and before. */
export interface OpenDoor {
  port: number
  family: Family
  /** Number of the last entry on this port before the wide one: 0 without any. */
  after: number
  /** Number of the first entry that lets the port in from a wide range. */
  before: number
  /** The entries on this port up to `after`: what they decide stays so. */
  earlier: AclEntry[]
  /** Those from `before` on. */
  later: AclEntry[]
}

/** When a port counts as open to the world: as for security groups. */
export interface AclOpenness {
  threshold: number
  maxPrefixV4: number
  maxPrefixV6: number
}

/**
 * Where the world gets through to a port. Undefined: it does not; 'narrow': only through many narrow ranges together.
 * @throws BadAddressRange for an entry whose source is no address range
 */
export function openDoor(
  entries: readonly AclEntry[],
  port: number,
  family: Family,
  openness: AclOpenness,
): OpenDoor | 'narrow' | undefined {
  const own = entries.filter((entry) => isOfFamily(entry, family) && decidesOn(entry, port))
  const allowed = own.flatMap(({ action, cidr }, index) => {
    const earlier = own.slice(0, index).map((entry) => entry.cidr)
    return action === 'allow' ? without(cidr, earlier) : []
  })
  if (allowed.length === 0 || publicShare(family, allowed) < openness.threshold) return undefined
  const wide = own.findIndex(({ action, cidr }) => action === 'allow' && isWideRange(cidr, family, openness))
  if (wide === -1) return 'narrow'
  const [earlier, later] = [own.slice(0, wide), own.slice(wide)]
  return { port, family, after: earlier.at(-1)?.number ?? 0, before: later[0]!.number, earlier, later }
}

/** The free numbers within a door, highest first: what comes close to the entry that it closes leaves room before. */
export function freeNumbers({ after, before }: OpenDoor, taken: ReadonlySet<number>): number[] {
  const between = Array.from({ length: Math.max(before - after - 1, 0) }, (_, index) => before - 1 - index)
  return between.filter((number) => !taken.has(number))
}

/** The entries that decide on a denied port before its denial does, whatever they say: what they say holds on. */
export const decidingBefore = (
  entries: readonly AclEntry[],
  { number, from = 0, cidr }: AclEntry,
): AclEntry[] =>
  entries.filter(
    (each) => each.number < number && decidesOn(each, from) && isOfFamily(each, cidr.includes(':') ? 6 : 4),
  )

/**
 * What becomes of a range that the entries from the wide one on decide about: whether it gets in by now; 'partly' where
 * they do not say the same of all of it. Undefined: an earlier entry decides, and goes on to do so.
 */
export function getsIn({ earlier, later }: OpenDoor, cidr: string): boolean | 'partly' | undefined {
  if (earlier.some((entry) => containsCidr(entry.cidr, cidr))) return undefined
  const first = later.find((entry) => overlapCidr(entry.cidr, cidr))
  if (first === undefined) return false
  return containsCidr(first.cidr, cidr) ? first.action === 'allow' : 'partly'
}

/** Whether a range is no network's own: so wide, and not of addresses that are used inside. */
export function isWideRange(
  cidr: string,
  family: Family,
  { maxPrefixV4, maxPrefixV6 }: AclOpenness,
): boolean {
  return prefixLength(family, cidr) <= (family === 4 ? maxPrefixV4 : maxPrefixV6) && !isInternal(cidr)
}

export const isOfFamily = ({ cidr }: { cidr: string }, family: Family): boolean =>
  cidr.includes(':') === (family === 6)

function without(cidr: string, others: string[]): string[] {
  return others.length === 0 ? [cidr] : excludeCidr([cidr], others)
}

/** Whether an entry decides about a TCP port. */
export function decidesOn({ protocol, from = 0, to = 65_535 }: AclEntry, port: number): boolean {
  return protocol === '-1' || (protocol === TCP && from <= port && port <= to)
}
