import type { Permit } from '../../state-machines/effects.ts'
import type { Severity, Source } from '../findings/finding.ts'
import type { ManagerKind } from '../playbook/managed-by.ts'
import type { Mode, Tags } from '../playbook/playbook.ts'
import type { ApprovalTerms, Person } from '../run/run.ts'
import type { ToldDetector } from '../run/told-detector.ts'

/** A condition on severity: exactly one, several, or at least. */
export type SeverityCondition = Severity[] | { atLeast: Severity }

/** All conditions must hold; each holds when one of its values does. */
export interface When {
  playbook?: string[]
  source?: Source[]
  type?: string[]
  severity?: SeverityCondition
  account?: string[]
  region?: string[]
  /** Patterns: see `resource-patterns.ts`. */
  resource?: string[]
  tags?: Record<string, string[]>
  /** Who else manages the resource, by the tags that they leave. */
  managedBy?: ManagerKind[]
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

/** The policy file, checked and normalised: lists everywhere, durations ISO 8601. */
export interface Policy {
  version: 1
  rules: Rule[]
  exemptions: Exemption[]
  never: { addresses: string[]; resources: string[] }
  /** What rules of AWS Config are, in the order of the file. */
  configRules: ConfigRuleSaid[]
  /** The detectors that are told what became of their findings; empty: none. */
  tell: ToldDetector[]
  /** Absent: the policy knows no Slack. */
  slack?: SlackOfPolicy
  /** Absent: nobody is known to be one person by several identities. */
  people?: Person[]
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

/**
 * A policy with where it came from. `deployed`: whoever is told of its rules does not have the file. `none`: there is
 * none, or (with the reason) none that can be used.
 */
export type LoadedPolicy =
  | { kind: 'file'; file: string; policy: Policy; deployed?: true }
  | { kind: 'none'; reason?: string }

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
}

/** What the policy says. `undecided`: it asks for tags or a name that were not read. */
export interface Ruling {
  mode: Permit | 'undecided'
  /** While undecided: the rules of which one will decide, `auto by rule 1 (rectify.yaml:4) where tags are …`. */
  between?: string[]
  /** 'rule 2 (rectify.yaml:7)', 'rule 2 (line 7 of the deployed policy: …)', 'undecided: tags', 'no policy file', 'no rule matches', 'exempted by netops until …: public bastion' ... */
  reason: string
  parameters: Record<string, unknown>
  approval: ApprovalTerms
}
