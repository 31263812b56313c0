import type { DryRunAnswer } from '../../../state-machines/effects.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Traffic } from '../../playbook/network/traffic.ts'
import type { Step } from '../../playbook/step.ts'
import type { StepResult } from '../../run/run.ts'
import { changeOf } from '../change/kinds.ts'
import { changing } from '../change/sending.ts'
import type { Drive } from '../drive/drive.ts'
import { type Effect, iso } from '../drive/facts.ts'
import { wouldHold } from '../rails/rails.ts'
import type { CheckResult } from '../rehearsing/simulated-permissions.ts'
import { stepError } from './step-error.ts'

/**
 * Sends every step with EC2's DryRun where the operation has it. Where it has not, a rehearsal that was asked for has IAM
 * simulate it, and Access Analyzer look at the policies that it writes; any other run does without, and the step is
 * `notCheckable`. It tells whether the caller may make the call, not whether the call would break something. A failure
 * other than a denial is thrown.
 */
export async function* dryRun(drive: Drive): Effect<DryRunAnswer> {
  const asked = await Promise.allSettled(drive.run.plan!.steps.map((step) => checksOf(drive, step)))
  const results = asked.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  const hold = drive.run.intent === 'rehearse' ? await wouldHold(drive) : undefined
  const traffic = await trafficOf(drive)
  yield { run: { results, ...(hold && { wouldHold: hold }), ...(traffic && { traffic }) } }
  const failed = asked.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  const denied = results.filter(({ status }) => status === 'dryRunDenied')
  return {
    denied: denied.length > 0,
    reason: denied.map(({ error }) => `dry run denied: ${error?.action} for ${error?.principal}`).join('; '),
  }
}

/** What flow logs say of what the plan cuts off, where a rehearsal was asked to tell: no other run has noted any. */
async function trafficOf({ ports, place, cuts = [] }: Drive): Promise<Traffic | undefined> {
  if (cuts.length === 0) return undefined
  const checks = await ports.checks?.()
  return checks?.traffic?.(place, cuts)
}

async function checksOf(drive: Drive, step: Step): Promise<StepResult[]> {
  const { run, ports } = drive
  const dryRun = changeOf(step).isCheckable(drive) ? await dryRunStep(drive, step) : undefined
  const checks = run.intent === 'rehearse' && (await ports.checks?.())
  const results = checks
    ? await checks.ofStep(drive, step, dryRun)
    : [dryRun ?? { status: 'notCheckable' as const }]
  const at = iso(ports.clock.now())
  return results.map((result) => ({ step: step.id, ...result, at }))
}

async function dryRunStep({ run, ports, place }: Drive, step: Step): Promise<CheckResult> {
  const by = 'DryRun'
  try {
    await ports.aws.send(place, step.call, { dryRun: true, session: changing(run) })
    return { status: 'dryRunOk', by, knownBy: 'answer' }
  } catch (error) {
    if (!(error instanceof AwsError) || error.kind !== 'denied') throw error
    const { arn } = await ports.aws.identity()
    return { status: 'dryRunDenied', by, error: stepError(error, arn) }
  }
}
