import type { PolicyFromFile } from '../../policy/rules.ts'
import type { PolicyRecords } from '../../store/policy-record.ts'
import type { PolicyObject } from './s3-object.ts'

/** What it takes to know which version of a policy in S3 is in force. */
export interface PolicyInForcePorts {
  object: PolicyObject
  records: PolicyRecords
  clock: { now(): number }
  /** Reads and checks a text; throws `PolicyError` for one that is wrong. */
  load(text: string, version: NonNullable<PolicyFromFile['version']>): Promise<PolicyFromFile>
  /** The newest version is not in force: told at each look that finds it so. */
  refused(version: string, reason: string): void
  warn(message: string): void
}
