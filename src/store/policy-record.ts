/** A version of the policy that lies in S3, as it was read. */
export interface StoredVersion {
  /** Id of the object's version; `null` where its bucket keeps none. */
  s3Version: string
  /** Of its bytes. */
  sha256: string
}

/** What is remembered of a policy in S3, beyond the life of a function. */
export interface PolicyRecord {
  /** Raised by one with each write; 0: never stored. */
  revision: number
  /** The version in force; absent: none was ever good. */
  inForce?: StoredVersion & { protect: boolean }
  /** The newest version, where it was refused. */
  refused?: StoredVersion & { reason: string; at: string }
}

/** Where it is remembered which version of a policy is in force. */
export interface PolicyRecords {
  /** Strongly read. */
  read(): Promise<PolicyRecord>
  /**
   * Stores a record that was read under `revision`, as the next one.
   * @returns false where another was stored since
   */
  write(record: PolicyRecord): Promise<boolean>
}
