import { isHashOf, shortHash } from '../../playbook/plan.ts'
import { mayDecide } from '../../policy/approvers.ts'
import { identityOf } from '../../run/identity.ts'
import type { Decision, Run } from '../../run/run.ts'
import type { EnginePorts, Report } from '../ports.ts'
import { Refused } from '../refusals.ts'
import { runCalled } from '../run-called.ts'
import { alreadyDecided, askedForIt } from './already-decided.ts'
import { recordDecision } from './record-decision.ts'

/** Approves a waiting run as the caller, and carries it on when enough people have. */
export async function approveRun(
  ports: EnginePorts,
  id: string,
  options: { hash?: string },
): Promise<Report> {
  const run = await waiting(ports, id)
  if (options.hash !== undefined && !isHashOf(options.hash, run.plan)) {
    throw new Refused(run, planChanged(run, run.plan?.hash ?? ''))
  }
  return decideAsCaller(ports, run, { verdict: 'approve' })
}

/** Declines a waiting run as the caller, and carries it to its end. */
export async function declineRun(ports: EnginePorts, id: string, reason: string): Promise<Report> {
  return decideAsCaller(ports, await waiting(ports, id), { verdict: 'decline', reason })
}

async function waiting(ports: EnginePorts, id: string): Promise<Run> {
  const run = await runCalled(ports.store, id)
  if (run.waitingFor === 'approval') return run
  throw new Refused(
    run,
    `run ${run.id} does not wait for an approval: it is ${run.state}${run.outcome ? ` (${run.outcome})` : ''}`,
  )
}

function planChanged({ id }: Run, hash: string): string {
  const look = `\`rectify runs ${id}\` shows it`
  return `the plan has changed: it is now ${hash}; ${look}, and \`rectify approve ${id} --approve ${shortHash(hash)}\` approves it`
}

async function decideAsCaller(
  ports: EnginePorts,
  run: Run,
  { verdict, reason }: Pick<Decision, 'verdict' | 'reason'>,
): Promise<Report> {
  const { arn } = await ports.aws.identity()
  if (run.approval && !mayDecide(run.approval, arn)) {
    throw new Refused(
      run,
      `${arn} is not among the approvers of run ${run.id} (${run.approval.approvers?.join(', ')})`,
    )
  }
  // Where the caller is not the engine: whoever asked for a run has somebody else decide about it. A decline by another
  // session of the same role may be another person's.
  const who = verdict === 'approve' ? identityOf : (one: string) => one
  const isRequester = run.requestedBy !== undefined && who(run.requestedBy) === who(arn)
  if (isRequester && !ports.waits.requesterMayApprove) throw new Refused(run, askedForIt(run, arn))
  const recorded = await recordDecision(ports, run, { verdict, by: arn, reason })
  switch (recorded.kind) {
    case 'recorded':
      return { runs: await ports.waits.decided(ports, recorded.run), ignored: [] }
    case 'late':
      return { runs: await ports.waits.goOn(ports, run), ignored: [] }
    case 'otherHash':
      throw new Refused(run, planChanged(run, recorded.hash))
    case 'decided': {
      const current = recorded.stored ?? run
      throw new Refused(run, alreadyDecided(current, recorded.decision, arn))
    }
    case 'notWaiting':
      throw new Refused(run, `run ${run.id} no longer waits for an approval`)
  }
}
