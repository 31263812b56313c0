import { blockAttackerIp as playbook } from '../../../playbooks/wafv2/block-attacker-ip.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import type { Plan } from '../../../src/playbook/plan.ts'
import {
  isGoneLook,
  isNotApplicable,
  type PlannedSteps,
  type Target,
} from '../../../src/playbook/playbook.ts'
import { type Answers, type FakeReader, fakeReader } from '../../support/reader.ts'
import { on, probe } from './port-probe-finding.ts'

export const ARN4 = 'arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/rectify-block-v4/s4'
export const ARN6 = 'arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/rectify-block-v6/s6'
export const SETS = [
  { Name: 'rectify-block-v4', Id: 's4', ARN: ARN4 },
  { Name: 'rectify-block-v6', Id: 's6', ARN: ARN6 },
]
export const defaults = playbook.parameters.parse({})
export const NOTHING = { addresses: [] }
export const ATTACKER = probe({ remotes: on(443, '52.1.1.1') })

/** An account with both sets and a web ACL on a load balancer that blocks on the IPv4 set. */
export function account(more: Answers & { entries?: () => string[] } = {}): FakeReader {
  const { entries = () => [], ...answers } = more
  const visible = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'm' }
  const rule = (arn: string) => ({
    Name: 'block-list',
    Priority: 0,
    Action: { Block: {} },
    Statement: { IPSetReferenceStatement: { ARN: arn } },
    VisibilityConfig: visible,
  })
  return fakeReader({
    'ec2:DescribeAddresses': () => ({ Addresses: [] }),
    'ec2:DescribeNetworkInterfaces': () => ({ NetworkInterfaces: [] }),
    'ec2:DescribeInstances': () => ({ Reservations: [{ Instances: [{ InstanceId: 'i-0abc' }] }] }),
    'wafv2:ListIPSets': () => ({ IPSets: SETS }),
    'wafv2:GetIPSet': ({ Id }: { Id: string }) => ({
      IPSet: { IPAddressVersion: Id === 's6' ? 'IPV6' : 'IPV4', Addresses: entries() },
      LockToken: 't',
    }),
    'wafv2:ListWebACLs': () => ({ WebACLs: [{ Name: 'shop', Id: 'a1' }] }),
    'wafv2:GetWebACL': () => ({ WebACL: { Name: 'shop', ARN: 'arn:shop', Rules: [rule(ARN4), rule(ARN6)] } }),
    'wafv2:ListResourcesForWebACL': () => ({ ResourceArns: ['arn:alb'] }),
    ...answers,
  })
}

export async function targetsOf(
  finding: Finding,
  aws: FakeReader,
  parameters = defaults,
  never = NOTHING,
): Promise<Target[]> {
  const targets = await playbook.targets(finding, parameters, aws, never)
  if (isNotApplicable(targets)) throw new Error(targets.reason)
  return targets
}

export async function reasonOf(finding: Finding, aws: FakeReader, parameters = defaults): Promise<string> {
  const targets = await playbook.targets(finding, parameters, aws, NOTHING)
  return isNotApplicable(targets) ? targets.reason : 'has targets'
}

export async function look(target: Target, finding: Finding, aws: FakeReader, first = true) {
  const seen = await playbook.inspect(target, defaults, aws, { first, findings: [finding] })
  if (isGoneLook(seen)) throw new Error('gone')
  return seen
}

export async function planOf(
  finding: Finding,
  aws: FakeReader,
  { first = true, parameters = defaults, family = 0 } = {},
) {
  const target = (await targetsOf(finding, aws, parameters))[family]!
  const { state } = await look(target, finding, aws, first)
  return { target, state, planned: playbook.plan(state, [finding], parameters, target, NOTHING) }
}

/** As the engine makes it of what the playbook planned. */
export const asPlan = ({ steps, before, after }: PlannedSteps) => ({ steps, before, after }) as Plan
