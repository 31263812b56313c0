import type * as z from 'zod/mini'
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
  isGoneLook,
  notApplicable,
  ownTargets,
  targetOf,
} from '../../src/playbook/playbook.ts'
import { portDoubts } from './ingress/finding-ports.ts'
import { ofGroup, readLists } from './ingress/group-reads.ts'
import { wearersImpact } from './ingress/group-wearers.ts'
import { admitsTcp, byTuple, type IngressRule, otherPorts } from './ingress/ingress.ts'
import { openIngress, type PrefixLists } from './ingress/open-ingress.ts'
import { parameters } from './ingress/parameters.ts'
import { listed, rulesOf, shown } from './ingress/planned-rules.ts'
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
import { GROUP, lookAtGroup, REVOKING, revokeStep, type SeenGroup } from './ingress/revocation.ts'

export interface GroupState extends SeenGroup {
  lists: PrefixLists
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
  ...REVOKING,
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
  reads: [
    'ec2:DescribeSecurityGroupRules',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeNetworkInterfaces',
    'ec2:GetManagedPrefixListEntries',
  ],
  // A group may name a list of AWS or one that another account shares.
  readsOn: { 'ec2:GetManagedPrefixListEntries': ['arn:{partition}:ec2:{region}:*:prefix-list/*'] },

  async targets(finding) {
    // By what the id is: the type that comes with it is the rule's and not always the resource's.
    const worn = [...new Set(finding.evidence.groups)].map((group) => targetOf(GROUP, group, finding))
    const groups = isSeenOpen(finding) ? worn : ownTargets(GROUP, finding)
    return groups.length > 0 ? groups : notApplicable('the finding names no security group')
  },

  async inspect({ id }, parameters, aws, { first, findings }) {
    const looked = await lookAtGroup(aws, id, first)
    if (isGoneLook(looked)) return gone
    const { group, ...told } = looked
    const asked = portsToClose(findings, parameters)
    const inQuestion = [...asked.ports, ...asked.spared, ...asked.notAsked, ...portDoubts(findings).maybe]
    return { state: { ...group, lists: await readLists(aws, group.rules, inQuestion) }, ...told }
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
      steps: [revokeStep('revoke-open-ingress', state.id, rules, target.resource)],
    }
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
