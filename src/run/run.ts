import type { HoldingRail, Outcome, Permit } from '../../state-machines/effects.ts'
import type { Finding } from '../findings/finding.ts'
import type { Json } from '../playbook/json.ts'
import type { Traffic } from '../playbook/network/traffic.ts'
import type { Plan } from '../playbook/plan.ts'
import type { Mode, Target } from '../playbook/playbook.ts'
import type { DecidedBy } from './decided-by.ts'
import type { MissingPermission } from './rehearsed/missing-permission.ts'
import type { Twin } from './rehearsed/twin.ts'
import type { ToldDetector } from './told-detector.ts'

export type { Outcome } from '../../state-machines/effects.ts'

export type RunState = 'open' | 'waiting' | 'closed'
export type WaitingFor = 'approval' | 'lock' | 'settling' | HoldingRail

/** A guard rail that holds a run, and why. */
export interface Hold {
  rail: HoldingRail
  /** One line for a person: who or what holds it. */
  reason: string
  /** ISO 8601 UTC: when it ends by itself; absent where nobody knows. */
  until?: string
  /** Of a limit: the scope that is used up; of a pause, a breaker, a calendar: what it is about. */
  scope?: string
}

/** Outcomes after which the hole may still be open. */
export const WENT_WRONG: readonly (Outcome | null)[] = ['failed', 'unverified', 'rolledBack']

/** What AWS can be asked about a call without making it. */
export type CheckName = 'DryRun' | 'SimulatePrincipalPolicy' | 'ValidatePolicy' | 'CheckNoPublicAccess'

/** How often what was read: by region, by IAM action. */
export type Reads = Record<string, Record<string, number>>

/** What a look asked of AWS, each read counted once, whether it was joined with those of other runs or not. */
export interface LookReads {
  /** All of it. */
  look: Reads
  /** Of it what the playbook read of the resource itself: a proof reads that again, at most. */
  proof: Reads
}

/** Answers by which a check says no. */
export const DENIED_STATUSES: readonly StepResult['status'][] = ['dryRunDenied', 'simulatedDenied']

/** A step has one, but in a rehearsal: there it has one of each check that was asked about it. */
export interface StepResult {
  step: string
  status:
    | 'applied'
    | 'alreadyDone'
    | 'dryRunOk'
    | 'dryRunDenied'
    | 'simulatedOk'
    | 'simulatedDenied'
    | 'notCheckable'
    | 'failed'
    | 'undone'
    | 'skipped'
  /** Why we believe it: 'answer' (AWS said so), 'readBack' (seen live), 'mark' (found by its mark), 'inDoubt' (we do not know) ... */
  knownBy?: string
  /** What the call answered that matters later (CommandId, entries that were ours ...). */
  detail?: Json
  error?: StepError
  /** Of a check: which one it was. */
  by?: CheckName
  /** Of a check that says no: what the principal lacks. */
  missing?: MissingPermission[]
  /** Of a check: why nobody can tell, or what is to be known beside its answer; for a person. */
  why?: string
  /** ISO 8601 UTC. */
  at?: string
}

/** Whether a step changed something, or may have: its answer was lost and the resource could not be read since. */
export function mayHaveChanged({ status, knownBy }: StepResult): boolean {
  return status === 'applied' || status === 'alreadyDone' || knownBy === 'inDoubt'
}

export interface StepError {
  /** AwsErrorKind or the error's name. */
  name: string
  /** The service's code. */
  code: string
  /** IAM action. */
  action?: string
  /** Who was denied: ARN. */
  principal?: string
  message?: string
}

/** The terms under which a person decides. */
export interface ApprovalTerms {
  /** Id of the Slack channel (`C…`, `G…`) in which people are asked and told; absent: Slack is not told. */
  channel?: string
  /** Slack ids, IAM ARN patterns and names of `people`; absent: anybody may decide. */
  approvers?: string[]
  quorum: number
  /** ISO 8601 duration. */
  expiresAfter: string
  onExpiry: 'decline'
  /** Who may decide besides, once so much time has passed; in the order of time. */
  escalate?: Escalation[]
  /** Whether people are reminded at half of the time and in its last tenth; absent: they are. */
  remind?: boolean
  /** Id of the Slack workspace whose members may decide (`slack.workspace` of the policy). */
  workspace?: string
  /** Who is one person, however she speaks (`people` of the policy). */
  people?: Person[]
}

/** A further level of approvers. */
export interface Escalation {
  /** ISO 8601 duration since it was asked. */
  after: string
  /** As `ApprovalTerms.approvers`. */
  approvers: string[]
}

/** One person, by her Slack user and by IAM. */
export interface Person {
  name: string
  /** Slack user id (`U…`, `W…`). */
  slack?: string
  /** IAM ARN patterns. */
  iam?: string[]
}

export interface Decision {
  /** `exempt`: declined, and not asked again before `until`. */
  verdict: 'approve' | 'decline' | 'exempt'
  /** ARN of the IAM identity, or `slack:WORKSPACE:USER` (see `identity.ts`). */
  by: string
  /** Name of the person where the terms' `people` know one: what counts as one where people are counted. */
  person?: string
  /** The entries of the terms' approvers by which a Slack user was admitted; absent for IAM identities. */
  as?: string[]
  /** ISO 8601 UTC. */
  at: string
  /** The hash that was decided about. */
  hash: string
  /** The round in which it was made, filled in by the store: a new round voids it. */
  round?: number
  reason?: string
  /** Of an exemption: ISO 8601 UTC. */
  until?: string
}

/** What has been said of a wait for approval since it began. */
export interface Asked {
  /** ISO 8601 UTC: when this round was asked. */
  at: string
  /** The reminder that was given last. */
  reminded?: 'half' | 'lastTenth'
  /** How many levels of `ApprovalTerms.escalate` are open. */
  level: number
}

/** Who last gave a resource the tag by which its owner made the policy stricter, as far as CloudTrail tells. */
export interface TagChange {
  /** Its key. */
  tag: string
  /** Who: an ARN, and by which call, when (ISO 8601 UTC). */
  by?: string
  event?: string
  at?: string
  /** The service of AWS that called on somebody's behalf. */
  via?: string
  /** Why it is not told. A sentence. */
  unknown?: string
}

/** Which text of a policy decided. */
export interface PolicyVersion {
  /** Of the file's bytes, `sha256:…`. */
  sha256: string
  /** Where the policy lies in S3: the id of the object's version. */
  s3Version?: string
}

/** One playbook on one target, for one or more findings, from start to outcome. Plain JSON. */
export interface Run {
  /** ULID. */
  id: string
  /** Raised by one with each commit; 0 = never stored. */
  revision: number
  undoOf?: string
  /** An undo that a timer asked for (time-boxed blocks). */
  expiry?: boolean
  /** An undo of these entries of its set, whoever holds them. */
  unblocks?: string[]
  playbook: string
  target: Target
  /** What the resource is called, as the last look read it: its own name, else its tag `Name`. */
  name?: string
  /** ARN, = target.resource. */
  resource: string
  key: string
  account: string
  region: string
  partition: string
  findings: Finding[]
  /** What was asked for: a plan, a rehearsal, or the real thing. */
  intent: 'plan' | 'rehearse' | 'apply'
  mode: Mode | null
  reason: string
  /**
   * What the policy said of it last, the plan's cautions heard, whatever was asked for and however it ended; `reason`
   * names the rule.
   */
  ruling?: {
    mode: Permit | 'undecided'
    reason: string /** Absent in runs of before, too. */
    by?: DecidedBy
  }
  /** Of the tag that exempts its resource or made the policy stricter; for a person to read. */
  tagChange?: TagChange
  parameters: Json
  /** The detectors that are told how it ended (`tell` of the policy); absent: none. */
  tell?: ToldDetector[]
  /** Absolute path of the policy file that decided it. */
  policyFile?: string
  /** Which text of it decided last. */
  policyVersion?: PolicyVersion
  approval?: ApprovalTerms
  /** How far people have been asked in this round, beyond the first time. */
  asked?: Asked
  /** Decisions of the current round and before. */
  decisions: Decision[]
  /** Raised when it is planned and asked again. */
  round: number
  plan: Plan | null
  /** What a person must do, where no program should: in this order. */
  advice?: string[]
  results: StepResult[]
  /** What was odd about its end, though it ended well: a command that says it failed where the live state is right. */
  warnings?: string[]
  /** Time-boxed entries that were there already at the last look: held by this run too, if they are ours. */
  timeBoxes?: { entries: string[]; expiresAfter: string }
  state: RunState
  waitingFor?: WaitingFor
  /** ISO 8601 UTC: when the wait ends by itself. */
  waitingUntil?: string
  /** The guard rail that holds it. */
  heldBy?: Hold
  /** Of a rehearsal: the guard rail that would have held the real thing just then. */
  wouldHold?: Hold
  /** Of a rehearsal: what flow logs say of the traffic that its plan would cut off; absent where nobody asked. */
  traffic?: Traffic
  /** Of a rehearsal: what its look read, by which is reckoned what the real thing would read. */
  reads?: LookReads
  /** Of a rehearsal with twins: what became of its plan on a copy of its resource. */
  twin?: Twin
  outcome: Outcome | null
  /** Machine id, version and persisted snapshot. */
  machine: { id: string; version: number; snapshot: Json }
  /** The states of the machine in which it was, in their order; of a long way the end. */
  path?: string[]
  /** ISO 8601 UTC of the last full look. */
  lookedAt?: string
  /** ISO 8601 UTC of the re-read that proved the outcome. */
  verifiedAt?: string
  /** ISO 8601 UTC of the write-ahead: no change was sent before. */
  changedAt?: string
  startedAt: string
  endedAt?: string
  undoneBy?: string
  /** ms that an undo shall hold its key, so that the detector's next event does not close it again at once. */
  restFor?: number
  /** How often it was taken up again after its driver died. */
  wakeUps?: number
  /**
   * An `undone` run, and one about a part of its resource that a person `exempted`, holds its key until then, ISO 8601
   * UTC.
   */
  restUntil?: string
  /** The IAM identity that asked for it. */
  requestedBy?: string
}

export interface AuditEntry {
  /** ISO 8601 UTC. */
  at: string
  /** The state that was stored ('asking', 'queued', 'applying', 'settling', 'closed'), 'resumed', 'handedOn', 'reminded' or 'escalated'. */
  event: string
  /** Who or what did it. */
  by?: string
  detail?: Json
}
