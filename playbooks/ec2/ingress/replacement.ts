import { call } from '../../../src/playbook/api.ts'
import type { Json } from '../../../src/playbook/json.ts'
import type { CallStep } from '../../../src/playbook/step.ts'
import { authorizeCalls, byTuple, type IngressRule, ipPermission, tuple } from './ingress.ts'
import { listed } from './planned-rules.ts'

/** A rule that AWS has not made yet, and that has no id therefore. */
export type NewRule = Omit<IngressRule, 'id'>

/**
 * The rules by which some sources get in where the world did: for each rule that goes, one for each source of its family
 * (of both where it is about a prefix list), if the group has none like it. In an order of their own.
 */
export function replacementsFor(
  going: readonly IngressRule[],
  sources: readonly string[],
  live: readonly IngressRule[],
): NewRule[] {
  const there = new Set(live.map(tuple))
  const wanted = going.flatMap(({ protocol, from, to, kind, description }) =>
    sources.flatMap((source): NewRule[] => {
      const own = source.includes(':') ? 'cidrIpv6' : 'cidrIpv4'
      if (kind !== 'prefixList' && kind !== own) return []
      return [{ protocol, from, to, source, kind: own, ...(description !== undefined && { description }) }]
    }),
  )
  const all = new Map(wanted.map((rule) => [tuple(rule), rule]))
  return byTuple([...all.values()].filter((rule) => !there.has(tuple(rule))))
}

/** As `after` shows them. */
export const shownNew = ({ kind: _, ...rule }: NewRule): Json => ({ ...rule })

/** One call that authorizes them. Its undo revokes them by what they say: their ids are not known before. */
export function authorizeStep(group: string, rules: readonly NewRule[], resource: string): CallStep {
  const named = rules.map((rule) => ({ ...rule, id: '' }))
  const [authorize] = authorizeCalls(group, named)
  // AWS asks for no description where it looks for a rule, and tells two rules apart without it.
  const IpPermissions = named.map(({ description: _, ...rule }) => ipPermission(rule))
  return {
    kind: 'call',
    id: 'authorize-instead',
    summary: `authorize ${listed(named)} on ${group}`,
    call: authorize!,
    undo: [call('ec2', 'RevokeSecurityGroupIngress', { GroupId: group, IpPermissions })],
    together: true,
    permissions: [
      { action: 'ec2:AuthorizeSecurityGroupIngress', resource },
      { action: 'ec2:RevokeSecurityGroupIngress', resource },
    ],
  }
}
