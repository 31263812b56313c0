import { resolve } from 'node:path'
import type { RoleSession } from '../../aws/port.ts'
import type { Run } from '../../run/run.ts'
import { ownPart } from '../change/own-part.ts'
import type { Job } from '../jobs/jobs.ts'
import type { EnginePorts, Intent } from '../ports.ts'
import { BadRequest } from '../ports.ts'
import { iso, type Session } from './driven.ts'
import { begin, stored } from './machine.ts'

/** A run that has not been stored yet, for a job. */
export async function newRun(ports: EnginePorts, job: Job, intent: Intent): Promise<Run> {
  const [finding] = job.findings
  const { account, partition } = finding!
  const region = job.target.region ?? finding!.region
  const run = blankRun(ports, {
    playbook: job.playbook.id,
    target: job.target,
    place: { account, region, partition },
    findings: job.findings,
    intent,
    undo: false,
  })
  if (ports.policy.kind === 'file') run.policyFile = resolve(ports.policy.file)
  run.requestedBy = (await ports.aws.identity()).arn
  return run
}

/** A run that undoes another one: same key, same resource, the parameters and the policy file of the first. */
export async function newUndo(ports: EnginePorts, original: Run): Promise<Run> {
  const { account, region, partition, parameters, policyFile } = original
  const run = blankRun(ports, {
    playbook: original.playbook,
    target: original.target,
    place: { account, region, partition },
    findings: original.findings,
    intent: 'apply',
    undo: true,
  })
  run.undoOf = original.id
  run.parameters = parameters
  run.requestedBy = (await ports.aws.identity()).arn
  if (policyFile !== undefined) run.policyFile = policyFile
  return run
}

function blankRun(
  ports: EnginePorts,
  about: Pick<Run, 'playbook' | 'target' | 'findings' | 'intent'> & {
    place: Pick<Run, 'account' | 'region' | 'partition'>
    undo: boolean
  },
): Run {
  const { playbook, target, place, findings, intent, undo } = about
  return {
    id: ports.ids.next(),
    revision: 0,
    playbook,
    target,
    resource: target.resource,
    key: target.key,
    ...place,
    findings,
    intent,
    mode: null,
    reason: '',
    parameters: null,
    decisions: [],
    round: 0,
    plan: null,
    results: [],
    state: 'open',
    outcome: null,
    machine: stored(begin({ intent, undo })),
    startedAt: iso(ports.clock.now()),
  }
}

/** What drives a run in this process. The policy of a stored run is the one that decided it. */
export async function openSession(ports: EnginePorts, run: Run): Promise<Session> {
  const playbook = ports.playbooks.find(({ id }) => id === run.playbook)
  if (!playbook)
    throw new BadRequest('usage', `run ${run.id} is of playbook "${run.playbook}", which is unknown here`)
  const { account, region, partition } = run
  const place = { account, region, partition }
  const warnings: string[] = []
  const session: Session = {
    run,
    ports,
    playbook,
    place,
    reader: ports.aws.reader(place, playbook.reads, (message) => warnings.push(message), roleOf(ports, run)),
    policy: ports.policy,
    attached: 0,
    waited: false,
    resumed: false,
    warnings,
  }
  if (run.undoOf) {
    const original = await ports.store.get(run.undoOf)
    if (!original)
      throw new BadRequest('usage', `run ${run.undoOf}, which ${run.id} undoes, is not in this store`)
    session.original = ownPart(playbook, original)
  }
  return session
}

/** Where roles are assumed, each run looks in a session of its own; elsewhere the looks of all runs are joined. */
function roleOf({ waker }: EnginePorts, { id }: Run): RoleSession | undefined {
  return waker && { name: id }
}
