import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2'
import * as z from 'zod/mini'
import { type ApiCall, call } from '../../src/playbook/api.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import { findingPorts } from '../../src/playbook/finding-ports.ts'
import { wearersImpact } from '../../src/playbook/group-wearers.ts'
import {
  admitsTcp,
  authorizeCalls,
  byTuple,
  type IngressRule,
  ingressRule,
  otherPorts,
  tuple,
  tuplesOf,
} from '../../src/playbook/ingress.ts'
import type { Json } from '../../src/playbook/json.ts'
import { managedBy } from '../../src/playbook/managed-by.ts'
import { config, guardDuty } from '../../src/playbook/matchers.ts'
import { openIngress, type PrefixLists } from '../../src/playbook/open-ingress.ts'
import type { Step } from '../../src/playbook/plan.ts'
import {
  compliant,
  definePlaybook,
  fillArn,
  gone,
  notApplicable,
  type Reader,
  type Tags,
} from '../../src/playbook/playbook.ts'

const ARN = 'arn:{partition}:ec2:{region}:{account}:security-group/{id}'
const RULES = 'arn:{partition}:ec2:{region}:{account}:security-group-rule/*'

const port = z.int().check(z.gte(0), z.lte(65535))
const parameters = z.strictObject({
  ports: z
    ._default(z.array(port).check(z.minLength(1)), [20, 21, 22, 3306, 3389, 4333])
    .check(z.describe('ports for findings that name none: item changes, and groups that a person names')),
  threshold: z
    ._default(z.number().check(z.gt(0), z.lte(1)), 0.5)
    .check(z.describe('share of the public address space from which on a port counts as open to the world')),
  maxPrefixV4: z
    ._default(z.int().check(z.gte(0), z.lte(32)), 8)
    .check(z.describe('IPv4 sources with a prefix so long or shorter are wide and go; narrower ones stay')),
  maxPrefixV6: z._default(z.int().check(z.gte(0), z.lte(128)), 16).check(z.describe('the same for IPv6')),
})

export interface GroupState {
  id: string
  /** Ingress only. */
  rules: IngressRule[]
  lists: PrefixLists
  /** The account that owns the group, when it is not the one that looks (shared VPC). */
  foreignOwner?: string
  /** Absent on a later look, which reads only the rules. */
  group?: { name: string; tags: Tags }
}

/** A rule as `before` shows it. */
type PlannedRule = Omit<IngressRule, 'kind'>

/**
 * Revokes the rules that open a port to the world, by rule id, and no other: what shares a permission entry with them
 * (10.0.0.0/8, other groups) stays. Config's rules see IPv4 only; the same hole in IPv6 goes in the same call.
 */
export const closeOpenIngress = definePlaybook<z.output<typeof parameters>, GroupState>({
  id: 'ec2-close-open-ingress',
  title: 'Revoke ingress rules open to the world',
  implements: ['sg-revoke-open-ingress'],
  resource: 'AWS::EC2::SecurityGroup',
  answers: [
    config('INCOMING_SSH_DISABLED', 'RESTRICTED_INCOMING_TRAFFIC', 'item:AWS::EC2::SecurityGroup'),
    guardDuty('Recon:EC2/PortProbe*'),
  ],
  parameters,
  suggestedMode: 'auto',
  arn: ARN,
  ids: /^sg-[0-9a-z]+$/,
  generatedKeys: ['id'],
  reads: [
    'ec2:DescribeSecurityGroupRules',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeNetworkInterfaces',
    'ec2:GetManagedPrefixListEntries',
  ],
  writes: [
    { action: 'ec2:RevokeSecurityGroupIngress', resource: ARN },
    { action: 'ec2:AuthorizeSecurityGroupIngress', resource: ARN },
    // EC2 asks for both resources, and for the tags apart, when a rule is created with its tags.
    { action: 'ec2:AuthorizeSecurityGroupIngress', resource: RULES },
    { action: 'ec2:CreateTags', resource: RULES },
  ],

  async targets(finding) {
    const own = finding.resources.filter(({ type }) => type === 'AWS::EC2::SecurityGroup').map(({ id }) => id)
    const groups = finding.source === 'guardduty' ? (finding.evidence.groups ?? []) : own
    if (groups.length === 0) return notApplicable('the finding names no security group')
    const { partition, region, account } = finding
    return [...new Set(groups)].map((id) => {
      const resource = fillArn(ARN, { partition, region, account, id })
      return { resource, id, key: resource }
    })
  },

  async inspect({ id }, { ports }, aws, { first, findings }) {
    const [all, asked] = await Promise.all([
      aws.list('ec2', 'DescribeSecurityGroupRules', ofGroup(id), 'SecurityGroupRules'),
      first ? readGroup(aws, id) : undefined,
    ])
    const look = asked ?? (all.length === 0 ? await readGroup(aws, id) : undefined)
    if (all.length === 0 && look?.error) throw look.error
    if (all.length === 0 && !look?.group) return gone

    const rules = all.map(ingressRule).filter((rule) => rule !== undefined)
    const lists = await readLists(aws, rules, findingPorts(findings, ports))
    const owner = look?.group?.OwnerId ?? all[0]?.GroupOwnerId ?? aws.account
    const state: GroupState = { id, rules, lists, ...(owner === aws.account ? {} : { foreignOwner: owner }) }
    if (!look) return { state }
    if (!look.group) return { state, tags: { unreadable: look.error?.message ?? 'the group is not found' } }
    const tags = Object.fromEntries((look.group.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
    return { state: { ...state, group: { name: look.group.GroupName ?? id, tags } }, tags }
  },

  plan(state, findings, parameters, target) {
    if (state.foreignOwner) return notApplicable(`the group belongs to account ${state.foreignOwner}`)
    const ports = findingPorts(findings, parameters.ports)
    if (ports.length === 0) return notApplicable('the finding names no port')
    const { open, narrow, unresolved } = openIngress(state.rules, ports, state.lists, parameters)
    const addUp = unresolved.map(
      (port) => `tcp ${port} stays open to the world by many narrow sources together`,
    )
    if (open.length === 0) {
      if (addUp.length > 0) return notApplicable(`${addUp.join('; ')}: a person must choose which may go`)
      return compliant({ reason: `tcp ${ports.join(', ')}: not open to the world` })
    }
    const rules = byTuple(open)
    return {
      kind: 'steps',
      before: { rules: rules.map(shown) },
      after: { rules: [] },
      warnings: [...warnings(state, rules, byTuple(narrow), ports), ...addUp],
      steps: [
        {
          id: 'revoke-open-ingress',
          summary: summaryOf(rules, state.id),
          call: call('ec2', 'RevokeSecurityGroupIngress', {
            GroupId: state.id,
            SecurityGroupRuleIds: rules.map(({ id }) => id).sort(),
          }),
          subset: 'SecurityGroupRuleIds',
          undo: authorizeCalls(state.id, rules),
          retry: 'safe',
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

  async impact({ id }, aws) {
    return wearersImpact(await aws.list('ec2', 'DescribeNetworkInterfaces', ofGroup(id), 'NetworkInterfaces'))
  },
})

/** By filter, so that reads of many groups go as one call and a missing group does not fail the rest. */
function ofGroup(id: string): { Filters: { Name: string; Values: string[] }[] } {
  return { Filters: [{ Name: 'group-id', Values: [id] }] }
}

/** An error is an answer: while the rules can be read, only the tags are missing. */
async function readGroup(aws: Reader, id: string): Promise<{ group?: SecurityGroup; error?: AwsError }> {
  try {
    const [group] = await aws.list('ec2', 'DescribeSecurityGroups', ofGroup(id), 'SecurityGroups')
    return group ? { group } : {}
  } catch (error) {
    if (error instanceof AwsError) return { error }
    throw error
  }
}

/** The entries of the prefix lists that could open one of the ports. */
async function readLists(aws: Reader, rules: IngressRule[], ports: number[]): Promise<PrefixLists> {
  const inQuestion = rules.filter(
    (rule) => rule.kind === 'prefixList' && ports.some((port) => admitsTcp(rule, port)),
  )
  const ids = [...new Set(inQuestion.map(({ source }) => source))]
  const lists = await Promise.all(
    ids.map(async (PrefixListId) => {
      const entries = await aws.list('ec2', 'GetManagedPrefixListEntries', { PrefixListId }, 'Entries')
      return [PrefixListId, entries.map(({ Cidr = '' }) => Cidr)] as const
    }),
  )
  return Object.fromEntries(lists)
}

function warnings(state: GroupState, open: IngressRule[], narrow: IngressRule[], ports: number[]): string[] {
  const alsoCloses = open.flatMap((rule) => {
    const others = otherPorts(rule, ports)
    return others ? [`${rule.id} from ${rule.source} also closes ${others}`] : []
  })
  const comesBack = managedBy(state.group?.tags ?? {}).map(
    (owner) => `managed by ${owner}: change it there too, or the rule may come back`,
  )
  return [
    ...alsoCloses,
    ...(narrow.length > 0 ? [`narrower sources stay: ${listed(narrow)}`] : []),
    ...comesBack,
  ]
}

/** The step with these of its rules only. */
function revoking({ call, undo, ...step }: Step, rules: PlannedRule[]): Step {
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

function summaryOf(rules: readonly PlannedRule[], group: string): string {
  return `revoke ${listed(rules)} of ${group}`
}

/** The first ten rules for a person, and how many more. */
function listed(rules: readonly PlannedRule[]): string {
  const told = rules.slice(0, 10).map(({ protocol, from, to, source }) => {
    if (protocol === '-1') return `all traffic from ${source}`
    return `${protocol} ${from === to ? from : `${from}-${to}`} from ${source}`
  })
  return told.join(', ') + (rules.length > 10 ? ` and ${rules.length - 10} more` : '')
}

function shown({ kind: _, ...rule }: IngressRule): Json {
  return { ...rule }
}

function rulesOf(side: Json): PlannedRule[] {
  return (side as unknown as { rules: PlannedRule[] }).rules
}
