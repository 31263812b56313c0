import type { IpPermission } from '@aws-sdk/client-ec2'
import type * as z from 'zod/mini'
import { call } from '../../src/playbook/api.ts'
import {
  cloudTrail,
  config,
  guardDuty,
  inspector,
  prowler,
  securityHub,
  trustedAdvisor,
} from '../../src/playbook/matchers.ts'
import {
  compliant,
  definePlaybook,
  gone,
  notApplicable,
  ownTargets,
  type Tags,
  targetOf,
} from '../../src/playbook/playbook.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { openEgress } from './ingress/connection-tracking.ts'
import type { Family } from './ingress/coverage.ts'
import { portDoubts } from './ingress/finding-ports.ts'
import { ofGroup, readGroup, readLists } from './ingress/group-reads.ts'
import { wearersImpact } from './ingress/group-wearers.ts'
import {
  admitsTcp,
  authorizeCalls,
  byTuple,
  type IngressRule,
  ingressRule,
  otherPorts,
  tuple,
  tuplesOf,
} from './ingress/ingress.ts'
import { openIngress, type PrefixLists } from './ingress/open-ingress.ts'
import { parameters } from './ingress/parameters.ts'
import { listed, revoking, rulesOf, shown, summaryOf } from './ingress/planned-rules.ts'
import { guessWarnings, whyNotProven } from './ingress/port-doubts.ts'
import { CHECKS, CONTROLS, isSeenOpen } from './ingress/ports-by-check.ts'
import {
  leftOpen,
  noPorts,
  type PortsToClose,
  portsToClose,
  spareReason,
  tcp,
} from './ingress/ports-to-close.ts'

const ARN = 'arn:{partition}:ec2:{region}:{account}:security-group/{id}'
const RULES = 'arn:{partition}:ec2:{region}:{account}:security-group-rule/*'
const GROUP = { resource: 'AWS::EC2::SecurityGroup', ids: ec2Ids('sg'), arn: ARN }

export interface GroupState {
  id: string
  /** Ingress only. */
  rules: IngressRule[]
  /** Families for which the egress rules let everything out. */
  openEgress: Family[]
  lists: PrefixLists
  /** The account that owns the group, when it is not the one that looks (shared VPC). */
  foreignOwner?: string
  /** Absent on a later look, which reads only the rules. */
  group?: { name: string; tags: Tags }
}

/**
 * Revokes the rules that open a port to the world, by rule id, and no other: what shares a permission entry with them
 * (10.0.0.0/8, other groups) stays. Config's rules see IPv4 only; the same hole in IPv6 goes in the same call.
 */
export const closeOpenIngress = definePlaybook<z.output<typeof parameters>, GroupState>({
  id: 'ec2-close-open-ingress',
  title: 'Revoke ingress rules open to the world',
  about: {
    risk: 'Whoever scans the internet finds an open port within minutes. What answers there (SSH, RDP, a database) is tried with every known password and hole.',
    breaks:
      'Whoever connects to the port from outside is cut off. The plan lists the interfaces that wear the group, their public addresses and load balancers, and the other ports that go with a range; where a load balancer or many interfaces are meant, a person is asked.',
  },
  implements: ['sg-revoke-open-ingress'],
  ...GROUP,
  nameOf: "the group's name",
  tagsOf: 'the security group',
  answers: [
    config('INCOMING_SSH_DISABLED', 'RESTRICTED_INCOMING_TRAFFIC', 'item:AWS::EC2::SecurityGroup'),
    guardDuty('Recon:EC2/PortProbe*'),
    securityHub(...CONTROLS),
    // Unrestricted access, and specific ports unrestricted.
    trustedAdvisor('1iG5NDGVre', 'HCP4007jGY'),
    prowler(...CHECKS),
    inspector('NETWORK_REACHABILITY', 'throughGroups'),
    cloudTrail('ec2:AuthorizeSecurityGroupIngress', 'ec2:ModifySecurityGroupRules'),
  ],
  ruleParameters: ['RESTRICTED_INCOMING_TRAFFIC'],
  parameters,
  suggestedMode: 'auto',
  generatedKeys: ['id'],
  reads: [
    'ec2:DescribeSecurityGroupRules',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeNetworkInterfaces',
    'ec2:GetManagedPrefixListEntries',
  ],
  // A group may name a list of AWS or one that another account shares.
  readsOn: { 'ec2:GetManagedPrefixListEntries': ['arn:{partition}:ec2:{region}:*:prefix-list/*'] },
  writes: [
    { action: 'ec2:RevokeSecurityGroupIngress', resource: ARN },
    { action: 'ec2:AuthorizeSecurityGroupIngress', resource: ARN },
    // EC2 asks for both resources, and for the tags apart, when a rule is created with its tags.
    { action: 'ec2:AuthorizeSecurityGroupIngress', resource: RULES },
    { action: 'ec2:CreateTags', resource: RULES },
  ],

  async targets(finding) {
    // By what the id is: the type that comes with it is the rule's and not always the resource's.
    const worn = [...new Set(finding.evidence.groups)].map((group) => targetOf(GROUP, group, finding))
    const groups = isSeenOpen(finding) ? worn : ownTargets(GROUP, finding)
    return groups.length > 0 ? groups : notApplicable('the finding names no security group')
  },

  async inspect({ id }, parameters, aws, { first, findings }) {
    const [all, group] = await Promise.all([
      aws.list('ec2', 'DescribeSecurityGroupRules', ofGroup(id), 'SecurityGroupRules'),
      first ? readGroup(aws, id) : undefined,
    ])
    const look = group ?? (all.length === 0 ? await readGroup(aws, id) : undefined)
    // No rule and no group to be read: nothing is open, but on a first look nobody knows whether the group is there.
    if (all.length === 0 && first && look?.error) throw look.error
    if (all.length === 0 && !look?.group && !look?.error) return gone

    const rules = all.map(ingressRule).filter((rule) => rule !== undefined)
    const asked = portsToClose(findings, parameters)
    const inQuestion = [...asked.ports, ...asked.spared, ...asked.notAsked, ...portDoubts(findings).maybe]
    const lists = await readLists(aws, rules, inQuestion)
    const owner = look?.group?.OwnerId ?? all[0]?.GroupOwnerId ?? aws.account
    const state: GroupState = {
      id,
      rules,
      openEgress: openEgress(all),
      lists,
      ...(owner === aws.account ? {} : { foreignOwner: owner }),
    }
    if (!look) return { state }
    if (!look.group) {
      const unreadable = look.error?.message ?? 'the group is not found'
      return { state, tags: { unreadable, onlyIfAsked: false } }
    }
    const tags = tagsIn(look.group.Tags)
    const name = look.group.GroupName ?? id
    return { state: { ...state, group: { name, tags } }, tags, name }
  },

  plan(state, findings, parameters, target) {
    if (state.foreignOwner) return notApplicable(`the group belongs to account ${state.foreignOwner}`)
    const asked = portsToClose(findings, parameters)
    const { ports, spared } = asked
    if (ports.length === 0) return notApplicable(noPorts(asked, parameters))
    const { open, narrow, unresolved } = openIngress(state.rules, ports, state.lists, parameters)
    const addUp = unresolved.map(
      (port) => `tcp ${port} stays open to the world by many narrow sources together`,
    )
    if (open.length === 0) {
      if (addUp.length > 0) return notApplicable(`${addUp.join('; ')}: a person must choose which may go`)
      const isOpen = (port: number) =>
        openIngress(state.rules, [port], state.lists, parameters).open.length > 0
      const reason =
        leftOpen(asked, parameters, isOpen) ??
        whyNotProven(findings, parameters.ports, (maybe) => maybe.filter(isOpen))
      if (reason !== undefined) return { ...notApplicable(reason), nothingKnownIsLeft: true }
      return compliant({ reason: `${tcp(ports)}: not open to the world` })
    }
    const rules = byTuple(open)
    const going = (ports: number[]) => ports.filter((port) => rules.some((rule) => admitsTcp(rule, port)))
    const [goToo, web] = [going(spared), going(asked.listedWeb)]
    return {
      kind: 'steps',
      before: { rules: rules.map(shown) },
      after: { rules: [] },
      warnings: [
        ...guessWarnings(findings, parameters.ports),
        ...warnings(rules, byTuple(narrow), asked),
        ...addUp,
      ],
      cautions: [
        ...(goToo.length > 0
          ? [`${tcp(goToo)} goes with a range of ports: a web site may answer there`]
          : []),
        ...(web.length > 0 ? [`${tcp(web)} is closed: a web site may answer there`] : []),
      ],
      steps: [
        {
          kind: 'subset',
          id: 'revoke-open-ingress',
          summary: summaryOf(rules, state.id),
          call: call('ec2', 'RevokeSecurityGroupIngress', {
            GroupId: state.id,
            SecurityGroupRuleIds: rules.map(({ id }) => id).sort(),
          }),
          subset: 'SecurityGroupRuleIds',
          undo: authorizeCalls(state.id, rules),
          permissions: [{ action: 'ec2:RevokeSecurityGroupIngress', resource: target.resource }],
        },
      ],
    }
  },

  observe(state, plan) {
    const ours = new Set([...rulesOf(plan.before), ...rulesOf(plan.after)].map(tuple))
    return { rules: byTuple(state.rules.filter((rule) => ours.has(tuple(rule)))).map(shown) }
  },

  /** A revocation is told by its rule ids; its undo by what the rules say, because their ids are new. */
  status({ call: { operation, input } }, { rules }) {
    const revoking = operation === 'RevokeSecurityGroupIngress'
    const named = revoking
      ? (input.SecurityGroupRuleIds as string[])
      : (input.IpPermissions as IpPermission[]).flatMap(tuplesOf)
    const live = new Set(rules.map((rule) => (revoking ? rule.id : tuple(rule))))
    const there = named.filter((name) => live.has(name)).length
    if (there === 0) return revoking ? 'done' : 'todo'
    if (there === named.length) return revoking ? 'todo' : 'done'
    return revoking ? 'partly' : 'conflict'
  },

  subset: {
    remaining({ call: { input } }, { rules }) {
      const live = new Set(rules.map(({ id }) => id))
      return (input.SecurityGroupRuleIds as string[]).filter((id) => live.has(id))
    },

    part({ before, steps, ...plan }, ids) {
      const rules = rulesOf(before).filter(({ id }) => ids.includes(id))
      return {
        ...plan,
        before: { rules: rules.map((rule) => ({ ...rule })) },
        steps: steps.map((step) => revoking(step, rules)),
      }
    },
  },

  async impact({ id, openEgress }, aws, _target, { before }, caution) {
    const interfaces = await aws.list('ec2', 'DescribeNetworkInterfaces', ofGroup(id), 'NetworkInterfaces')
    return wearersImpact(interfaces, { revoked: rulesOf(before), openEgress }, caution)
  },
})

function warnings(
  open: IngressRule[],
  narrow: IngressRule[],
  { ports, spared, notAsked }: PortsToClose,
): string[] {
  const stays = (port: number): boolean => !open.some((rule) => admitsTcp(rule, port))
  const alsoCloses = open.flatMap((rule) => {
    const others = otherPorts(rule, ports)
    return others ? [`${rule.id} from ${rule.source} also closes ${others}`] : []
  })
  return [
    ...alsoCloses,
    ...(narrow.length > 0 ? [`narrower sources stay: ${listed(narrow)}`] : []),
    ...spared.filter(stays).map((port) => `not closed: ${spareReason([port])}`),
    ...notAsked.filter(stays).map((port) => `not closed: ${tcp([port])}: parameters.ports does not name it`),
  ]
}
