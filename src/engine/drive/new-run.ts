import { resolve } from 'node:path'
import { durationMs } from '../../policy/written-durations.ts'
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

/** How a run is taken back. */
export interface UndoOptions {
  /** How long its key is left alone afterwards: ISO 8601 duration. */
  restFor?: string
  /** ARN of who asked for it, where that is not the caller. */
  by?: string
  /** Id of the undo, so that the same request coming twice is one run. */
  as?: string
  /** A timer asked for it: time-boxed entries are over. */
  expiry?: true
  /** Only these entries of its set, whoever holds them. */
  unblocks?: string[]
}

/**
 * A run that undoes another one: same key, same resource, the parameters, the policy file, the terms of approval and the
 * detectors of the first, so that the same people are asked and the same detectors are told.
 */
export async function newUndo(ports: EnginePorts, original: Run, options: UndoOptions): Promise<Run> {
  const { account, region, partition, parameters, policyFile, approval, name, tell } = original
  const { restFor, by, as, expiry, unblocks } = options
  return {
    ...blankRun(ports, {
      playbook: original.playbook,
      target: original.target,
      place: { account, region, partition },
      findings: original.findings,
      intent: 'apply',
      undo: true,
    }),
    ...(as !== undefined && { id: as }),
    undoOf: original.id,
    parameters,
    requestedBy: by ?? (await ports.aws.identity()).arn,
    ...(policyFile !== undefined && { policyFile }),
    ...(name !== undefined && { name }),
    ...(approval && { approval }),
    ...(tell && { tell }),
    ...(restFor !== undefined && { restFor: durationMs(restFor) }),
    ...(expiry && { expiry }),
    ...(unblocks && { unblocks }),
  }
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
