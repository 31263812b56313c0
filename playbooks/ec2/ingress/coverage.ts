import { isIP } from 'node:net'
import { containsCidr, excludeCidr, parseCidr } from 'cidr-tools'
import { SPECIAL_PURPOSE_V4, SPECIAL_PURPOSE_V6 } from '../../../src/playbook/network/special-purpose.ts'
import { Unplannable } from '../../../src/playbook/playbook.ts'

/** How much of the public internet a set of address ranges lets in. Pure arithmetic, no string compares. */

export type Family = 4 | 6

/** First and last address, both included. */
export interface AddressRange {
  start: bigint
  end: bigint
}

export interface Coverage {
  /** Public addresses that the ranges hold. */
  covered: bigint
  /** Public addresses that there are. */
  total: bigint
  /** covered / total, 0 to 1. */
  share: number
}

/** Text that is no address range of the family it should be of. */
export class BadAddressRange extends Unplannable {
  readonly cidr: string
  constructor(cidr: string, family: Family) {
    super(`"${cidr}" is not an IPv${family} address range`)
    this.name = 'BadAddressRange'
    this.cidr = cidr
  }
}

/**
 * How much of the public space the union of the ranges covers: IPv4 without the special-purpose ranges, and of IPv6
 * the global unicast space 2000::/3 without them.
 *
 * Errors: `BadAddressRange`.
 */
export function coverage(family: Family, cidrs: readonly string[]): Coverage {
  return coverageOf(
    publicSpace(family),
    cidrs.map((cidr) => parseRange(family, cidr)),
  )
}

/**
 * The same, only the share. Of a range of all addresses, as most open rules have, it is known without the public space,
 * which takes longer to work out than all else that a first plan asks for.
 *
 * Errors: `BadAddressRange`.
 */
export function publicShare(family: Family, cidrs: readonly string[]): number {
  const ranges = cidrs.map((cidr) => parseRange(family, cidr))
  const isEverything = ranges.some(({ start, end }) => start === 0n && end === LAST[family])
  return isEverything ? 1 : coverage(family, cidrs).share
}

/** How much of a space (sorted ranges without overlap) the union of some ranges covers. */
export function coverageOf(space: readonly AddressRange[], ranges: readonly AddressRange[]): Coverage {
  const total = sizeOf(space)
  let covered = 0n
  for (const range of union(ranges)) for (const part of space) covered += inCommon(range, part)
  return { covered, total, share: total === 0n ? 0 : Number(covered) / Number(total) }
}

/**
 * The addresses of a range; host bits are masked (CloudTrail has `208.236.235.254/0`), a bare address is one address.
 *
 * Errors: `BadAddressRange`.
 */
export function parseRange(family: Family, cidr: string): AddressRange {
  // The library reads more than AWS writes (prefix /33, leading zeros); what is not plainly an address is refused.
  const [, address = '', prefix = String(BITS[family])] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(cidr) ?? []
  if (isIP(address) !== family || Number(prefix) > BITS[family]) throw new BadAddressRange(cidr, family)
  const { start, end } = parseCidr(cidr)
  return { start, end }
}

/** Length of the prefix: 8 for `10.0.0.0/8`. */
export function prefixLength(family: Family, cidr: string): number {
  const slash = cidr.indexOf('/')
  return slash < 0 ? BITS[family] : Number(cidr.slice(slash + 1))
}

/**
 * Whether a range lies wholly within addresses that networks use inside: private, carrier-grade NAT, link-local,
 * unique local. A wide rule for such a range opens nothing to the world.
 */
export function isInternal(cidr: string): boolean {
  return INTERNAL.some((range) => containsCidr(range, cidr))
}

const INTERNAL = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
]
const BITS = { 4: 32, 6: 128 } as const
const LAST = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n } as const

const spaces = new Map<Family, AddressRange[]>()

/** Sorted, and without overlap. */
function publicSpace(family: Family): AddressRange[] {
  const known = spaces.get(family)
  if (known) return known
  const [all, special] = family === 4 ? ['0.0.0.0/0', SPECIAL_PURPOSE_V4] : ['2000::/3', SPECIAL_PURPOSE_V6]
  const cidrs = excludeCidr(
    all,
    special.map(([cidr]) => cidr),
  )
  const space = union(cidrs.map((cidr) => parseRange(family, cidr)))
  spaces.set(family, space)
  return space
}

function sizeOf(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, { start, end }) => sum + end - start + 1n, 0n)
}

/** Sorted, and without overlap. */
function union(ranges: readonly AddressRange[]): AddressRange[] {
  const merged: AddressRange[] = []
  for (const { start, end } of ranges.toSorted((a, b) =>
    a.start < b.start ? -1 : a.start > b.start ? 1 : 0,
  )) {
    const last = merged.at(-1)
    if (!last || start > last.end + 1n) merged.push({ start, end })
    else if (end > last.end) last.end = end
  }
  return merged
}

/** How many addresses two ranges have in common. */
function inCommon(one: AddressRange, other: AddressRange): bigint {
  const start = one.start > other.start ? one.start : other.start
  const end = one.end < other.end ? one.end : other.end
  return start <= end ? end - start + 1n : 0n
}
