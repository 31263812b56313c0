import type * as z from 'zod/mini'
import type { Finding } from '../../src/findings/finding.ts'
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
import { ruleCuts } from './cuts/rule-cuts.ts'
import { ANY_PORT, hasNoPorts } from './ingress/authorized-ports.ts'
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
import { authorizeStep, replacementsFor, shownNew } from './ingress/replacement.ts'
import { GROUP, lookAtGroup, REVOKING, revokeStep, type SeenGroup } from './ingress/revocation.ts'

type Parameters = z.output<typeof parameters>

export interface GroupState extends SeenGroup {
  lists: PrefixLists
}

/**
 * Revokes the rules that open a port to the world, by rule id, and no other: what shares a permission entry with them
 * (10.0.0.0/8, other groups) stays. Config's rules see IPv4 only; the same hole in IPv6 goes in the same call.
 */
export const closeOpenIngress = definePlaybook<Parameters, GroupState>({
  id: 'ec2-close-open-ingress',
  title: 'Revoke ingress rules open to the world',
  about: {
    risk: 'Whoever scans the internet finds an open port within minutes. What answers there (SSH, RDP, a database) is tried with every known password and hole.',
    breaks:
      'Whoever connects to the port from outside is cut off. The plan lists the interfaces that wear the group, their public addresses and load balancers, and the other ports that go with a range; where a load balancer, many interfaces or a port that is authorized are meant, a person is asked. Sources that must get in are authorized before (`replaceWith`).',
  },
  implements: ['sg-revoke-open-ingress'],
  ...REVOKING,
  answers: [
    config(
      'INCOMING_SSH_DISABLED',
      'RESTRICTED_INCOMING_TRAFFIC',
      'VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS',
      'item:AWS::EC2::SecurityGroup',
    ),
    guardDuty('Recon:EC2/PortProbe*'),
    securityHub(...CONTROLS),
    // Unrestricted access, and specific ports unrestricted.
    trustedAdvisor('1iG5NDGVre', 'HCP4007jGY'),
    prowler(...CHECKS),
    inspector('NETWORK_REACHABILITY', 'throughGroups'),
    cloudTrail('ec2:AuthorizeSecurityGroupIngress', 'ec2:ModifySecurityGroupRules'),
  ],
  ruleParameters: ['RESTRICTED_INCOMING_TRAFFIC', 'VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS'],
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
    const asked = portsToClose(findings, parameters, group.rules)
    const tcp = [...asked.ports, ...asked.spared, ...asked.notAsked, ...portDoubts(findings).maybe]
    return { state: { ...group, lists: await readLists(aws, group.rules, { tcp, udp: asked.udp }) }, ...told }
  },

  plan(state, findings, parameters, target) {
    if (state.foreignOwner) return notApplicable(`the group belongs to account ${state.foreignOwner}`)
    const asked = portsToClose(findings, parameters, state.rules)
    const { ports } = asked
    const closed = closedPorts(asked, parameters)
    if (ports.length + closed.udp.length === 0 && !asked.isAboutAll)
      return notApplicable(noPorts(asked, parameters))
    const { open, narrow, unresolved } = openRules(state, closed, parameters)
    const addUp = unresolved.map((port) => `${port} stays open to the world by many narrow sources together`)
    if (open.length === 0) {
      if (addUp.length > 0) return notApplicable(`${addUp.join('; ')}: a person must choose which may go`)
      const reason = whyLeft(state, findings, asked, parameters)
      if (reason !== undefined) return { ...notApplicable(reason), nothingKnownIsLeft: true }
      const what = asked.isAboutAll ? 'no port that is not authorized is' : `${tcp(ports)}: not`
      return compliant({ reason: `${what} open to the world` })
    }
    const rules = byTuple(open)
    const instead = replacementsFor(rules, parameters.replaceWith, state.rules)
    const revoke = revokeStep('revoke-open-ingress', state.id, rules, target.resource)
    return {
      kind: 'steps',
      before: { rules: rules.map(shown) },
      after: { rules: instead.map(shownNew) },
      warnings: [
        ...guessWarnings(findings, parameters.ports),
        ...warnings(rules, byTuple(narrow), asked),
        ...addUp,
      ],
      cautions: cautions(rules, asked),
      steps:
        instead.length > 0
          ? [authorizeStep(state.id, instead, target.resource), { ...revoke, together: true }]
          : [revoke],
    }
  },

  cuts: ({ id, rules, lists }, { before, after }) =>
    ruleCuts(id, { going: rulesOf(before), rules: [...rules, ...rulesOf(after)], lists }),

  async impact({ id, openEgress }, aws, _target, { before }, caution) {
    const interfaces = await aws.list('ec2', 'DescribeNetworkInterfaces', ofGroup(id), 'NetworkInterfaces')
    return wearersImpact(interfaces, { revoked: rulesOf(before), openEgress }, caution)
  },
})

/** The ports of both protocols that may be closed: a policy that names ports names those of TCP. */
function closedPorts(asked: PortsToClose, { ports }: Parameters): { tcp: number[]; udp: number[] } {
  return { tcp: asked.ports, udp: ports === null ? asked.udp : [] }
}

/** The rules that open ports to the world, and the ports (`tcp 22`) that stay open without them. */
function openRules(
  { rules, lists }: GroupState,
  { tcp, udp }: { tcp: number[]; udp: number[] },
  parameters: Parameters,
) {
  const [byTcp, byUdp] = [
    openIngress(rules, tcp, lists, parameters),
    openIngress(rules, udp, lists, parameters, 'udp'),
  ]
  const open = [...new Set([...byTcp.open, ...byUdp.open])]
  return {
    open,
    narrow: [...new Set([...byTcp.narrow, ...byUdp.narrow])].filter((rule) => !open.includes(rule)),
    unresolved: [
      ...byTcp.unresolved.map((port) => `tcp ${port}`),
      ...byUdp.unresolved.map((port) => `udp ${port}`),
    ],
  }
}

/** Why it proves nothing that nothing is left to close; undefined where it does. */
function whyLeft(
  state: GroupState,
  findings: readonly Finding[],
  asked: PortsToClose,
  parameters: Parameters,
): string | undefined {
  const isOpen = (protocol: 'tcp' | 'udp') => (port: number) =>
    openIngress(state.rules, [port], state.lists, parameters, protocol).open.length > 0
  const udp = parameters.ports === null ? [] : asked.udp.filter(isOpen('udp'))
  const reason =
    leftOpen(asked, parameters, isOpen('tcp')) ??
    whyNotProven(findings, parameters.ports, (maybe) => maybe.filter(isOpen('tcp')))
  if (reason !== undefined) return reason
  if (udp.length > 0) return `udp ${udp.join(', ')} stays open: parameters.ports closes only ports of TCP`
  // Prowler asks for no protocol where it looks for any port.
  const others = findings.some(({ type }) => type === ANY_PORT) ? state.rules.filter(hasNoPorts) : []
  const world = others.filter(({ source }) => /\/0$/.test(source))
  return world.length > 0 ? `${listed(world)} stays: it opens no port` : undefined
}

function cautions(rules: IngressRule[], { spared, authorized, listedWeb }: PortsToClose): string[] {
  const going = (ports: number[]) => ports.filter((port) => rules.some((rule) => admitsTcp(rule, port)))
  const [goToo, meant, web] = [going(spared), going(authorized), going(listedWeb)]
  return [
    ...(goToo.length > 0 ? [`${tcp(goToo)} goes with a range of ports: a web site may answer there`] : []),
    ...(meant.length > 0 ? [`${tcp(meant)} is authorized, and goes with a range of ports`] : []),
    ...(web.length > 0 ? [`${tcp(web)} is closed: a web site may answer there`] : []),
  ]
}

function warnings(
  open: IngressRule[],
  narrow: IngressRule[],
  { ports, spared, notAsked, isAboutAll }: PortsToClose,
): string[] {
  const stays = (port: number): boolean => !open.some((rule) => admitsTcp(rule, port))
  const alsoCloses = open.flatMap((rule) => {
    // Where all ports are meant, the others of a range are among them.
    const others = isAboutAll && rule.protocol !== '-1' ? undefined : otherPorts(rule, ports)
    return others ? [`${rule.id} from ${rule.source} also closes ${others}`] : []
  })
  return [
    ...alsoCloses,
    ...(narrow.length > 0 ? [`narrower sources stay: ${listed(narrow)}`] : []),
    ...spared.filter(stays).map((port) => `not closed: ${spareReason([port])}`),
    ...notAsked.filter(stays).map((port) => `not closed: ${tcp([port])}: parameters.ports does not name it`),
  ]
}
