import * as z from 'zod/mini'
import { call } from '../../src/playbook/api.ts'
import { isGone } from '../../src/playbook/aws-error.ts'
import { type Json, sameJson } from '../../src/playbook/json.ts'
import { cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import {
  compliant,
  definePlaybook,
  gone,
  isNotApplicable,
  notApplicable,
  type Reader,
  type Target,
} from '../../src/playbook/playbook.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
import type { CallStep } from '../../src/playbook/step.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { askedPorts, closingEntries } from './acl/closing.ts'
import { type AclEntry, decidingBefore, ingressEntries } from './acl/entries.ts'
import { subnetsImpact } from './acl/subnets-impact.ts'

const ARN = 'arn:{partition}:ec2:{region}:{account}:network-acl/{id}'

/** Entries in one direction that an ACL may have, where the quota was not raised. */
const USUAL_QUOTA = 20

const port = z.int().check(z.gte(0), z.lte(65535))
const parameters = z.strictObject({
  ports: z
    ._default(z.array(port).check(z.minLength(1)), [22, 3389])
    .check(z.describe('TCP ports that are closed to the world')),
  keep: z
    ._default(z.array(z.union([z.cidrv4(), z.cidrv6()])), ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])
    .check(
      z.describe('sources that get in as before, each by an entry of its own: those of your networks inside'),
    ),
  threshold: z
    ._default(z.number().check(z.gt(0), z.lte(1)), 0.5)
    .check(z.describe('share of the public address space from which on a port counts as open to the world')),
  maxPrefixV4: z
    ._default(z.int().check(z.gte(0), z.lte(32)), 8)
    .check(
      z.describe('IPv4 sources with a prefix so long or shorter are wide; narrower ones get in as before'),
    ),
  maxPrefixV6: z._default(z.int().check(z.gte(0), z.lte(128)), 16).check(z.describe('the same for IPv6')),
})

export interface AclState {
  id: string
  /** Ingress only, without the default entry. */
  entries: AclEntry[]
  /** Of the subnets that it is associated with. Sorted. */
  subnets: string[]
  /** The account that owns the ACL, when it is not the one that looks (shared VPC). */
  foreignOwner?: string
}

/**
 * Denies SSH and RDP to the world in front of the entry that lets it in. That entry stays: mostly it is the rule 100 of a
 * default ACL, which lets everything in, and without it the subnet has no traffic at all.
 */
export const denyOpenAdminNacl = definePlaybook<z.output<typeof parameters>, AclState>({
  id: 'ec2-deny-open-admin-nacl',
  title: 'Deny SSH and RDP to the world in a network ACL',
  about: {
    risk: 'A network ACL is the second lock of a subnet. While it lets SSH and RDP in from everywhere, one security group that is opened by mistake is enough to put a machine on the internet.',
    breaks:
      'Whoever connects to these ports from outside is cut off, in all subnets of the ACL; private ranges get in as before (`keep`). ACLs keep no state: an answer that comes back to port 3389 of a NAT gateway or a load balancer is dropped as well. The plan lists the subnets and what is in them, and asks where such a gateway is among it.',
  },
  implements: ['nacl-remove-open-admin'],
  resource: 'AWS::EC2::NetworkAcl',
  ids: ec2Ids('acl'),
  arn: ARN,
  tagsOf: 'the network ACL',
  answers: [
    config('NACL_NO_UNRESTRICTED_SSH_RDP'),
    securityHub('EC2.21'),
    prowler('ec2_networkacl_allow_ingress_tcp_port_22', 'ec2_networkacl_allow_ingress_tcp_port_3389'),
    cloudTrail('ec2:CreateNetworkAclEntry', 'ec2:ReplaceNetworkAclEntry'),
  ],
  parameters,
  suggestedMode: 'approve',
  reads: ['ec2:DescribeNetworkAcls', 'ec2:DescribeNetworkInterfaces'],
  writes: [
    { action: 'ec2:CreateNetworkAclEntry', resource: ARN },
    { action: 'ec2:DeleteNetworkAclEntry', resource: ARN },
  ],

  async inspect({ id }, _parameters, aws) {
    const acl = await aclAt(aws, id)
    if (!acl) return gone
    const { Entries = [], Associations = [], OwnerId: owner = aws.account, Tags, VpcId: vpc } = acl
    const state: AclState = {
      id,
      entries: ingressEntries(Entries),
      subnets: Associations.flatMap(({ SubnetId }) => SubnetId ?? []).sort(),
      ...(owner === aws.account ? {} : { foreignOwner: owner }),
    }
    return { state, tags: tagsIn(Tags), ...(vpc !== undefined && { vpc }) }
  },

  plan({ id, entries, foreignOwner }, findings, parameters, target) {
    if (foreignOwner) return notApplicable(`the network ACL belongs to account ${foreignOwner}`)
    const ports = askedPorts(findings, parameters)
    if (ports.length === 0)
      return notApplicable(`parameters.ports of the policy closes only tcp ${parameters.ports.join(', ')}`)
    const closing = closingEntries(entries, ports, parameters)
    if (isNotApplicable(closing)) return closing
    if (closing.entries.length === 0)
      return compliant({ reason: `tcp ${ports.join(', ')}: not open to the world` })
    const count = entries.length + closing.entries.length
    return {
      kind: 'steps',
      before: { entries: [] },
      after: { entries: closing.entries.map((entry) => ({ ...entry })) },
      warnings: [...warnings(closing.entries), ...closing.notKept],
      cautions:
        count > USUAL_QUOTA
          ? [
              `the ACL would have ${count} entries: AWS lets in ${USUAL_QUOTA}, where the quota was not raised`,
            ]
          : [],
      steps: closing.entries.map((entry) => addStep(id, entry, target)),
    }
  },

  observe({ entries }, { before, after }) {
    const numbers = new Set([...plannedIn(before), ...plannedIn(after)].map(({ number }) => number))
    return { entries: entries.filter(({ number }) => numbers.has(number)).map((entry) => ({ ...entry })) }
  },

  /** Told by the number and all that the entry says: under our number there may be somebody else's. */
  status({ call: { operation, input } }, { entries }, { before, after }) {
    const there = entries.find(({ number }) => number === input.RuleNumber)
    const deletes = operation === 'DeleteNetworkAclEntry'
    if (!there) return deletes ? 'done' : 'todo'
    const ours = [...plannedIn(before), ...plannedIn(after)].find(({ number }) => number === input.RuleNumber)
    if (!sameJson(ours as unknown as Json, there as unknown as Json)) return 'conflict'
    return deletes ? 'todo' : 'done'
  },

  cuts: ({ entries, subnets }, { after }) => {
    const planned = plannedIn(after)
    const denied = planned.filter(({ action }) => action === 'deny')
    return [...Map.groupBy(denied, ({ from, to }) => `${from} ${to}`).values()].map((alike) => {
      const { from = 0, to = 65_535 } = alike[0]!
      const ranges = alike.map(({ cidr }) => cidr)
      const before = alike.flatMap((denial) => decidingBefore([...entries, ...planned], denial))
      return {
        what: `tcp ${from === to ? from : `${from}-${to}`} from ${ranges.join(', ')}`,
        direction: 'in' as const,
        at: { subnets },
        protocol: 6,
        ports: [from, to] as const,
        peers: { ranges, except: [...new Set(before.map(({ cidr }) => cidr))] },
      }
    })
  },

  impact: ({ subnets }, aws, _target, { after }) => subnetsImpact(aws, subnets, plannedIn(after)),
})

async function aclAt(aws: Reader, id: string) {
  try {
    const [acl] = await aws.list('ec2', 'DescribeNetworkAcls', { NetworkAclIds: [id] }, 'NetworkAcls')
    return acl
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

function addStep(id: string, entry: AclEntry, target: Target): CallStep {
  const { number: RuleNumber, action, protocol, from, to, cidr } = entry
  const at = { NetworkAclId: id, RuleNumber, Egress: false }
  return {
    kind: 'call',
    id: `${action}-${RuleNumber}`,
    summary: `${action} tcp ${from} from ${cidr} as entry ${RuleNumber} of ${id}`,
    call: call('ec2', 'CreateNetworkAclEntry', {
      ...at,
      Protocol: protocol,
      PortRange: { From: from, To: to },
      RuleAction: action,
      ...(cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
    }),
    undo: [call('ec2', 'DeleteNetworkAclEntry', at)],
    together: true,
    permissions: [
      { action: 'ec2:CreateNetworkAclEntry', resource: target.resource },
      // What was added is taken out again where a later one is refused.
      { action: 'ec2:DeleteNetworkAclEntry', resource: target.resource },
    ],
  }
}

function warnings(closing: AclEntry[]): string[] {
  const denied = closing.filter(({ action }) => action === 'deny')
  return [
    ...(denied.some(({ from }) => from === 3389)
      ? ['answers that come back to a client port 3389 are dropped as well: ACLs keep no state']
      : []),
    ...(denied.some(({ cidr }) => cidr.includes(':'))
      ? ['of IPv6 only ranges in parameters.keep get in: your own VPC is not among them by itself']
      : []),
  ]
}

const plannedIn = (side: Json): AclEntry[] => (side as unknown as { entries: AclEntry[] }).entries
