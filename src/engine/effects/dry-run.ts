import type { DryRunAnswer } from '../../../state-machines/remediation.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Step } from '../../playbook/plan.ts'
import type { StepResult } from '../../run/run.ts'
import { iso, type Session } from '../drive/driven.ts'
import { changing } from './change.ts'
import { stepError } from './step-error.ts'

/**
 * Sends every step with EC2's DryRun where the operation has it; `notCheckable` where it has not. It tells whether
 * the caller may make the call, not whether the call would break something. A failure other than a denial is thrown.
 */
export async function dryRun(session: Session): Promise<DryRunAnswer> {
  const { run } = session
  const results = await Promise.all(run.plan!.steps.map((step) => dryRunStep(session, step)))
  run.results = results
  const denied = results.filter(({ status }) => status === 'dryRunDenied')
  return {
    denied: denied.length > 0,
    reason: denied.map(({ error }) => `dry run denied: ${error?.action} for ${error?.principal}`).join('; '),
  }
}

async function dryRunStep({ run, ports, place }: Session, step: Step): Promise<StepResult> {
  const at = iso(ports.clock.now())
  if (step.merge || !ports.aws.dryRunnable(step.call)) return { step: step.id, status: 'notCheckable', at }
  try {
    await ports.aws.send(place, step.call, { dryRun: true, session: changing(run) })
    return { step: step.id, status: 'dryRunOk', evidence: 'answer', at }
  } catch (error) {
    if (!(error instanceof AwsError) || error.kind !== 'denied') throw error
    const { arn } = await ports.aws.identity()
    run.results = [{ step: step.id, status: 'dryRunDenied', error: stepError(error, arn), at }]
    return run.results[0]!
  }
}
