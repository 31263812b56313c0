import { type Cut, type CutAt, protocolNumber } from '../../../src/playbook/network/cut.ts'
import type { IngressRule } from '../ingress/ingress.ts'
import type { PrefixLists } from '../ingress/open-ingress.ts'
import { listed, type PlannedRule } from '../ingress/planned-rules.ts'

/** Rules that go, and those that stay. */
export interface GoingRules {
  going: readonly (IngressRule | PlannedRule)[]
  /** All that there are, and those that come in their place. */
  rules: readonly (IngressRule | PlannedRule)[]
  /** Entries of the prefix lists that were read. */
  lists?: PrefixLists
  direction?: 'in' | 'out'
}

/**
 * The traffic that goes with rules of a group: one piece for those of the same protocol and ports, without what a rule that
 * stays lets through as well. Pure.
 */
export function ruleCuts(group: string, { going, rules, lists = {}, direction = 'in' }: GoingRules): Cut[] {
  const alike = Map.groupBy(going, ({ protocol, from, to }) => [protocol, from, to].join(' '))
  return [...alike.values()].map((same) => {
    const { protocol, from, to } = same[0]!
    const staying = rules.filter((rule) => !going.some(({ id }) => id === rule.id) && covers(rule, same[0]!))
    const number = protocolNumber(protocol)
    const hasPorts = number !== undefined && PORTED.has(number) && from !== -1
    const doubt = doubtOf(same[0]!, hasPorts)
    const except = staying.flatMap(({ source }) => (source.includes('/') ? source : (lists[source] ?? [])))
    return {
      what: direction === 'in' ? listed(same) : listed(same).replaceAll(' from ', ' to '),
      direction,
      at: atGroup(group),
      ...(number !== undefined && { protocol: number }),
      ...(hasPorts && { ports: [from, to] as const }),
      peers: { ...peersOf(same, lists), ...(except.length > 0 && { except }) },
      ...(doubt !== undefined && { doubt }),
    }
  })
}

/** The first port from which connections may go out, and to which their answers come back: one of so many is hardly ever it. */
const FIRST_CLIENT_PORT = 1_024

/**
 * Groups let answers through without a rule, and flow logs say neither who began nor which type of ICMP it is.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-connection-tracking.html
 */
function doubtOf({ protocol, from, to }: IngressRule | PlannedRule, hasPorts: boolean): string | undefined {
  const doubts = [
    ...(!hasPorts || (to >= FIRST_CLIENT_PORT && to > from)
      ? ['answers to connections that go the other way are in it: flow logs do not say who began']
      : []),
    ...(isIcmp(protocol) && from !== -1
      ? ['ICMP of all types is in it: flow logs do not tell them apart']
      : []),
  ]
  return doubts.length === 0 ? undefined : doubts.join('; ')
}

const atGroup = (group: string): CutAt => ({ groups: [group] })

/** Protocols that know ports: TCP and UDP. */
const PORTED: ReadonlySet<number> = new Set([6, 17])

const ICMP: ReadonlySet<number> = new Set([1, 58])
const isIcmp = (protocol: string): boolean => ICMP.has(protocolNumber(protocol) ?? -1)

/** Whether a rule lets through all that another one does, whoever comes. */
function covers(rule: IngressRule | PlannedRule, { protocol, from, to }: IngressRule | PlannedRule): boolean {
  if (rule.protocol === '-1') return true
  if (protocolNumber(rule.protocol) !== protocolNumber(protocol)) return false
  if (rule.from === -1) return true
  // A type and a code, of which -1 is any.
  if (isIcmp(protocol)) return rule.from === from && (rule.to === -1 || rule.to === to)
  return rule.from <= from && to <= rule.to
}

/** By the form of the source: planned rules do not say of which kind theirs is. */
function peersOf(rules: readonly (IngressRule | PlannedRule)[], lists: PrefixLists): Cut['peers'] {
  const sources = [...new Set(rules.map(({ source }) => source))]
  const foreign = new Set(
    rules.filter(({ sourceAccount }) => sourceAccount !== undefined).map(({ source }) => source),
  )
  const groups = sources.filter((source) => source.startsWith('sg-') && !foreign.has(source))
  const unresolved = sources.filter(
    (source) => foreign.has(source) || (source.startsWith('pl-') && lists[source] === undefined),
  )
  return {
    ranges: sources.flatMap((source) => (source.includes('/') ? source : (lists[source] ?? []))),
    ...(groups.length > 0 && { groups }),
    ...(unresolved.length > 0 && { unresolved }),
  }
}
