import { nameOfRule } from '../../engine/jobs/known-rules.ts'
import type { Finding, ParseResult, Rejection } from '../../findings/finding.ts'
import { targetOf } from '../../playbook/resource/target.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { decide, strictest } from '../../policy/decide.ts'
import { ruleByPolicy } from '../../policy/rule-by-policy.ts'
import type { LoadedPolicy, Ruling, Subject } from '../../policy/rules.ts'
import { type Answering, answering, rememberedAnswerers } from './answering.ts'

export interface TriagedAction {
  playbook: string
  mode: Ruling['mode']
  reason: string
  /** While undecided: the rules of which one will decide. */
  between?: string[]
}

export interface TriagedFinding {
  id: string
  source: Finding['source']
  /** Who passed it on for the source. */
  via?: Finding['via']
  type: string
  severity: Finding['severity']
  status: Finding['status']
  account: string
  region: string
  resources: { type: string; id: string }[]
  /** Id of the attack sequence or incident that it is part of. */
  incident?: string
  actions: TriagedAction[]
  /** Why there are no actions; only then. */
  ignored?: string
  /** What only AWS could say, which triage does not ask, and which may change the actions: a sentence. */
  unknown?: string
}

export interface Triage {
  findings: TriagedFinding[]
  rejected: Rejection[]
}

/**
 * Says of a finding which playbooks answer it, and what the policy says about each, without a look at AWS: a rule that
 * asks for tags leaves it undecided. Pure.
 */
export type TriageOne = (finding: Finding) => TriagedFinding

/**
 * @param now ms since 1970, UTC
 * @param only the one playbook to ask about, when a person named it
 */
export function triaging(
  playbooks: readonly PlaybookHead[],
  policy: LoadedPolicy,
  now: number,
  only?: string,
): TriageOne {
  const ask = rememberedAnswerers()
  return (given) => {
    const finding = bySaid(given, policy)
    const {
      playbooks: ids,
      ignored,
      unknown,
    }: Answering = only ? { playbooks: [only] } : answering(finding, playbooks, ask)
    const able = playbooks.filter(({ id }) => ids.includes(id))
    const { id, source, via, type, severity, status, account, region, resources, evidence } = finding
    return {
      ...{ id, source, ...(via && { via }), type, severity, status, account, region },
      resources: resources.map((each) => ({ type: each.type, id: each.id })),
      ...(evidence.group !== undefined && { incident: evidence.group }),
      actions: able.map((playbook) => action(finding, playbook, policy, now)),
      ...(ignored !== undefined && { ignored }),
      ...(unknown !== undefined && { unknown }),
    }
  }
}

/** The same of all findings at once, beside what could not be read. */
export function triageJson({ findings, rejected }: ParseResult, ...by: Parameters<typeof triaging>): Triage {
  return { findings: findings.map(triaging(...by)), rejected }
}

/** The finding with what the policy says that its rule is. */
export function bySaid(finding: Finding, policy: LoadedPolicy): Finding {
  const name = nameOfRule(finding)
  const said = name === undefined ? undefined : ruleByPolicy(policy, name)
  return said === undefined ? finding : { ...finding, type: said }
}

/** One playbook can have several targets for a finding; what is shown is the strictest ruling over them. */
function action(finding: Finding, playbook: PlaybookHead, policy: LoadedPolicy, now: number): TriagedAction {
  const { mode, reason, between } = strictest(
    likelySubjects(finding, playbook).map((subject) => decide(policy, subject, now)),
  )
  return { playbook: playbook.id, mode, reason, ...(between && { between }) }
}

/** What a policy is asked about a finding that a playbook answers, as far as the finding itself tells. */
export function likelySubjects(finding: Finding, playbook: PlaybookHead): Subject[] {
  const { source, type, severity, account, region, observedAt: reportedAt } = finding
  const about = { playbook: playbook.id, source, type, severity, account, region, reportedAt }
  return likelyTargets(finding, playbook).map((resource) => ({ ...about, resource, tags: 'unread' }))
}

/** Which targets a playbook has is only certain after it has read AWS; these are what the finding itself names. */
function likelyTargets(finding: Finding, playbook: PlaybookHead): Subject['resource'][] {
  const groups = (finding.evidence.groups ?? []).map((id) => ({
    type: 'AWS::EC2::SecurityGroup',
    id,
    arn: undefined,
  }))
  const fitting = [...finding.resources, ...groups].filter(({ type }) => type === playbook.resource)
  const none = playbook.nameOf === undefined ? { name: null } : {}
  const targets = fitting.map(({ id, arn }) => {
    // What a form leaves open its id does not tell: there the finding's own words stand.
    if (playbook.arn.includes('*')) return { arn: arn ?? id, id, ...none }
    const target = targetOf(playbook, arn ?? id, finding)
    return { arn: target.resource, id: target.id, ...none }
  })
  const own = finding.resources.map(({ id, arn }) => ({ arn: arn ?? id, id, ...none }))
  return targets.length > 0 ? targets : own.length > 0 ? own.slice(0, 1) : [{ arn: '', id: '', ...none }]
}
