import type { Severity, Source } from '../findings/finding.ts'
import type { Mode, Tags } from '../playbook/playbook.ts'
import type { ApprovalTerms } from '../store/run.ts'

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
  /** Ids or ARN patterns. */
  resource?: string[]
  tags?: Record<string, string[]>
}

export interface Rule {
  when?: When
  mode: Mode
  parameters: Record<string, unknown>
  approval: ApprovalTerms
  /** 1-based line in the file. */
  line: number
}

export interface Exemption {
  /** Id or ARN pattern. */
  resource: string
  playbook?: string[]
  owner: string
  reason: string
  /** ISO 8601 UTC: the exemption ends here. */
  until: string
}

/** The policy file, checked and normalised: lists everywhere, durations ISO 8601. */
export interface Policy {
  version: 1
  rules: Rule[]
  exemptions: Exemption[]
  never: { addresses: string[]; resources: string[] }
  /** What rules of AWS Config are, in the order of the file. */
  configRules: ConfigRuleSaid[]
}

/** The policy's word on the rules of AWS Config that are called so. */
export interface ConfigRuleSaid {
  /** Name; `*` stands for any run of characters. */
  rule: string
  /** SourceIdentifier of the managed rule. */
  identifier: string
}

/** A policy with where it came from. `none`: there is none, or (with the reason) none that can be used. */
export type LoadedPolicy = { kind: 'file'; file: string; policy: Policy } | { kind: 'none'; reason?: string }

/** What a decision is about: one finding on one target for one playbook. */
export interface Subject {
  playbook: string
  source: Source
  type: string
  severity: Severity
  account: string
  region: string
  /** ARN and id of the target. */
  resource: { arn: string; id: string }
  /** Live tags, or 'unread' (triage and first look). */
  tags: Tags | 'unread'
}

/** What the policy says. `undecided`: a rule asks for tags that were not read. */
export interface Ruling {
  mode: Mode | 'exempted' | 'blocked' | 'undecided'
  /** While undecided: the rules of which one will decide, `auto by rule 1 (rectify.yaml:4) where tags are …`. */
  between?: string[]
  /** 'rule 2 (rectify.yaml:7)', 'no policy file', 'no rule matches', 'exempted by netops until …: public bastion' ... */
  reason: string
  parameters: Record<string, unknown>
  approval: ApprovalTerms
}
