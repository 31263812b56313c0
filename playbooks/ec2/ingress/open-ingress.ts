import { admits } from './authorized-ports.ts'
import { type Family, isInternal, prefixLength, publicShare } from './coverage.ts'
import type { IngressRule } from './ingress.ts'

/** When a port counts as open to the world. */
export interface Openness {
  /** Share of the public space, 0 to 1, from which on a port is open. */
  threshold: number
  /** Sources with a prefix as long or shorter go; narrower ones stay. */
  maxPrefixV4: number
  maxPrefixV6: number
}

/** CIDR entries of the prefix lists that rules name, by list id. */
export type PrefixLists = Record<string, string[]>

export interface OpenIngress {
  /** Rules that open a port to the world. */
  open: IngressRule[]
  /** Rules on the same ports with narrower sources: they stay. */
  narrow: IngressRule[]
  /** Ports that stay open to the world although every wide source is gone: many narrow ones add up. */
  unresolved: number[]
}

/**
 * The rules that open ports to the world. A port is open, per address family, when the sources of all rules that
 * admit it cover the threshold together: `0.0.0.0/1` and `128.0.0.0/1` are the world as much as `0.0.0.0/0` is. Then
 * each wide source goes, and a prefix list that is the world all by itself. References to groups are never open.
 *
 * Errors: `BadAddressRange` for a source that is no address range.
 */
export function openIngress(
  rules: readonly IngressRule[],
  ports: readonly number[],
  lists: PrefixLists,
  openness: Openness,
  protocol: 'tcp' | 'udp' = 'tcp',
): OpenIngress {
  const { threshold } = openness
  const doors = ports.flatMap((port) => FAMILIES.map((family) => ({ port, family })))
  const sources = rules
    .map((rule) => ({ rule, cidrs: cidrsOf(rule, lists) }))
    .filter(({ cidrs }) => cidrs.length > 0)
  const open = new Set<IngressRule>()
  const openDoors: typeof doors = []
  for (const door of doors) {
    const { port, family } = door
    const admitted = sourcesAt(sources, protocol, port, family)
    if (share(family, admitted) < threshold) continue
    openDoors.push(door)
    for (const source of admitted) {
      if (isWide(family, source, openness) || isWorldList(family, source, openness)) open.add(source.rule)
    }
  }
  const left = sources.filter(({ rule }) => !open.has(rule))
  const unresolved = openDoors.filter(
    ({ port, family }) => share(family, sourcesAt(left, protocol, port, family)) >= threshold,
  )
  return {
    open: [...open],
    narrow: left.map(({ rule }) => rule).filter((rule) => ports.some((port) => admits(rule, protocol, port))),
    unresolved: [...new Set(unresolved.map(({ port }) => port))].sort((a, b) => a - b),
  }
}

const FAMILIES: readonly Family[] = [4, 6]

/** A rule and the address ranges that it lets in. */
interface Source {
  rule: IngressRule
  cidrs: string[]
}

function sourcesAt(
  sources: readonly Source[],
  protocol: 'tcp' | 'udp',
  port: number,
  family: Family,
): Source[] {
  return sources
    .filter(({ rule }) => admits(rule, protocol, port))
    .map(({ rule, cidrs }) => ({
      rule,
      cidrs: cidrs.filter((cidr) => cidr.includes(':') === (family === 6)),
    }))
}

function share(family: Family, sources: readonly Source[]): number {
  const cidrs = sources.flatMap(({ cidrs }) => cidrs)
  return cidrs.length === 0 ? 0 : publicShare(family, cidrs)
}

function isWide(family: Family, source: Source, { maxPrefixV4, maxPrefixV6 }: Openness): boolean {
  const longest = family === 4 ? maxPrefixV4 : maxPrefixV6
  return source.cidrs.some((cidr) => prefixLength(family, cidr) <= longest && !isInternal(cidr))
}

/** A list stands and falls as one, however narrow its entries. */
function isWorldList(family: Family, source: Source, { threshold }: Openness): boolean {
  return source.rule.kind === 'prefixList' && share(family, [source]) >= threshold
}

function cidrsOf(rule: IngressRule, lists: PrefixLists): string[] {
  if (rule.kind === 'group') return []
  return rule.kind === 'prefixList' ? (lists[rule.source] ?? []) : [rule.source]
}
