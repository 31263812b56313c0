import type { Aws, Place } from '../../aws/port.ts'
import type { LiveTags } from '../../playbook/inspection.ts'
import type { AnyPlaybook, Tags } from '../../playbook/playbook.ts'
import type { Step } from '../../playbook/step.ts'
import type { Clock } from '../clock.ts'
import { missingBy } from './denial-layer.ts'
import { PUBLIC_CHECKED_TYPES, policyChecks } from './policy-checks.ts'
import { type CheckResult, simulatedPermissions } from './simulated-permissions.ts'
import { simulator } from './simulator.ts'
import type { AskTraffic } from './traffic/cut-traffic.ts'
import { type Changer, type UnknownChanger, whoChanges } from './who-changes.ts'
import { writtenPolicies } from './written-policies.ts'

/** For what a step would be sent: a drive, as far as it matters here. */
interface Rehearsed {
  readonly place: Place
  readonly playbook: Pick<AnyPlaybook, 'resource'>
  /** Live tags, as the look read them. */
  readonly tags?: LiveTags
}

/** What a rehearsal asks AWS about its calls. What it was told it remembers for as long as it lives. */
export interface RehearsalChecks {
  /**
   * Whether the call would be allowed: by its dry run, with what is missing where that was refused, else as IAM simulates
   * it; and what AWS makes of the policy documents that it would write.
   * @param dryRun what EC2 said of it; undefined where the call has no dry run
   */
  ofStep(drive: Rehearsed, step: Step, dryRun: CheckResult | undefined): Promise<CheckResult[]>
  /** What flow logs say of the traffic that a plan cuts off; absent where nobody wants to know. */
  traffic?: AskTraffic
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

  async function ofPermissions({ place, playbook, ...drive }: Rehearsed, step: Step): Promise<CheckResult[]> {
    const { permissions } = step
    const tags = oneBag(drive.tags)
    const changer = await changerAt(place)
    if ('unknown' in changer)
      return [{ status: 'notCheckable', by: 'SimulatePrincipalPolicy', why: changer.unknown }]
    const needed = { place, changer, permissions, ...(tags && { tags }) }
    return withOthers(playbook.resource, await simulatedPermissions(simulate, needed))
  }

  async function ofPolicies({ place, playbook }: Rehearsed, step: Step): Promise<CheckResult[]> {
    const policies = writtenPolicies(step.call.input)
    return (await Promise.all(policies.map((each) => checkPolicy(place, each, playbook.resource)))).flat()
  }

  async function withMissing({ place }: Rehearsed, step: Step, dryRun: CheckResult): Promise<CheckResult> {
    const { error } = dryRun
    if (error === undefined) return dryRun
    const [changer, { account, arn }] = await Promise.all([changerAt(place), aws.identity()])
    const where = account === place.account ? 'hub' : 'member'
    const principal = 'arn' in changer ? changer.arn : (error.principal ?? arn)
    return { ...dryRun, missing: missingBy(error, { principal, where, permissions: step.permissions }) }
  }

  return {
    async ofStep(drive, step, dryRun) {
      const [ofCall, policies] = await Promise.all([
        dryRun ? withMissing(drive, step, dryRun).then((one) => [one]) : ofPermissions(drive, step),
        ofPolicies(drive, step),
      ])
      return [...ofCall, ...policies]
    },
  }
}

/** What conditions on tags would be asked about: of several resources nobody can tell, nor of tags that nobody could read. */
function oneBag(tags: LiveTags | undefined): Tags | undefined {
  if (tags === undefined || Array.isArray(tags) || typeof tags.onlyIfAsked === 'boolean') return undefined
  return tags as Tags
}

/** Of a key's policy IAM's own count only as far as it says so. */
const DECIDED_FIRST_BY_THEIR_POLICY: ReadonlySet<string> = new Set(['AWS::KMS::Key'])
/** Types of resources that have policies of their own: those that Access Analyzer reads, and one of which it does not. */
const WITH_POLICIES: ReadonlySet<string> = new Set([...PUBLIC_CHECKED_TYPES, 'AWS::ECR::Repository'])

/** What decides beside IAM, and nobody has asked; where that has the first word, IAM's yes is none. */
function withOthers(resourceType: string, simulated: CheckResult[]): CheckResult[] {
  if (!WITH_POLICIES.has(resourceType)) return simulated
  const isFirst = DECIDED_FIRST_BY_THEIR_POLICY.has(resourceType)
  const may = isFirst ? 'has to let IAM decide' : 'may still deny it'
  const why = `the policy of the resource itself ${may}, and the simulator does not read it`
  const left = isFirst ? simulated.filter(({ status }) => status !== 'simulatedOk') : simulated
  return [...left, { status: 'notCheckable', why }]
}
