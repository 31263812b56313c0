import type { IpPermission } from '@aws-sdk/client-ec2'
import * as z from 'zod/mini'
import { call } from '../../src/playbook/api.ts'
import type { Json } from '../../src/playbook/json.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { compliant, definePlaybook, gone, notApplicable, type Target } from '../../src/playbook/playbook.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
import type { Step, SubsetStep } from '../../src/playbook/step.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { ruleCuts } from './cuts/rule-cuts.ts'
import { openEgress } from './ingress/connection-tracking.ts'
import type { Family } from './ingress/coverage.ts'
import { ofGroup } from './ingress/group-reads.ts'
import { wearersImpact } from './ingress/group-wearers.ts'
import { authorizeCalls, byTuple, groupRule, type IngressRule, tuple, tuplesOf } from './ingress/ingress.ts'
import { listed, type PlannedRule, revoking, shown } from './ingress/planned-rules.ts'

const ARN = 'arn:{partition}:ec2:{region}:{account}:security-group/{id}'
const RULES = 'arn:{partition}:ec2:{region}:{account}:security-group-rule/*'

const DIRECTIONS = ['Ingress', 'Egress'] as const
type Direction = (typeof DIRECTIONS)[number]
type Rules = Record<Direction, IngressRule[]>

const parameters = z.strictObject({})

export interface DefaultGroupState {
  id: string
  name: string
  rules: Rules
  /** Families for which the egress rules let everything out. */
  openEgress: Family[]
  /** The account that owns the group, when it is not the one that looks (shared VPC). */
  foreignOwner?: string
}

/**
 * Revokes all rules of a VPC's default group, in both directions and by their ids. The group itself cannot be deleted, and
 * whatever is launched without a group gets it: https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
 */
export const clearDefaultGroup = definePlaybook<z.output<typeof parameters>, DefaultGroupState>({
  id: 'ec2-clear-default-group',
  title: "Take all rules out of a VPC's default security group",
  about: {
    risk: 'Whatever is launched without a security group wears the default one. Its own rules let all who wear it reach each other on every port, and let everything out: one machine that is taken over reaches the rest.',
    breaks:
      'Whoever wears the group loses all traffic, in and out, that no other group of his lets through. The plan lists the interfaces that wear it, and with a single one a person is asked.',
  },
  implements: ['sg-clear-default'],
  resource: 'AWS::EC2::SecurityGroup',
  ids: ec2Ids('sg'),
  arn: ARN,
  nameOf: "the group's name",
  tagsOf: 'the security group',
  answers: [
    config('VPC_DEFAULT_SECURITY_GROUP_CLOSED'),
    securityHub('EC2.2'),
    prowler('ec2_securitygroup_default_restrict_traffic'),
  ],
  parameters,
  suggestedMode: 'auto',
  generatedKeys: ['id'],
  reads: ['ec2:DescribeSecurityGroupRules', 'ec2:DescribeSecurityGroups', 'ec2:DescribeNetworkInterfaces'],
  writes: [
    ...DIRECTIONS.flatMap((direction) => [
      { action: `ec2:RevokeSecurityGroup${direction}`, resource: ARN },
      { action: `ec2:AuthorizeSecurityGroup${direction}`, resource: ARN },
      { action: `ec2:AuthorizeSecurityGroup${direction}`, resource: RULES },
    ]),
    { action: 'ec2:CreateTags', resource: RULES },
  ],

  async inspect({ id }, _parameters, aws) {
    const [all, [group]] = await Promise.all([
      aws.list('ec2', 'DescribeSecurityGroupRules', ofGroup(id), 'SecurityGroupRules'),
      aws.list('ec2', 'DescribeSecurityGroups', ofGroup(id), 'SecurityGroups'),
    ])
    if (!group) return gone
    const { GroupName: name = id, OwnerId: owner = aws.account, VpcId: vpc } = group
    const rulesOut = (isOut: boolean) =>
      byTuple(all.filter(({ IsEgress }) => (IsEgress ?? false) === isOut).map(groupRule))
    const state: DefaultGroupState = {
      id,
      name,
      rules: { Ingress: rulesOut(false), Egress: rulesOut(true) },
      openEgress: openEgress(all),
      ...(owner === aws.account ? {} : { foreignOwner: owner }),
    }
    return { state, tags: tagsIn(group.Tags), name, ...(vpc !== undefined && { vpc }) }
  },

  plan({ id, name, rules, foreignOwner }, _findings, _parameters, target) {
    if (foreignOwner) return notApplicable(`the group belongs to account ${foreignOwner}`)
    // The name is reserved, and no other group of the VPC can have it.
    if (name !== 'default') return notApplicable(`the group is "${name}", not the default group of its VPC`)
    const there = DIRECTIONS.filter((direction) => rules[direction].length > 0)
    if (there.length === 0) return compliant({ reason: 'the group has no rule in either direction' })
    return {
      kind: 'steps',
      before: sides(rules),
      after: sides({ Ingress: [], Egress: [] }),
      steps: there.map((direction) => revokeStep(id, direction, rules[direction], target)),
    }
  },

  observe: ({ rules }) => sides(rules),

  /** A revocation is told by its rule ids; its undo by what the rules say, because their ids are new. */
  status({ call: { operation, input } }, { rules }) {
    const live = rules[directionOf(operation)]
    const revokes = operation.startsWith('Revoke')
    const named = revokes
      ? (input.SecurityGroupRuleIds as string[])
      : (input.IpPermissions as IpPermission[]).flatMap(tuplesOf)
    const has = new Set(live.map((rule) => (revokes ? rule.id : tuple(rule))))
    const there = named.filter((each) => has.has(each)).length
    if (there === 0) return revokes ? 'done' : 'todo'
    if (there === named.length) return revokes ? 'todo' : 'done'
    return revokes ? 'partly' : 'conflict'
  },

  subset: {
    remaining({ call: { operation, input } }, { rules }) {
      const live = new Set(rules[directionOf(operation)].map(({ id }) => id))
      return (input.SecurityGroupRuleIds as string[]).filter((id) => live.has(id))
    },

    part({ before, steps, ...plan }, ids) {
      const all = plannedIn(before)
      const ours = (direction: Direction) => all[direction].filter(({ id }) => ids.includes(id))
      return {
        ...plan,
        before: sides({ Ingress: ours('Ingress'), Egress: ours('Egress') }),
        steps: steps.flatMap((step): Step[] => {
          const rules = ours(directionOf(step.call.operation))
          return rules.length === 0 ? [] : [revoking(step, rules)]
        }),
      }
    },
  },

  cuts({ id, rules }, { before }) {
    const going = plannedIn(before)
    return [
      ...ruleCuts(id, { going: going.Ingress, rules: rules.Ingress }),
      ...ruleCuts(id, { going: going.Egress, rules: rules.Egress, direction: 'out' }),
    ]
  },

  async impact({ id, openEgress }, aws, _target, { before }) {
    const interfaces = await aws.list('ec2', 'DescribeNetworkInterfaces', ofGroup(id), 'NetworkInterfaces')
    const closing = { revoked: plannedIn(before).Ingress, openEgress }
    const nothing = { maxPublicInterfaces: Number.POSITIVE_INFINITY, askForLoadBalancer: false }
    const impact = wearersImpact(interfaces, closing, nothing)
    const closes = DIRECTIONS.some((direction) => plannedIn(before)[direction].length > 0)
    const [noun, loses] = interfaces.length === 1 ? ['interface wears', 'loses'] : ['interfaces wear', 'lose']
    return {
      ...impact,
      cautions:
        closes && interfaces.length > 0
          ? [
              `${interfaces.length} network ${noun} the group and ${loses} all traffic that no other group lets through`,
            ]
          : [],
    }
  },
})

function revokeStep(id: string, direction: Direction, rules: IngressRule[], target: Target): SubsetStep {
  return {
    kind: 'subset',
    id: `revoke-${direction.toLowerCase()}`,
    summary: `revoke ${direction === 'Egress' ? 'egress ' : ''}${listed(rules)} of ${id}`,
    call: call('ec2', `RevokeSecurityGroup${direction}`, {
      GroupId: id,
      SecurityGroupRuleIds: rules.map((rule) => rule.id).sort(),
    }),
    subset: 'SecurityGroupRuleIds',
    undo: authorizeCalls(id, rules, `AuthorizeSecurityGroup${direction}`),
    permissions: [{ action: `ec2:RevokeSecurityGroup${direction}`, resource: target.resource }],
  }
}

const directionOf = (operation: string): Direction => (operation.endsWith('Egress') ? 'Egress' : 'Ingress')

/** Both directions as `before` and `after` hold them. */
function sides({ Ingress, Egress }: Record<Direction, (IngressRule | PlannedRule)[]>): Json {
  return { ingress: Ingress.map(shownRule), egress: Egress.map(shownRule) }
}

const shownRule = (rule: IngressRule | PlannedRule): Json => ('kind' in rule ? shown(rule) : { ...rule })

function plannedIn(side: Json): Record<Direction, PlannedRule[]> {
  const { ingress, egress } = side as unknown as { ingress: PlannedRule[]; egress: PlannedRule[] }
  return { Ingress: ingress, Egress: egress }
}
