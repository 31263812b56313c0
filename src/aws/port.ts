import type { ApiCall } from '../playbook/api.ts'
import type { Reader } from '../playbook/playbook.ts'

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
  /** Attempts, the first one included; default the SDK's adaptive retries with our cap. */
  attempts?: number
  /** Sends the call with `DryRun: true`; see `dryRunnable`. */
  dryRun?: boolean
  signal?: AbortSignal
}

/** All that the engine wants of AWS. Errors are `AwsError`. */
export interface Aws {
  /** `sts:GetCallerIdentity`, once per process. */
  identity(): Promise<Identity>
  /** The reading port for a playbook; refuses what `reads` does not list. */
  reader(place: Place, reads: string[], warn: (warning: string) => void): Reader
  /** Sends a call as it stands. */
  send(place: Place, call: ApiCall, options?: CallOptions): Promise<Record<string, unknown>>
  /** Whether the operation knows DryRun. */
  dryRunnable(call: ApiCall): boolean
}
