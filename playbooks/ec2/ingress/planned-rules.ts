import type { IpPermission } from '@aws-sdk/client-ec2'
import type { ApiCall } from '../../../src/playbook/api.ts'
import type { Json } from '../../../src/playbook/json.ts'
import type { Step } from '../../../src/playbook/step.ts'
import { type IngressRule, tuple, tuplesOf } from './ingress.ts'

/** Rules as `before` and `after` of a plan show them, and as a person reads them. */
export type PlannedRule = Omit<IngressRule, 'kind'>

/** The step with these of its rules only. */
export function revoking({ call, undo, ...step }: Step, rules: PlannedRule[]): Step {
  const back = new Set(rules.map(tuple))
  const putBack = (undone: ApiCall): ApiCall[] => {
    const all = undone.input.IpPermissions as IpPermission[]
    const IpPermissions = all.filter((permission) => tuplesOf(permission).some((name) => back.has(name)))
    return IpPermissions.length > 0 ? [{ ...undone, input: { ...undone.input, IpPermissions } }] : []
  }
  return {
    ...step,
    summary: summaryOf(rules, String(call.input.GroupId)),
    call: { ...call, input: { ...call.input, SecurityGroupRuleIds: rules.map(({ id }) => id).sort() } },
    undo: Array.isArray(undo) ? undo.flatMap(putBack) : undo,
  }
}

/** What a step that revokes them does, in one line. */
export function summaryOf(rules: readonly PlannedRule[], group: string): string {
  return `revoke ${listed(rules)} of ${group}`
}

/** The first ten rules for a person, and how many more. */
export function listed(rules: readonly PlannedRule[]): string {
  const told = rules.slice(0, 10).map(({ protocol, from, to, source }) => {
    if (protocol === '-1') return `all traffic from ${source}`
    return `${protocol} ${from === to ? from : `${from}-${to}`} from ${source}`
  })
  return told.join(', ') + (rules.length > 10 ? ` and ${rules.length - 10} more` : '')
}

/** The rule as `before` holds it. */
export function shown({ kind: _, ...rule }: IngressRule): Json {
  return { ...rule }
}

/** The rules of a plan's `before` or `after`. */
export function rulesOf(side: Json): PlannedRule[] {
  return (side as unknown as { rules: PlannedRule[] }).rules
}
