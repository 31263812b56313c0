import type { ApiCall } from '../playbook/api.ts'
import type { Reader } from '../playbook/playbook.ts'
import type { Permission } from '../playbook/step.ts'
import type { Services } from './services.ts'

/** Whose resources, where. */
export interface Place {
  account: string
  region: string
  partition: string
}

export interface Identity {
  account: string
  /** IAM ARN of the caller, as STS gives it. */
  arn: string
  partition: string
}

export interface CallOptions {
  /** Attempts, the first one included; default as in `ClientOptions`. */
  attempts?: number
  /** Sends the call with `DryRun: true`; see `Services.dryRunnable`. */
  dryRun?: boolean
  /** Ends the call, sent or waiting. */
  signal?: AbortSignal
  /** From here on no attempt starts, though one that is on its way goes on; not after `signal`. */
  startBy?: AbortSignal
  /** For which run something is changed, where roles are assumed: a session per run. */
  session?: RoleSession
}

/** The session in which a run changes something: its name, and what it may do at most. Without permissions it may nothing. */
export interface RoleSession {
  /** Run id. */
  name: string
  permissions?: Permission[]
}

/** All that the engine wants of AWS. Errors are `AwsError`. */
export interface Aws {
  /** What is known of the services that it calls. */
  readonly services: Services
  /** `sts:GetCallerIdentity`, once per process. */
  identity(): Promise<Identity>
  /** Whether calls for this account can be sent: the caller's own, or one for which a role is configured. */
  reaches(account: string): Promise<boolean>
  /**
   * Who would make a change in this account: ARN of an IAM role or user, or of the caller's session as STS gives it.
   * @throws AwsError, code `NoRole`, where no role is configured for it
   */
  changesAs(account: string): Promise<string>
  /** The reading port for a playbook; refuses what `reads` does not list. */
  reader(place: Place, reads: string[], warn: (warning: string) => void): Reader
  /** Sends a call as it stands. */
  send(place: Place, call: ApiCall, options?: CallOptions): Promise<Record<string, unknown>>
}
