import type { Statement, WebACL } from '@aws-sdk/client-wafv2'
import { AwsError, isGone } from '../../src/playbook/aws-error.ts'
import type { Reader } from '../../src/playbook/playbook.ts'
import { attachments } from './attachments.ts'
import {
  type EvaluatedRule,
  evaluationOrder,
  type ReadGroup,
  ruleGroupsOf,
  type UnreadableGroup,
} from './evaluation-order.ts'
import type { IpSet } from './ip-set.ts'

/** A web ACL that blocks what the set holds, or may. */
export interface BlockingAcl {
  name: string
  arn: string
  /** The rule that blocks, of the web ACL or of one of its rule groups. */
  rule: string
  /** What stands between the set and a block: other conditions, a header, a rule that allows before. */
  doubts: string[]
  /** What could not be read, so that it is not known whether it blocks anything: sentences. */
  unread: string[]
  /** Resources behind the web ACL, as far as they are known. */
  attached: { type: string; id: string }[]
}

/** Whether it stands before something, or that cannot be told. */
export const isAttached = ({ attached, unread }: BlockingAcl): boolean =>
  attached.length > 0 || unread.length > 0

const isCertain = ({ attached, unread }: BlockingAcl): boolean => attached.length > 0 && unread.length === 0

/** The one of which most is known: certain before uncertain before attached to nothing. */
export function bestOf(acls: readonly BlockingAcl[]): BlockingAcl | undefined {
  return acls.find(isCertain) ?? acls.find(isAttached) ?? acls[0]
}

/**
 * The web ACLs that block on a set, up to and including the first of which that is certain. One that vanishes between
 * the list and the look is passed over.
 */
export async function blockingAcls(set: IpSet, aws: Reader): Promise<BlockingAcl[]> {
  const summaries = await aws.list('wafv2', 'ListWebACLs', { Scope: set.scope }, 'WebACLs')
  const acls = await Promise.all(summaries.map(({ Name, Id }) => webAcl(Name, Id, set, aws)))
  const groups = await readGroups(
    acls.flatMap((acl) => (acl ? ruleGroupsOf(acl) : [])),
    aws,
  )
  const found: BlockingAcl[] = []
  for (const acl of acls) {
    const blocks = acl && blockingRule(evaluationOrder(acl, groups), set.arn)
    if (!blocks) continue
    const whole = await attachedAcl(acl, blocks, set, aws)
    // One of which it is not known that it blocks, and that stands before nothing, has nothing to do with it.
    if (isAttached(whole) || blocks.unread.length === 0) found.push(whole)
    if (found.some(isCertain)) break
  }
  return found
}

async function attachedAcl(
  { Name = '', ARN = '' }: WebACL,
  { unread, ...rule }: Blocking,
  { scope }: IpSet,
  aws: Reader,
): Promise<BlockingAcl> {
  const attached = await attachments(ARN, scope, aws)
  const isKnown = Array.isArray(attached)
  // One that stands before nothing blocks nothing, whatever its rule groups say.
  if (isKnown && attached.length === 0) return { name: Name, arn: ARN, ...rule, unread: [], attached }
  const unknown = isKnown
    ? []
    : [`attachment cannot be read: what web ACL ${Name} stands before (${attached.unknown})`]
  return {
    name: Name,
    arn: ARN,
    ...rule,
    unread: [...unread, ...unknown],
    attached: isKnown ? attached : [],
  }
}

async function webAcl(name: string | undefined, id: string | undefined, { scope }: IpSet, aws: Reader) {
  try {
    return (await aws.read('wafv2', 'GetWebACL', { Name: name, Id: id, Scope: scope })).WebACL
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** A group of another account (Firewall Manager's, a shared one) may be readable or not: what cannot be read is kept as such. */
async function readGroups(arns: readonly string[], aws: Reader): Promise<Map<string, ReadGroup>> {
  const read = async (ARN: string): Promise<ReadGroup> => {
    try {
      const { RuleGroup } = await aws.read('wafv2', 'GetRuleGroup', { ARN })
      return RuleGroup ?? { unreadable: 'the answer was empty' }
    } catch (error) {
      if (error instanceof AwsError) return { unreadable: error.message }
      throw error
    }
  }
  return new Map(
    await Promise.all(
      [...new Set(arns)].map(async (arn): Promise<[string, ReadGroup]> => [arn, await read(arn)]),
    ),
  )
}

type Blocking = Pick<BlockingAcl, 'rule' | 'doubts' | 'unread'>

/**
 * The rule that blocks on the set with the fewest doubts, of rules in the order of their evaluation. Counting,
 * rate-based and managed rules block nothing by it. Where none does, a rule group that cannot be read may. Pure.
 */
export function blockingRule(
  rules: readonly (EvaluatedRule | UnreadableGroup)[],
  setArn: string,
): Blocking | undefined {
  const blocking = rules.flatMap((rule, index) => {
    const doubts = 'does' in rule && rule.does === 'block' ? doubtsOf(rule.statement, setArn) : undefined
    if (!doubts) return []
    return [{ rule: rule.name, doubts: [...doubts, ...before(rules.slice(0, index))], unread: [] }]
  })
  const [best] = blocking.sort((a, b) => a.doubts.length - b.doubts.length)
  if (best) return best
  const unread = rules.flatMap((rule) =>
    'unreadable' in rule ? [`rule group ${rule.name} cannot be read: ${rule.unreadable}`] : [],
  )
  const [group] = rules.filter((rule) => 'unreadable' in rule)
  return group && { rule: group.name, doubts: [], unread }
}

/** Doubts about whether a statement matches whenever the set does; undefined when the set does not make it match. */
function doubtsOf(statement: Statement | undefined, setArn: string): string[] | undefined {
  const direct = statement?.IPSetReferenceStatement
  if (direct?.ARN === setArn) {
    const header = direct.IPSetForwardedIPConfig?.HeaderName
    return header ? [`it looks for the address in the header ${header}`] : []
  }
  const any = statement?.OrStatement?.Statements?.map((inner) => doubtsOf(inner, setArn))
  const all = statement?.AndStatement?.Statements?.map((inner) => doubtsOf(inner, setArn))
  const within = all?.find((doubts) => doubts !== undefined)
  return (
    any?.find((doubts) => doubts !== undefined) ??
    (within && [...within, 'it has other conditions besides the set'])
  )
}

/** What comes before a rule and may let a request through. */
function before(rules: readonly (EvaluatedRule | UnreadableGroup)[]): string[] {
  return rules.flatMap((rule) => {
    if ('unreadable' in rule) return [`rule group ${rule.name} comes before it and cannot be read`]
    return rule.does === 'allow' ? [`rule ${rule.name} comes before it and allows`] : []
  })
}
