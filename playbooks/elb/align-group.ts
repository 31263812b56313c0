import * as z from 'zod/mini'
import type { Finding } from '../../src/findings/finding.ts'
import { isGone } from '../../src/playbook/aws-error.ts'
import { trustedAdvisor } from '../../src/playbook/matchers.ts'
import {
  compliant,
  definePlaybook,
  gone,
  isGoneLook,
  notApplicable,
  ownTargets,
  type Reader,
  targetOf,
} from '../../src/playbook/playbook.ts'
import { ruleCuts } from '../ec2/cuts/rule-cuts.ts'
import { ofGroup } from '../ec2/ingress/group-reads.ts'
import { wearersImpact } from '../ec2/ingress/group-wearers.ts'
import { byTuple } from '../ec2/ingress/ingress.ts'
import { listed, rulesOf, shown } from '../ec2/ingress/planned-rules.ts'
import { GROUP, lookAtGroup, REVOKING, revokeStep, type SeenGroup } from '../ec2/ingress/revocation.ts'
import { BALANCER } from './load-balancers.ts'
import { judged, type Serving, servedThrough } from './served-ports.ts'

/** Of the groups of Application Load Balancers and of those of their targets. */
const OF_TARGETS_TOO = '8604e947f2'

/** Revokes the rules of a load balancer's security group that let in only where no listener answers. */
export const alignGroup = definePlaybook<Record<string, never>, SeenGroup & Serving>({
  id: 'elb-align-group',
  title: "Close ports of a load balancer's security group without a listener",
  about: {
    risk: 'A port that is open and that no listener answers is open for whatever comes next: a listener that somebody makes for a test, or another machine that wears the same group.',
    breaks:
      'Whoever else wears the group loses those ports as well, so a person is asked where anything but a load balancer does. A listener that is about to be made finds its port closed. Rules that let in at a listener too stay as they are.',
  },
  implements: ['elb-sg-align'],
  ...REVOKING,
  // ELB security groups, and those of Application Load Balancers.
  answers: [trustedAdvisor('xSqX82fQu', OF_TARGETS_TOO)],
  parameters: z.strictObject({}) as z.ZodMiniType<Record<string, never>>,
  suggestedMode: 'approve',
  reads: [
    'ec2:DescribeSecurityGroupRules',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeNetworkInterfaces',
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeListeners',
  ],

  async targets(finding, _parameters, aws) {
    const worn = finding.evidence.groups ?? []
    const named = worn.map((group) => targetOf(GROUP, group, finding))
    if (named.length > 0) return named
    const own = ownTargets(GROUP, finding)
    if (own.length > 0) return own
    const groups = await groupsOf(aws, finding)
    return groups.length > 0
      ? groups.map((group) => targetOf(GROUP, group, finding))
      : notApplicable('the finding names no security group, and no load balancer that wears one')
  },

  async inspect({ id }, _parameters, aws, { first }) {
    const [looked, serving] = await Promise.all([lookAtGroup(aws, id, first), servedThrough(aws, id)])
    if (isGoneLook(looked)) return gone
    const { group, ...told } = looked
    return { state: { ...group, ...serving }, ...told }
  },

  plan({ id, rules, foreignOwner, balancers, served }, findings, _parameters, { resource }) {
    if (foreignOwner) return notApplicable(`the group belongs to account ${foreignOwner}`)
    if (balancers.length === 0) return notApplicable(NO_BALANCER)
    const names = balancers.join(', ')
    if (served.length === 0)
      return notApplicable(`${names} has no listener yet: which ports are meant a person must say`)
    const { idle, mixed } = judged(rules, served)
    const narrow = mixed.map((rule) => `${rule.id} (${listed([rule])}) lets in at a listener and elsewhere`)
    if (idle.length === 0 && mixed.length > 0)
      return {
        ...notApplicable(`${narrow.join('; ')}: narrow it by hand to the ports of the listeners of ${names}`),
        nothingKnownIsLeft: true,
      }
    if (idle.length === 0) {
      const isOfTargets = findings.some(({ type }) => type === OF_TARGETS_TOO)
      return compliant({
        reason: `each rule lets in where a listener of ${names} answers`,
        ...(isOfTargets && { unproven: `its group is in order: the check may mean those of its targets` }),
      })
    }
    const going = byTuple(idle)
    return {
      kind: 'steps',
      before: { rules: going.map(shown) },
      after: { rules: [] },
      warnings: narrow.map((each) => `${each}, and stays: narrow it by hand`),
      ...(narrow.length > 0 && { unproven: `narrow it by hand: ${narrow.join('; ')}` }),
      steps: [revokeStep('revoke-idle-ingress', id, going, resource)],
    }
  },

  cuts: ({ id, rules }, { before }) => ruleCuts(id, { going: rulesOf(before), rules }),

  async impact({ id, openEgress }, aws, _target, { before }) {
    const interfaces = await aws.list('ec2', 'DescribeNetworkInterfaces', ofGroup(id), 'NetworkInterfaces')
    const everyone = { maxPublicInterfaces: Number.POSITIVE_INFINITY, askForLoadBalancer: false }
    const impact = wearersImpact(interfaces, { revoked: rulesOf(before), openEgress }, everyone)
    const others = impact.affected.filter(({ type }) => type !== BALANCER.resource).map((each) => each.id)
    const more =
      impact.count > impact.affected.length ? [`${impact.count - impact.affected.length} more`] : []
    const who = [...new Set([...others.slice(0, 3), ...more])]
    return who.length > 0
      ? { ...impact, cautions: [`the group is worn by others too: ${who.join(', ')}`] }
      : impact
  },
})

const NO_BALANCER =
  'no Application or Network Load Balancer wears the group; the listeners of a Classic one are not read: compare aws elb describe-load-balancers with the rules of the group, and revoke by hand what has no listener'

/** What the load balancers of a finding wear; Trusted Advisor knows them by name. */
async function groupsOf(aws: Reader, { resources }: Finding): Promise<string[]> {
  const named = resources.filter(({ type }) => type === BALANCER.resource)
  const worn = named.map(async ({ id, arn = id }) => {
    const input = arn.startsWith('arn:') ? { LoadBalancerArns: [arn] } : { Names: [arn] }
    try {
      const { LoadBalancers = [] } = await aws.read('elb', 'DescribeLoadBalancers', input)
      return LoadBalancers.flatMap(({ SecurityGroups = [] }) => SecurityGroups)
    } catch (error) {
      if (isGone(error)) return []
      throw error
    }
  })
  return [...new Set((await Promise.all(worn)).flat())]
}
