import { isHashOf, shortHash } from '../../playbook/plan.ts'
import type { Decision, Run } from '../../run/run.ts'
import type { EnginePorts, Report } from '../ports.ts'
import { Refused } from '../refusals.ts'
import { runCalled } from '../run-called.ts'
import { alreadyDecided, askedForIt } from './already-decided.ts'
import { type Decided, decideAs, type Wanted } from './decide-as.ts'

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

/** How often a run that was stored anew meanwhile (a reminder, a level) is read again. */
const ATTEMPTS = 5

async function decideAsCaller(
  ports: EnginePorts,
  first: Run,
  { verdict, reason }: Pick<Decision, 'verdict' | 'reason'>,
): Promise<Report> {
  const { arn } = await ports.aws.identity()
  const hash = first.plan?.hash ?? ''
  const { requesterMayApprove } = ports.waits
  for (let run = first, attempt = 1; ; attempt++) {
    const wanted: Wanted = { verdict, speaker: { by: arn }, hash, reason, requesterMayApprove }
    const decided = await decideAs(ports, run, wanted)
    if (decided.kind !== 'changed' || attempt === ATTEMPTS) return reported(ports, run, decided, arn)
    run = await waiting(ports, run.id)
  }
}

async function reported(ports: EnginePorts, run: Run, decided: Decided, arn: string): Promise<Report> {
  switch (decided.kind) {
    case 'recorded':
      return { runs: await ports.waits.decided(ports, decided.run), ignored: [] }
    case 'late':
      return { runs: await ports.waits.goOn(ports, run), ignored: [] }
    case 'notApprover':
      throw new Refused(run, notAmong(run, arn, decided.groups))
    case 'ownRequest':
      throw new Refused(run, askedForIt(run, arn))
    case 'otherHash':
      throw new Refused(run, planChanged(run, decided.hash))
    case 'decided':
      throw new Refused(run, alreadyDecided(decided.stored ?? run, decided.decision, arn))
    case 'noExemption':
      throw new Refused(run, `run ${run.id} is an undo: it leaves nothing alone`)
    case 'changed':
      throw new Refused(run, `run ${run.id} changes all the time; try again`)
    case 'notWaiting':
      throw new Refused(run, `run ${run.id} no longer waits for an approval`)
  }
}

/** Why somebody may not decide, and where he may all the same. */
export function notAmong({ id, approval }: Run, arn: string, groups: readonly string[]): string {
  const why = `${arn} is not among the approvers of run ${id} (${approval?.approvers?.join(', ')})`
  if (groups.length === 0) return why
  return `${why}; who is in ${groups.join(', ')} only Slack can tell: whoever is decides there`
}
