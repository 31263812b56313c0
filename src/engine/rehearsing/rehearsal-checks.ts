import type { Aws, Place } from '../../aws/port.ts'
import type { Tags } from '../../playbook/playbook.ts'
import type { Step } from '../../playbook/step.ts'
import type { MissingPermission } from '../../run/missing-permission.ts'
import type { StepError } from '../../run/run.ts'
import type { Clock } from '../clock.ts'
import { missingBy } from './denial-layer.ts'
import { policyChecks } from './policy-checks.ts'
import { type CheckResult, simulatedPermissions } from './simulated-permissions.ts'
import { simulator } from './simulator.ts'
import { type Changer, type UnknownChanger, whoChanges } from './who-changes.ts'
import { writtenPolicies } from './written-policies.ts'

/** A step that would be sent. */
export interface Checked {
  place: Place
  step: Step
  /** CloudFormation's name of what the playbook changes. */
  resourceType: string
  /** Live tags of the resource, where they are known. */
  tags?: Tags
}

/** What a rehearsal asks AWS about its calls. What it was told it remembers for as long as it lives. */
export interface RehearsalChecks {
  /** About a call that has no dry run: whether it would be allowed. */
  ofPermissions(checked: Checked): Promise<CheckResult[]>
  /** About the policy documents that a call would write; none where it writes none. */
  ofPolicies(checked: Checked): Promise<CheckResult[]>
  /** What whoever was refused a dry run lacks. */
  missing(checked: Checked, refused: StepError): Promise<MissingPermission[]>
}

/** All of them read only: see `REHEARSAL_NEEDS`. */
export function rehearsalChecks(aws: Aws, clock: Pick<Clock, 'sleep'>): RehearsalChecks {
  const simulate = simulator(aws, clock)
  const checkPolicy = policyChecks(aws)
  const changers = new Map<string, Promise<Changer | UnknownChanger>>()

  function changerAt(place: Place): Promise<Changer | UnknownChanger> {
    const known = changers.get(place.account) ?? whoChanges(aws, place)
    changers.set(place.account, known)
    return known
  }

  return {
    async ofPermissions({ place, step, tags }) {
      const { permissions } = step
      const changer = await changerAt(place)
      if ('unknown' in changer)
        return [{ status: 'notCheckable', by: 'SimulatePrincipalPolicy', why: changer.unknown }]
      const needed = { place, changer, permissions, ...(tags && { tags }) }
      return withOthers(aws, step, await simulatedPermissions(simulate, needed))
    },
    async ofPolicies({ place, step, resourceType }) {
      const policies = writtenPolicies(step.call.input)
      return (await Promise.all(policies.map((each) => checkPolicy(place, each, resourceType)))).flat()
    },
    async missing({ place, step }, refused) {
      const changer = await changerAt(place)
      const { account } = await aws.identity()
      const where = account === place.account ? 'hub' : 'member'
      const principal = 'arn' in changer ? changer.arn : (refused.principal ?? (await aws.identity()).arn)
      return missingBy(refused, { principal, where, permissions: step.permissions })
    },
  }
}

/** What decides beside IAM, and nobody has asked; where that has the first word, IAM's yes is none. */
function withOthers({ services }: Aws, { call }: Step, simulated: CheckResult[]): CheckResult[] {
  const says = services.of(call).resourcePolicies
  if (says === undefined) return simulated
  if (says === 'mayDeny')
    return [
      ...simulated,
      {
        status: 'notCheckable',
        why: 'the policy of the resource itself may still deny it, and the simulator does not read it',
      },
    ]
  const why = 'the policy of the resource itself has to let IAM decide, and the simulator does not read it'
  return [...simulated.filter(({ status }) => status !== 'simulatedOk'), { status: 'notCheckable', why }]
}
