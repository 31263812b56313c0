import type { ApiCall } from '../../playbook/api.ts'
import type { AwsError, AwsErrorKind } from '../../playbook/aws-error.ts'
import type { Json } from '../../playbook/json.ts'
import type { StepResult } from '../../run/run.ts'
import type { Drive } from '../drive/drive.ts'

/** What is noted of a step that took effect. */
export type Applied = Pick<StepResult, 'status' | 'knownBy' | 'detail'>

/**
 * What a refusal comes to of which it is sure that nothing was changed: it stands; the call is sent again; it stands
 * unless the resource is gone; or the live resource has to say, because there may be nothing to do.
 */
export type AfterRefusal = 'stands' | 'again' | 'standsUnlessGone' | 'readBack'

/** What the live resource says of a step; `todo` comes with the call for what is left. */
export type ReadBack =
  | { kind: 'done'; result: Applied }
  | { kind: 'gone' }
  | { kind: 'conflict' }
  | { kind: 'todo'; call: ApiCall }
  /** Neither the answer of its call nor the live resource can be had: it may have taken effect. */
  | { kind: 'inDoubt'; error: AwsError }

/** How a step of one kind is sent, read back and rehearsed. A fifth kind is a file here and a line in `changeOf`. */
export interface Change {
  /**
   * Sends the step's call, or what is left of it. Errors: `AwsError`, `LeaseOver`, `EndOfInvocation`.
   * @returns what is noted of it
   */
  send(drive: Drive, call: ApiCall): Promise<Applied>
  /** What the live resource, or what was started, says of the step now. Errors: `AwsError`, `EndOfInvocation`. */
  readBack(drive: Drive): Promise<ReadBack>
  afterRefusal(kind: AwsErrorKind): AfterRefusal
  /** Whether AWS can be asked to only check the call. */
  isCheckable(drive: Drive): boolean
  /** What is noted beside the doubt of a step that may have taken effect: enough to undo it. */
  detailInDoubt(): { detail?: Json }
  /**
   * What its result remembers when somebody else did a part of it; nothing when all of it is ours.
   * @param call the call that took effect or may have; undefined when none did
   */
  shares(call: ApiCall | undefined): { detail?: Json }
  /** Seconds until what it started must have ended; undefined where it starts nothing. */
  settlesWithin?: number
}
