import { resolve } from 'node:path'
import type { Run } from '../../run/run.ts'
import type { Job } from '../jobs/jobs.ts'
import type { EnginePorts, Intent } from '../ports.ts'
import { iso } from './facts.ts'
import { begin, stored } from './machine.ts'

/** A run that has not been stored yet, for a job. */
export async function newRun(ports: EnginePorts, job: Job, intent: Intent): Promise<Run> {
  const [finding] = job.findings
  const { account, partition } = finding!
  const region = job.target.region ?? finding!.region
  const { policy } = ports
  return {
    ...blankRun(ports, {
      playbook: job.playbook.id,
      target: job.target,
      place: { account, region, partition },
      findings: job.findings,
      intent,
      undo: false,
    }),
    ...(policy.kind === 'file' && { policyFile: policy.deployed ? policy.file : resolve(policy.file) }),
    ...(policy.kind === 'file' && policy.policy.tell.length > 0 && { tell: policy.policy.tell }),
    requestedBy: (await ports.aws.identity()).arn,
  }
}

/** A run of which nothing has happened yet. */
export function blankRun(
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
