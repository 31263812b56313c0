import { isHashOf, shortHash } from '../../playbook/plan.ts'
import { mayDecide } from '../../policy/approvers.ts'
import { identityOf } from '../../run/identity.ts'
import type { Decision, Run } from '../../run/run.ts'
import { afterDecisions } from '../drive/drive.ts'
import { iso } from '../drive/driven.ts'
import { type EnginePorts, Refused, type Report } from '../ports.ts'
import { runCalled } from '../run-called.ts'
import { carryOn } from '../start-runs.ts'
import { alreadyDecided, askedForIt } from './already-decided.ts'

/** Approves a waiting run as the caller, and carries it on when enough people have. */
export async function approveRun(
  ports: EnginePorts,
  id: string,
  options: { hash?: string },
): Promise<Report> {
  const run = await waiting(ports, id)
  const current = run.plan?.hash ?? ''
  if (options.hash !== undefined && !isHashOf(options.hash, run.plan)) {
    throw new Refused(run, planChanged(run, current))
  }
  return decideAndResume(ports, run, { verdict: 'approve', hash: current })
}

export async function declineRun(ports: EnginePorts, id: string, reason: string): Promise<Report> {
  const run = await waiting(ports, id)
  return decideAndResume(ports, run, { verdict: 'decline', hash: run.plan?.hash ?? '', reason })
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

async function decideAndResume(
  ports: EnginePorts,
  run: Run,
  { verdict, hash, reason }: Pick<Decision, 'verdict' | 'hash' | 'reason'>,
): Promise<Report> {
  const { arn } = await ports.aws.identity()
  if (run.approval && !mayDecide(run.approval, arn)) {
    throw new Refused(
      run,
      `${arn} is not among the approvers of run ${run.id} (${run.approval.approvers?.join(', ')})`,
    )
  }
  // Here the caller is not the engine: whoever asked for a run has somebody else decide about it. A decline by another
  // session of the same role may be another person's.
  const who = verdict === 'approve' ? identityOf : (one: string) => one
  if (ports.waker && run.requestedBy !== undefined && who(run.requestedBy) === who(arn)) {
    throw new Refused(run, askedForIt(run, arn))
  }
  const now = ports.clock.now()
  const decision: Decision = { verdict, by: arn, at: iso(now), hash }
  if (reason) decision.reason = reason
  const result = await ports.store.decide(run.id, decision, now)
  switch (result.kind) {
    case 'recorded': {
      if (ports.waker) {
        await ports.waker.now(run.id, run.resource, 'decision')
        return { runs: [{ ...run, decisions: result.decisions }], ignored: [] }
      }
      const happening = afterDecisions({ ...run, decisions: result.decisions })
      if (!happening) return { runs: [{ ...run, decisions: result.decisions }], ignored: [] }
      return { runs: await carryOn(ports, run.id, happening), ignored: [] }
    }
    case 'late':
      if (ports.waker) {
        await ports.waker.now(run.id, run.resource, 'sweep')
        return { runs: [run], ignored: [] }
      }
      return { runs: await carryOn(ports, run.id), ignored: [] }
    case 'otherHash':
      throw new Refused(run, planChanged(run, result.hash))
    case 'decided': {
      const current = (await ports.store.get(run.id)) ?? run
      throw new Refused(run, alreadyDecided(current, result.decision, arn))
    }
    case 'notWaiting':
      throw new Refused(run, `run ${run.id} no longer waits for an approval`)
  }
}
