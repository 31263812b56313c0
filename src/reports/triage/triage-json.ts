import { nameOfRule } from '../../engine/jobs/known-rules.ts'
import type { Finding, ParseResult, Rejection } from '../../findings/finding.ts'
import type { Tags } from '../../playbook/playbook.ts'
import { targetOf } from '../../playbook/resource/target.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { tagPlacesOf } from '../../policy/conditions/tag-places.ts'
import { decide, strictest } from '../../policy/decide.ts'
import { withOwnTags } from '../../policy/exemptions/own-tags.ts'
import { ruleByPolicy } from '../../policy/rule-by-policy.ts'
import type { InOrganization, LoadedPolicy, Ruling, StandsIn, Subject } from '../../policy/rules.ts'
import type { DecidedBy } from '../../run/decided-by.ts'
import { type Answering, answering, rememberedAnswerers } from './answering.ts'

export interface TriagedAction {
  playbook: string
  mode: Ruling['mode']
  reason: string
  /** What it goes by, where that is one thing. */
  by?: DecidedBy
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

/** What a look at the live resource gave, where somebody says it. */
export interface Seen {
  /** Several bags where a run is about several resources: the strictest ruling counts. */
  tags?: Tags[]
  /** Null: it has none. */
  name?: string | null
  /** Where its account stands. */
  organization?: InOrganization
  /** Tags of what the resource stands in. */
  standsIn?: StandsIn
  /** Whether everybody can reach the resource. */
  reachable?: boolean
}

/**
 * @param now ms since 1970, UTC
 * @param only the one playbook to ask about, when a person named it
 * @param seen left out, nobody has looked
 */
export function triaging(
  playbooks: readonly PlaybookHead[],
  policy: LoadedPolicy,
  now: number,
  only?: string,
  seen?: Seen,
): TriageOne {
  const take = taking(playbooks, policy, only)
  return (given) => {
    const { finding, able, ignored, unknown } = take(given)
    const { id, source, via, type, severity, status, account, region, resources, evidence } = finding
    // In the order in which it is written; with more parts at once TypeScript would no longer look at them.
    const about = Object.assign(
      via === undefined ? { id, source } : { id, source, via },
      { type, severity, status, account, region },
      { resources: resources.map((each) => ({ type: each.type, id: each.id })) },
      evidence.group !== undefined && { incident: evidence.group },
    )
    return Object.assign(
      about,
      { actions: able.map((playbook) => action(finding, playbook, policy, now, seen)) },
      ignored !== undefined && { ignored },
      unknown !== undefined && { unknown },
    )
  }
}

/** A finding as a policy takes it, and who acts on it. */
export interface Taken {
  /** Its type is what the policy says that its rule is. */
  finding: Finding
  able: PlaybookHead[]
  ignored: Answering['ignored']
  unknown: Answering['unknown']
}

/** Says of findings who takes them on under a policy. */
export function taking(
  playbooks: readonly PlaybookHead[],
  policy: LoadedPolicy,
  only?: string,
): (given: Finding) => Taken {
  const ask = rememberedAnswerers()
  return (given) => {
    const finding = bySaid(given, policy)
    const answer: Answering = only ? { playbooks: [only] } : answering(finding, playbooks, ask)
    const { playbooks: ids, ignored, unknown } = answer
    const able = ids.length === 0 ? [] : playbooks.filter(({ id }) => ids.includes(id))
    return { finding, able, ignored, unknown }
  }
}

/** The same of all findings at once, beside what could not be read. */
export function triageJson({ findings, rejected }: ParseResult, ...by: Parameters<typeof triaging>): Triage {
  return { findings: findings.map(triaging(...by)), rejected }
}

/** The finding with what the policy says that its rule is. */
function bySaid(finding: Finding, policy: LoadedPolicy): Finding {
  const name = nameOfRule(finding)
  const said = name === undefined ? undefined : ruleByPolicy(policy, name)
  return said === undefined ? finding : { ...finding, type: said }
}

/** One playbook can have several targets for a finding; what is shown is the strictest ruling over them. */
function action(
  finding: Finding,
  playbook: PlaybookHead,
  policy: LoadedPolicy,
  now: number,
  seen?: Seen,
): TriagedAction {
  const { subjects } = subjectsOf(finding, playbook)
  const asked = seen === undefined ? subjects : subjects.flatMap((subject) => seenAs(subject, playbook, seen))
  const places = policy.kind === 'none' ? undefined : tagPlacesOf(policy.policy)
  const { mode, reason, by, between } = strictest(
    asked.map((subject) => withOwnTags(decide(policy, subject, now), subject, now, places)),
  )
  return {
    ...{ playbook: playbook.id, mode, reason },
    ...(by && { by }),
    ...(between && { between: between.map(({ text }) => text) }),
  }
}

/** A subject with what a look gave: of tags and names, those that this playbook's looks can give. */
function seenAs(subject: Subject, { tagsOf, nameOf }: PlaybookHead, seen: Seen): Subject[] {
  const { tags, name, organization, standsIn, reachable } = seen
  const placed: Subject = {
    ...subject,
    ...(organization !== undefined && { organization }),
    ...(standsIn !== undefined && { standsIn }),
    ...(reachable !== undefined && { reachable }),
    ...(typeof tagsOf !== 'string' && { hasNoTags: true }),
  }
  const isNamed = nameOf !== undefined && name !== undefined
  const one = isNamed ? { ...placed, resource: { ...placed.resource, name } } : placed
  return typeof tagsOf === 'string' && tags !== undefined ? tags.map((bag) => ({ ...one, tags: bag })) : [one]
}

/** What a policy is asked about a finding that a playbook answers. */
export interface AskedSubjects {
  subjects: Subject[]
  /** Whether the finding names the playbook's targets; else its own resource stands for what only a look can tell. */
  isNamed: boolean
}

/** The same before any look, one subject for each likely target. */
export function subjectsOf(finding: Finding, playbook: PlaybookHead): AskedSubjects {
  const { source, type, severity, account, region, observedAt: reportedAt } = finding
  const { targets, isNamed } = likelyTargets(finding, playbook)
  const subjects = targets.map(
    (resource): Subject => ({
      playbook: playbook.id,
      source,
      type,
      severity,
      account,
      region,
      resource,
      tags: 'unread',
      reportedAt,
    }),
  )
  return { subjects, isNamed }
}

/** Which targets a playbook has is only certain after it has read AWS; these are what the finding itself names. */
function likelyTargets(
  finding: Finding,
  playbook: PlaybookHead,
): { targets: Subject['resource'][]; isNamed: boolean } {
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
  if (targets.length > 0) return { targets, isNamed: true }
  const own = finding.resources.map(({ id, arn }) => ({ arn: arn ?? id, id, ...none }))
  return { targets: own.length > 0 ? own.slice(0, 1) : [{ arn: '', id: '', ...none }], isNamed: false }
}
