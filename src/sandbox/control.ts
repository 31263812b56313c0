/** A machine as Systems Manager sees it, and how it will take to being patched. */
export interface ManagedInstance {
  ping: 'Online' | 'ConnectionLost'
  platform: 'Linux' | 'Windows'
  /**
   * What an Install comes to; `needsReboot`: as long as it may not reboot; `complains`: it installs all, and its
   * command says that it failed.
   */
  patching: 'succeeds' | 'fails' | 'needsReboot' | 'complains'
  patches: PatchCounts
  /** The newest patch operation; absent: never scanned, and so without a patch state. */
  scanned?: PatchOperation
}

export interface PatchCounts {
  installed: number
  missing: number
  failed: number
  pendingReboot: number
  /** Installed and on the rejected list: none where nothing is said. */
  rejected?: number
}

export interface PatchOperation {
  operation: 'Scan' | 'Install'
  /** ms since 1970, UTC. */
  start: number
  end: number
  rebootOption: 'NoReboot' | 'RebootIfNeeded'
}

/** A command that was sent to instances. */
export interface Command {
  id: string
  document: string
  comment: string
  parameters: Record<string, string[]>
  instances: string[]
  timeoutSeconds: number
  /** ms since 1970, UTC. */
  sentAt: number
  /** How long it takes on an instance, ms. */
  takesMs: number
  /** Instances on which it has ended and its effect is written. */
  settled: Map<string, Invocation>
}

/** How a command stands on one instance. */
export interface Invocation {
  status: 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut'
  details: string
  startedAt?: number
  endedAt?: number
}

/** What people and programs have written into a finding of Security Hub, in the names of ASFF. */
export interface FindingUpdate {
  Workflow?: { Status?: string }
  Note?: { Text: string; UpdatedBy: string; UpdatedAt: string }
}

/** A Change Calendar as Systems Manager answers for it, in the names of its API. */
export interface ChangeCalendar {
  State: 'OPEN' | 'CLOSED'
  /** ISO 8601; absent: no event of it changes the state again. */
  NextTransitionTime?: string
}

/** A call that changed something, as it came by. */
export interface MadeChange {
  service: string
  operation: string
  /** As in `AwsRequest`. */
  input: Record<string, unknown>
  account: string
  region: string
  /** ARN of who made it. */
  by: string
  /** ms since 1970, UTC. */
  at: number
}

/** A role that somebody has assumed. */
export interface AssumedRole {
  /** ARN of the role. */
  role: string
  /** ARN of the session. */
  session: string
}

/** A query of logs, answered when it was started. */
export interface AnsweredQuery {
  rows: Record<string, string>[]
  statistics: { recordsMatched: number; recordsScanned: number; bytesScanned: number }
  /** How often it was asked about: the first time it is still running. */
  asked: number
}

/** What the sandbox knows beside the emulator; a test or a demo may change all of it at any time. */
export interface Control {
  /** Web ACL ARN → ARNs of the resources that it protects. Also moved by AssociateWebACL and DisassociateWebACL. */
  associations: Map<string, string[]>
  /** IP set id → 'IPV4' or 'IPV6', as it was created. */
  ipSetVersions: Map<string, string>
  /** Instances that Systems Manager manages, by id. All others are unknown to it. */
  instances: Map<string, ManagedInstance>
  /** Commands sent, oldest first. */
  commands: Command[]
  /** How long a command takes, ms. */
  commandMs: number
  /** How long after it was sent a command shows in lists and can be asked for, ms. */
  listDelayMs: number
  /** EBS block public access by `account/region`. */
  snapshotBlock: Map<string, string>
  /** Block public access for images, the same. */
  imageBlock: Map<string, string>
  /** Whether documents may be shared with everybody, `Enable` or `Disable`, the same; it refuses no share. */
  publicSharing: Map<string, string>
  /** Change Calendars by the ARN of their document; the emulator knows none. */
  calendars: Map<string, ChangeCalendar>
  /** By account, region, product and id of the finding. */
  findingUpdates: Map<string, FindingUpdate>
  /** Access key → account, of sessions that were assumed. */
  sessions: Map<string, string>
  /** Access key → whose session it is. */
  assumed: Map<string, AssumedRole>
  /** What was changed, oldest first: CloudTrail's memory. */
  changes: MadeChange[]
  /** Queries of logs by their ids, and how often each has been asked about. */
  logQueries: Map<string, AnsweredQuery>
  /** ms since 1970, UTC: the sandbox's clock for commands and patches. */
  now(): number
  /** Brings commands and patch states up to the clock. */
  settle(): void
  /** Back to how it was at the start. */
  reset(): void
}
