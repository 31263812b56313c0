import { durationMs } from '../../policy/written-durations.ts'
import type { Run } from '../../run/run.ts'
import type { EnginePorts } from '../ports.ts'
import { blankRun } from './new-run.ts'

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
