import type { Finding } from '../../findings/finding.ts'
import { canonicalJson, sameJson } from '../../playbook/json.ts'
import {
  type AnyPlaybook,
  isNotApplicable,
  type NotApplicable,
  type Reader,
  type Target,
} from '../../playbook/playbook.ts'
import { parametersFor } from '../../policy/decide.ts'
import { neverOf } from '../../policy/never.ts'
import type { Outcome } from '../../run/run.ts'
import type { EnginePorts } from '../ports.ts'

/** How a finding ends that has no target. */
export interface WithoutTarget {
  outcome: Outcome
  reason: string
}

/**
 * The resources that a playbook acts on for a finding. It is asked with the parameters of each rule that may decide,
 * because name and tags of the resource show only in a look: where these do not agree, nobody knows which resource is
 * meant. A default is no word of the policy.
 * @param own the finding's own resource, as the rules see it before a look
 */
export async function targetsFor(
  { policy }: Pick<EnginePorts, 'policy'>,
  playbook: AnyPlaybook,
  finding: Finding,
  own: Target,
  reader: Reader,
): Promise<Target[] | WithoutTarget> {
  const { source, type, severity, account, region } = finding
  const resource = { arn: own.resource, id: own.id }
  const subject = { playbook: playbook.id, source, type, severity, account, region, resource }
  const all = parametersFor(policy, { ...subject, tags: 'unread' }).map((given) =>
    playbook.parameters.parse(given),
  )
  const possible = new Map(all.map((parameters) => [canonicalJson(parameters), parameters]))
  const answers = await Promise.all(
    [...possible.values()].map((parameters) =>
      playbook.targets(finding, parameters, reader, neverOf(policy)),
    ),
  )
  const reasons = answers.filter(isNotApplicable).map(({ reason }) => reason)
  if (reasons.length === answers.length) {
    return { outcome: 'notApplicable', reason: [...new Set(reasons)].join('; ') }
  }
  const [targets = []] = answers
  if (isNotApplicable(targets) || answers.some((other) => !sameJson(keysOf(other), keysOf(targets)))) {
    return { outcome: 'blocked', reason: undecidedText(playbook) }
  }
  if (targets.length > 0) return targets
  return { outcome: 'alreadyCompliant', reason: 'nothing in the account is as the finding says' }
}

const keysOf = (answer: Target[] | NotApplicable) =>
  isNotApplicable(answer) ? null : answer.map(({ key }) => key).sort()

function undecidedText({ id }: AnyPlaybook): string {
  return `cannot evaluate policy: which rule decides shows only in a look, and the parameters of those that may give ${id} other resources to look at; give these rules the same parameters`
}
