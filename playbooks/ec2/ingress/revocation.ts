import type { IpPermission } from '@aws-sdk/client-ec2'
import { call } from '../../../src/playbook/api.ts'
import {
  type Gone,
  gone,
  type LiveTags,
  type Playbook,
  type Reader,
  type SubsetKnowledge,
} from '../../../src/playbook/playbook.ts'
import { ec2Ids } from '../../../src/playbook/resource/resource-form.ts'
import type { SubsetStep } from '../../../src/playbook/step.ts'
import { tagsIn } from '../../../src/playbook/tags.ts'
import { openEgress } from './connection-tracking.ts'
import type { Family } from './coverage.ts'
import { ofGroup, readGroup } from './group-reads.ts'
import { authorizeCalls, byTuple, type IngressRule, ingressRule, tuple, tuplesOf } from './ingress.ts'
import { revoking, rulesOf, shown, summaryOf } from './planned-rules.ts'

/** What playbooks that revoke rules of a group have in common: how the group is seen, and how its rules go and come back. */

const ARN = 'arn:{partition}:ec2:{region}:{account}:security-group/{id}'
const RULES = 'arn:{partition}:ec2:{region}:{account}:security-group-rule/*'
export const GROUP = { resource: 'AWS::EC2::SecurityGroup', ids: ec2Ids('sg'), arn: ARN }

/** A group, as far as its rules say. */
export interface SeenGroup {
  id: string
  /** Ingress only. */
  rules: IngressRule[]
  /** Families for which the egress rules let everything out. */
  openEgress: Family[]
  /** The account that owns the group, when it is not the one that looks (shared VPC). */
  foreignOwner?: string
}

/** What is read of the group itself on a first look; later only the rules are. */
interface Looked {
  group: SeenGroup
  tags?: LiveTags
  name?: string
  vpc?: string
}

/** Looks at a group: its rules, and on a first look its tags and its name. */
export async function lookAtGroup(aws: Reader, id: string, first: boolean): Promise<Looked | Gone> {
  const [all, read] = await Promise.all([
    aws.list('ec2', 'DescribeSecurityGroupRules', ofGroup(id), 'SecurityGroupRules'),
    first ? readGroup(aws, id) : undefined,
  ])
  const look = read ?? (all.length === 0 ? await readGroup(aws, id) : undefined)
  // No rule and no group to be read: nothing is open, but on a first look nobody knows whether the group is there.
  if (all.length === 0 && first && look?.error) throw look.error
  if (all.length === 0 && !look?.group && !look?.error) return gone

  const owner = look?.group?.OwnerId ?? all[0]?.GroupOwnerId ?? aws.account
  const group: SeenGroup = {
    id,
    rules: all.map(ingressRule).filter((rule) => rule !== undefined),
    openEgress: openEgress(all),
    ...(owner === aws.account ? {} : { foreignOwner: owner }),
  }
  if (!look) return { group }
  if (!look.group) {
    const unreadable = look.error?.message ?? 'the group is not found'
    return { group, tags: { unreadable, onlyIfAsked: false } }
  }
  const { Tags, GroupName = id, VpcId } = look.group
  return { group, tags: tagsIn(Tags), name: GroupName, ...(VpcId !== undefined && { vpc: VpcId }) }
}

/** One call that revokes rules by their ids; its undo puts them back as they were, with other ids. */
export function revokeStep(
  step: string,
  group: string,
  rules: readonly IngressRule[],
  resource: string,
): SubsetStep {
  return {
    kind: 'subset',
    id: step,
    summary: summaryOf(rules, group),
    call: call('ec2', 'RevokeSecurityGroupIngress', {
      GroupId: group,
      SecurityGroupRuleIds: rules.map(({ id }) => id).sort(),
    }),
    subset: 'SecurityGroupRuleIds',
    undo: authorizeCalls(group, rules),
    permissions: [{ action: 'ec2:RevokeSecurityGroupIngress', resource }],
  }
}

type Rules = Pick<SeenGroup, 'rules'>

const observe: Playbook<never, Rules>['observe'] = ({ rules }, plan) => {
  const ours = new Set([...rulesOf(plan.before), ...rulesOf(plan.after)].map(tuple))
  return { rules: byTuple(rules.filter((rule) => ours.has(tuple(rule)))).map(shown) }
}

/** What is called by rule ids is told by them, all else by what the rules say: ids of rules that are made are new. */
const status: Playbook<never, Rules>['status'] = ({ call: { operation, input } }, { rules }) => {
  const isRevoking = operation === 'RevokeSecurityGroupIngress'
  const ids = input.SecurityGroupRuleIds as string[] | undefined
  const named = ids ?? (input.IpPermissions as IpPermission[]).flatMap(tuplesOf)
  const live = new Set(rules.map((rule) => (ids ? rule.id : tuple(rule))))
  const there = named.filter((name) => live.has(name)).length
  if (there === 0) return isRevoking ? 'done' : 'todo'
  if (there === named.length) return isRevoking ? 'todo' : 'done'
  return isRevoking ? 'partly' : 'conflict'
}

const subset: SubsetKnowledge<Rules> = {
  remaining({ call: { input } }, { rules }) {
    const live = new Set(rules.map(({ id }) => id))
    return (input.SecurityGroupRuleIds as string[]).filter((id) => live.has(id))
  },

  part({ before, steps, ...plan }, ids) {
    const rules = rulesOf(before).filter(({ id }) => ids.includes(id))
    return {
      ...plan,
      before: { rules: rules.map((rule) => ({ ...rule })) },
      steps: steps.map((step) => (step.kind === 'subset' ? revoking(step, rules) : step)),
    }
  },
}

/** The parts of a playbook that revokes rules, but for which rules and why. */
export const REVOKING = {
  ...GROUP,
  nameOf: "the group's name",
  tagsOf: 'the security group',
  generatedKeys: ['id'],
  writes: [
    { action: 'ec2:RevokeSecurityGroupIngress', resource: ARN },
    { action: 'ec2:AuthorizeSecurityGroupIngress', resource: ARN },
    // EC2 asks for both resources, and for the tags apart, when a rule is created with its tags.
    { action: 'ec2:AuthorizeSecurityGroupIngress', resource: RULES },
    { action: 'ec2:CreateTags', resource: RULES },
  ],
  observe,
  status,
  subset,
}
