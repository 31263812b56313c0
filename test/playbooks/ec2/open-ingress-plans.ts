import type { SecurityGroupRule } from '@aws-sdk/client-ec2'
import { closeOpenIngress as playbook } from '../../../playbooks/ec2/close-open-ingress.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import type { Impact, Plan } from '../../../src/playbook/plan.ts'
import type { PlannedSteps } from '../../../src/playbook/playbook.ts'
import { fakeReader } from '../../support/reader.ts'
import {
  GROUP,
  GROUP_ARN,
  type GroupModel,
  groupAnswers,
  groupFinding,
} from '../../support/security-group.ts'
import { planAbout, steps } from '../planned.ts'

/** Looks and plans of the playbook against a group in memory. */

export const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }
export const target = playbook.named(GROUP, place)
export const defaults = playbook.parameters.parse({})
export const never = { addresses: [] }

export async function look(model: GroupModel, findings: Finding[] = [groupFinding()], first = true) {
  const seen = await playbook.inspect(target, defaults, fakeReader(groupAnswers(model)), { first, findings })
  if ('kind' in seen) throw new TypeError('gone')
  return seen
}

export async function planFor(
  model: GroupModel,
  findings: Finding[] = [groupFinding()],
  parameters = defaults,
) {
  return playbook.plan((await look(model, findings)).state, findings, parameters, target, never)
}

/** Who is on the other end of revoking the rules that are open, as the group stands. */
export async function impactOf(
  model: GroupModel,
  findings: Finding[] = [groupFinding()],
  parameters = defaults,
): Promise<Impact> {
  const { state } = await look(model, findings)
  const planned = playbook.plan(state, findings, parameters, target, never)
  const sides = planned.kind === 'steps' ? planned : { before: { rules: [] }, after: { rules: [] } }
  return playbook.impact(state, fakeReader(groupAnswers(model)), target, sides, parameters)
}

export async function stepsFor(...given: Parameters<typeof planFor>): Promise<PlannedSteps> {
  return steps(await planFor(...given))
}

export const planOf = (planned: PlannedSteps): Plan =>
  planAbout({ playbook: playbook.id, resource: GROUP_ARN, ...place }, planned)

export const idsOf = (...rules: SecurityGroupRule[]): (string | undefined)[] =>
  rules.map((each) => each.SecurityGroupRuleId).sort()
export const revoked = (planned: PlannedSteps): unknown => planned.steps[0]?.call.input.SecurityGroupRuleIds
export const forPorts = (...ports: number[]): Finding =>
  groupFinding({ source: 'guardduty', type: 'Recon:EC2/PortProbe', evidence: { ports } })
