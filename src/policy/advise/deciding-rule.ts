import type { Finding } from '../../findings/finding.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import type { Run } from '../../run/run.ts'
import { named } from '../conditions/named-resource.ts'
import { indexOf } from '../conditions/policy-index.ts'
import { tagPlacesOf } from '../conditions/tag-places.ts'
import { candidates, NO_RULE } from '../decide.ts'
import { ruleByPolicy } from '../rule-by-policy.ts'
import type { PolicyFromFile, Subject } from '../rules.ts'

/** Which rule of a policy decides a run: its place in the file, from 0; 'none' where no rule matches. */
export type DecidingRule = number | 'none'

/** A policy with the playbooks that it is about. */
export interface AboutPlaybooks {
  policy: PolicyFromFile
  playbooks: readonly Pick<PlaybookHead, 'id' | 'nameOf'>[]
}

/**
 * Which rule of a policy decides what a run was about; undefined where that cannot be told. Of a run that this very text
 * has decided it says so itself. Of any other its findings are asked about again, by what is stored of them: what only
 * a look tells (tags, a name, the unit of the account) is not, and where a rule asks for it nothing is told. Pure.
 */
export function ruleDeciding(about: AboutPlaybooks, run: Run): DecidingRule | undefined {
  const text = about.policy.version?.sha256
  const isSameText = text !== undefined && run.policyVersion?.sha256 === text
  const rule = isSameText ? ruleSaid(run) : ruleNow(about, run)
  const isThere = rule === 'none' || (rule !== undefined && rule < about.policy.policy.rules.length)
  return isThere ? rule : undefined
}

/**
 * Which rule a run says that it was decided by; undefined where that was a tag, an exemption or `never`, and of a run that
 * does not say.
 */
function ruleSaid({ ruling }: Pick<Run, 'ruling'>): DecidingRule | undefined {
  const by = ruling?.by
  if (by !== undefined) return by.kind === 'rule' ? by.number - 1 : undefined
  // That no rule matches is nothing to point at. It is `rehearse`, to whose reason nothing is ever added.
  return ruling?.reason === NO_RULE ? 'none' : undefined
}

/** The rule that decides each of a run's findings now; undefined where they are decided by several, or by none for sure. */
function ruleNow({ policy, playbooks }: AboutPlaybooks, run: Run): DecidingRule | undefined {
  const playbook = playbooks.find(({ id }) => id === run.playbook)
  if (playbook === undefined) return undefined
  const index = indexOf(policy.policy)
  const rules = new Set(
    run.findings.map((finding) => {
      const subject = subjectOf(finding, run, playbook, policy)
      const tagsOf = tagPlacesOf(policy.policy)
      const [first] = candidates(policy, index, { subject, about: named(subject), tagsOf })
      if (first === undefined) return 'none'
      return first.unread.length === 0 ? first.index : undefined
    }),
  )
  const [rule] = rules
  return rules.size === 1 ? rule : undefined
}

/** What is asked about a finding of a run. How old it was when it was decided about is not stored, and not told here. */
function subjectOf(
  finding: Finding,
  { playbook, account, region, resource, target, plan }: Run,
  { nameOf }: Pick<PlaybookHead, 'nameOf'>,
  policy: PolicyFromFile,
): Subject {
  const { source, severity } = finding
  return {
    ...{ playbook, source, type: typeOf(finding, policy), severity, account, region },
    resource: { arn: resource, id: target.id, ...(nameOf === undefined && { name: null }) },
    tags: 'unread',
    reachable: plan?.impact.reachable ?? 'unread',
  }
}

/** As the policy has it, where it says what a rule of AWS Config is. */
function typeOf({ source, type, evidence: { ruleName } }: Finding, policy: PolicyFromFile): string {
  const isOfRule = source === 'config' && ruleName !== undefined && !type.startsWith('item:')
  return (isOfRule ? ruleByPolicy(policy, ruleName) : undefined) ?? type
}
