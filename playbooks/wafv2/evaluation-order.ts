import type {
  ExcludedRule,
  FirewallManagerRuleGroup,
  Rule,
  RuleAction,
  RuleActionOverride,
  RuleGroup,
  Statement,
  WebACL,
} from '@aws-sdk/client-wafv2'

/** A rule as a web ACL comes to it: what it does there, with all overrides, and what makes it match. */
export interface EvaluatedRule {
  /** `rule`, or `rule of the web ACL/rule of its group`. */
  name: string
  does: 'block' | 'allow' | 'other'
  statement?: Statement
}

/** A rule group that could not be read: it may do anything. */
export interface UnreadableGroup {
  name: string
  unreadable: string
}

/** A rule group that was read, or why it could not be. */
export type ReadGroup = RuleGroup | { unreadable: string }

/** A rule group as a web ACL refers to it. */
interface Reference {
  ARN?: string | undefined
  ExcludedRules?: ExcludedRule[] | undefined
  RuleActionOverrides?: RuleActionOverride[] | undefined
}

/** ARNs of the rule groups that a web ACL refers to, Firewall Manager's among them. AWS's managed groups have none. */
export function ruleGroupsOf(acl: WebACL): string[] {
  const own = (acl.Rules ?? []).map(({ Statement }) => Statement?.RuleGroupReferenceStatement)
  const managers = [
    ...(acl.PreProcessFirewallManagerRuleGroups ?? []),
    ...(acl.PostProcessFirewallManagerRuleGroups ?? []),
  ].map(({ FirewallManagerStatement }) => FirewallManagerStatement?.RuleGroupReferenceStatement)
  return [...new Set([...own, ...managers].flatMap((reference) => reference?.ARN ?? []))]
}

/**
 * The rules of a web ACL in the order in which it evaluates them: Firewall Manager's first groups, its own rules, and
 * Firewall Manager's last groups; a group's rules stand where the group does. Pure.
 * https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing-order.html
 */
export function evaluationOrder(
  acl: WebACL,
  groups: ReadonlyMap<string, ReadGroup>,
): (EvaluatedRule | UnreadableGroup)[] {
  const managed = (all: FirewallManagerRuleGroup[] | undefined) =>
    byPriority(all ?? []).flatMap(({ Name = '', FirewallManagerStatement, OverrideAction }) => {
      const reference = FirewallManagerStatement?.RuleGroupReferenceStatement
      return reference ? rulesOfGroup(Name, reference, OverrideAction?.Count !== undefined, groups) : []
    })
  const own = byPriority(acl.Rules ?? []).flatMap((rule) => {
    const reference = rule.Statement?.RuleGroupReferenceStatement
    if (reference) {
      return rulesOfGroup(rule.Name ?? '', reference, rule.OverrideAction?.Count !== undefined, groups)
    }
    return [evaluated(rule.Name ?? '', rule.Action, rule.Statement)]
  })
  return [
    ...managed(acl.PreProcessFirewallManagerRuleGroups),
    ...own,
    ...managed(acl.PostProcessFirewallManagerRuleGroups),
  ]
}

/** @param counts whether the web ACL only counts what the group matches, whatever its rules say */
function rulesOfGroup(
  name: string,
  { ARN = '', ExcludedRules = [], RuleActionOverrides = [] }: Reference,
  counts: boolean,
  groups: ReadonlyMap<string, ReadGroup>,
): (EvaluatedRule | UnreadableGroup)[] {
  if (counts) return []
  const group = groups.get(ARN) ?? { unreadable: 'it was not read' }
  if ('unreadable' in group) return [{ name, unreadable: group.unreadable }]
  return byPriority(group.Rules ?? []).map((rule: Rule) => {
    const override = RuleActionOverrides.find(({ Name }) => Name === rule.Name)?.ActionToUse
    const excluded = ExcludedRules.some(({ Name }) => Name === rule.Name)
    const action = override ?? (excluded ? { Count: {} } : rule.Action)
    return evaluated(`${name}/${rule.Name}`, action, rule.Statement)
  })
}

function evaluated(
  name: string,
  action: RuleAction | undefined,
  statement: Statement | undefined,
): EvaluatedRule {
  const does = action?.Block ? 'block' : action?.Allow ? 'allow' : 'other'
  return { name, does, ...(statement && { statement }) }
}

function byPriority<T extends { Priority?: number | undefined }>(rules: readonly T[]): T[] {
  return rules.toSorted((a, b) => (a.Priority ?? 0) - (b.Priority ?? 0))
}
