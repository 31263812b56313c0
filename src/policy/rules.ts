import type { Permit } from '../../state-machines/effects.ts'
import type { Severity, Source } from '../findings/finding.ts'
import type { ManagerKind } from '../playbook/managed-by.ts'
import type { Mode, Tags } from '../playbook/playbook.ts'
import type { DecidedBy } from '../run/decided-by.ts'
import type { ApprovalTerms, Person, PolicyVersion } from '../run/run.ts'
import type { ToldDetector } from '../run/told-detector.ts'
import type { AdviseCriteria } from './advise/criteria.ts'

/** A condition on severity: exactly one, several, or at least. */
export type SeverityCondition = Severity[] | { atLeast: Severity }

/** How long ago a finding was reported: ISO 8601 durations, at least one of them. */
export interface AgeCondition {
  atLeast?: string
  atMost?: string
}

/** All conditions must hold; each holds when one of its values does. */
export interface Conditions {
  /** Ids: the patterns of the file are filled in. */
  playbook?: string[]
  source?: Source[]
  type?: string[]
  severity?: SeverityCondition
  account?: string[]
  /** Patterns. */
  region?: string[]
  /** Patterns: see `resource-patterns.ts`. */
  resource?: string[]
  /** Keys, and patterns for their values. */
  tags?: Record<string, string[]>
  /** Who else manages the resource, by the tags that they leave. */
  managedBy?: ManagerKind[]
  /** Ids of units or roots of the organisation: the account is in one of them, however deep. */
  ou?: string[]
  /** Of the account in the organisation; as `tags`. */
  accountTags?: Record<string, string[]>
  /** Whether everybody can reach the resource. */
  reachable?: boolean
  age?: AgeCondition
}

/** `not`: its conditions do not all hold. */
export interface When extends Conditions {
  not?: Conditions
}

export interface Rule {
  when?: When
  mode: Mode
  parameters: Record<string, unknown>
  approval: ApprovalTerms
  /** 1-based line in the file. */
  line: number
  /** The rule on one line, as it is written there; for readers who do not have the file. */
  text: string
}

export interface Exemption {
  /** Pattern: see `resource-patterns.ts`. */
  resource: string
  playbook?: string[]
  owner: string
  reason: string
  /** ISO 8601 UTC: the exemption ends here. */
  until: string
  /** 1-based line in the file. */
  line: number
}

/** The runs that a freeze does not hold. */
export interface FreezeException {
  severity?: SeverityCondition
}

/** Days of the week from Monday, which is 1, as ISO 8601 counts them. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** From a time of some days to a time of the same day or, where that is not later, of the day after. */
export interface WeeklyWindow {
  days: Weekday[]
  /** Minutes since midnight on the clock of the zone; `to` at most 1440. */
  from: number
  to: number
}

interface Frozen {
  name: string
  except?: FreezeException
  /** 1-based line in the file. */
  line: number
}

/** From one moment to another, ISO 8601 UTC; the end is not part of it. */
export interface DatedFreeze extends Frozen {
  kind: 'dated'
  from: string
  to: string
}

/** Every week, by the clock of an IANA time zone. */
export interface WeeklyFreeze extends Frozen {
  kind: 'weekly'
  windows: WeeklyWindow[]
  zone: string
}

/** While an SSM Change Calendar is closed, which has to be asked. */
export interface CalendarFreeze extends Frozen {
  kind: 'calendar'
  /** ARN or name of the document. */
  calendar: string
}

export type Freeze = DatedFreeze | WeeklyFreeze | CalendarFreeze

/** How often something may be, within the time before; ISO 8601 duration. */
export interface Rate {
  times: number
  within: string
}

/** How much may be changed; what is absent is not limited. Durations are ISO 8601. */
export interface Limits {
  changesPerHour?: number
  changesPerAccountPerHour?: number
  changesPerPlaybookPerHour?: number
  /** Interfaces or principals that one run may affect. */
  affected?: number
  /** Runs that may change something at once. */
  atOnce?: number
  /** How often one playbook may be tried on one resource. */
  attempts?: Rate
  /** How often the same fix may be made on one resource, which somebody undid each time. */
  fights?: Rate
  /** After so many failures of a playbook it rests, and one run tries again after `retryAfter`. */
  breaker?: { failures: number; within: string; retryAfter: string }
}

/** Fixes that were undone, where the policy gives no number: counted by whoever does not limit them himself. */
export const DEFAULT_FIGHTS: Rate = { times: 5, within: 'P1D' }

/** What is never blocked (addresses) and never changed, whatever the rules say. */
export interface NeverLists {
  /** CIDR ranges. */
  addresses: string[]
  /** Patterns: see `resource-patterns.ts`. */
  resources: string[]
  /** Roles and users of IAM: ARN patterns, or patterns for names. */
  roles: string[]
  accounts: string[]
}

/** The policy file, checked and normalised: lists everywhere, durations ISO 8601. */
export interface Policy {
  version: 1
  rules: Rule[]
  exemptions: Exemption[]
  freezes: Freeze[]
  limits: Limits
  never: NeverLists
  /** What rules of AWS Config are, in the order of the file. */
  configRules: ConfigRuleSaid[]
  /** The detectors that are told what became of their findings; empty: none. */
  tell: ToldDetector[]
  /** Absent: the policy knows no Slack. */
  slack?: SlackOfPolicy
  /** Absent: nobody is known to be one person by several identities. */
  people?: Person[]
  /** When `policy advise` proposes another mode; absent: as `DEFAULT_CRITERIA` has it. */
  advise?: AdviseCriteria
  /** In S3: a version that lets more be done has to say which one it follows. */
  protect?: true
}

/** Slack, as far as the policy speaks of it. */
export interface SlackOfPolicy {
  /** Id of the workspace whose members may decide. */
  workspace: string
  /** Who may resume from Slack: Slack ids and names of people. Anybody of the workspace may pause. */
  operators?: string[]
}

/** The policy's word on the rules of AWS Config that are called so. */
export interface ConfigRuleSaid {
  /** Name; `*` stands for any run of characters. */
  rule: string
  /** SourceIdentifier of the managed rule. */
  identifier: string
}

/** A policy with where it came from. `deployed`: whoever is told of its rules does not have the file. */
export interface PolicyFromFile {
  kind: 'file'
  file: string
  policy: Policy
  deployed?: true
  version?: PolicyVersion
}

/** `none`: there is none, or (with the reason) none that can be used. */
export type LoadedPolicy = PolicyFromFile | { kind: 'none'; reason?: string }

/** What a decision is about: one finding on one target for one playbook. */
export interface Subject {
  playbook: string
  source: Source
  type: string
  severity: Severity
  account: string
  region: string
  /** ARN and id of the target, and its own name: null where its kind has none, absent where it was not read. */
  resource: { arn: string; id: string; name?: string | null }
  /** Live tags, or 'unread' (triage, before the first look, and where it could not read them). */
  tags: Tags | 'unread'
  /** Where the account stands in its organisation; absent and 'unread' are one. */
  organization?: InOrganization | 'unread'
  /** Whether everybody can reach the resource; absent and 'unread' are one. */
  reachable?: boolean | 'unread'
  /** When the finding was reported, ISO 8601; absent where nobody says so. */
  reportedAt?: string
}

/** An account in its organisation, as far as it was read. */
export interface InOrganization {
  /** Ids from the root to the unit that the account is in; empty for an account of no organisation. */
  path: readonly string[] | 'unread'
  tags: Tags | 'unread'
}

/** What a policy may ask for and nobody may have read, as its conditions call it; `name` is that of the resource. */
export type Unread = 'tags' | 'name' | 'ou' | 'accountTags' | 'reachable' | 'age'

/** What will decide once all is known, and how. */
export interface MayDecide {
  mode: Ruling['mode']
  by?: DecidedBy
  /** Under what it does, in words: `tags are environment prod`. */
  where?: string
  /** All of it: `auto by rule 1 (rectify.yaml:4) where tags are environment prod`. */
  text: string
}

/** What the policy says. `undecided`: it asks for what was not read. */
export interface Ruling {
  mode: Permit | 'undecided'
  /** While undecided: what the first rule that may decide asks for, and `never` and exemptions. */
  unread?: readonly Unread[]
  /** While undecided: what will decide, one of these. */
  between?: MayDecide[]
  /** What it goes by; absent where nothing does, as without a policy or a rule that matches. */
  by?: DecidedBy
  /** 'rule 2 (rectify.yaml:7)', 'rule 2 (line 7 of the deployed policy: …)', 'undecided: tags', 'no policy file', 'no rule matches', 'exempted by netops until …: public bastion' ... */
  reason: string
  parameters: Record<string, unknown>
  approval: ApprovalTerms
}
