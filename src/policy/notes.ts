import { SEVERITIES } from '../findings/finding.ts'
import type { PlaybookHead } from '../playbook/service/known-playbook.ts'
import {
  canFillQuorum,
  hasSomebody,
  hasSomebodyInSlack,
  mayAsk,
  mayCountTwice,
  SLACK_ID,
} from './approvers.ts'
import { severitiesOf } from './conditions/severity-condition.ts'
import { tagPlacesOf } from './conditions/tag-places.ts'
import { endsSoon, momentText } from './exemptions/last-moment.ts'
import type { Problem } from './file/policy-error.ts'
import { isOver } from './freezes/freeze.ts'
import { isForeign } from './resource-patterns.ts'
import { covers, whyNever } from './rule-reach.ts'
import type { Freeze, Limits, Policy, Rule } from './rules.ts'

/**
 * What is valid in a policy and has less effect than its reader may think, in the order of the sections.
 * @param now ms since 1970, UTC
 */
export function notesOn(policy: Policy, playbooks: readonly PlaybookHead[], now: number): Problem[] {
  const { rules, exemptions, freezes, limits, never } = policy
  return [
    ...rules.flatMap((rule, index) => [
      ...reachNotes(rule, index, policy, playbooks),
      ...approvalNotes(rule, index),
    ]),
    ...exemptions.flatMap(({ until, resource, line }, index): Problem[] => {
      const at = (key: string, message: string) => ({ line, key: `exemptions[${index}].${key}`, message })
      const over = `is over since ${momentText(until)}: ${resource} is not left alone any more`
      const ends = `ends within a week, with ${momentText(until)}: ${resource} is not left alone from then on`
      return [
        ...(Date.parse(until) < now ? [at('until', over)] : []),
        ...(endsSoon(until, now) ? [at('until', ends)] : []),
        ...(isForeign(resource, playbooks) ? [at('resource', NOTHING_YET)] : []),
      ]
    }),
    ...freezes.flatMap((freeze, index) => freezeNotes(freeze, index, now)),
    ...limitNotes(limits),
    ...never.resources.flatMap((pattern, index): Problem[] =>
      isForeign(pattern, playbooks)
        ? [{ key: `never.resources[${index}]`, message: `${NOTHING_YET} (${pattern})` }]
        : [],
    ),
  ]
}

const NOTHING_YET = 'names a kind of resource that no playbook changes: it holds nothing back today'

function freezeNotes(freeze: Freeze, index: number, now: number): Problem[] {
  const { line, except } = freeze
  const at = (key: string, message: string) => ({ line, key: `freezes[${index}]${key}`, message })
  const excepted = except?.severity === undefined ? [] : severitiesOf(except.severity)
  return [
    ...(freeze.kind === 'dated' && isOver(freeze, now)
      ? [at('.to', `is over since ${freeze.to}: it holds nothing any more`)]
      : []),
    ...(isWholeWeek(freeze) ? [at('.weekly', 'never ends: what it holds is never changed')] : []),
    ...(SEVERITIES.every((each) => excepted.includes(each))
      ? [at('.except', 'excepts each severity: it holds nothing')]
      : []),
  ]
}

function isWholeWeek(freeze: Freeze): boolean {
  if (freeze.kind !== 'weekly') return false
  const minutes = new Set<number>()
  for (const { days, from, to } of freeze.windows) {
    const length = to > from ? to - from : DAY + to - from
    for (const day of days) {
      for (let at = 0; at < length; at++) minutes.add(((day - 1) * DAY + from + at) % (7 * DAY))
    }
  }
  return minutes.size === 7 * DAY
}

const DAY = 24 * 60

/** A limit for a part that is no lower than the one for all. */
function limitNotes({ changesPerHour: all, ...parts }: Limits): Problem[] {
  return (['changesPerAccountPerHour', 'changesPerPlaybookPerHour'] as const).flatMap((key) => {
    const part = parts[key]
    if (all === undefined || part === undefined || part < all) return []
    return [{ key: `limits.${key}`, message: `has no effect: changesPerHour allows no more than ${all}` }]
  })
}

function reachNotes(
  rule: Rule,
  index: number,
  policy: Policy,
  playbooks: readonly PlaybookHead[],
): Problem[] {
  const { line } = rule
  const { rules } = policy
  const key = `rules[${index}]`
  const earlier = rules.findIndex((other, at) => at < index && covers(other.when, rule.when))
  if (earlier >= 0) {
    const by = `rule ${earlier + 1} (line ${rules[earlier]?.line})`
    return [{ line, key, message: `is never reached: all that it matches is decided by ${by} before it` }]
  }
  const looksFurther = tagPlacesOf(policy).length > 1
  return whyNever(rule.when ?? {}, playbooks, looksFurther).map(({ condition, message }) => ({
    line,
    key: `${key}.when.${condition}`,
    message,
  }))
}

function approvalNotes({ mode, approval, line }: Rule, index: number): Problem[] {
  if (!mayAsk(mode)) return []
  const at = (key: string, message: string) => ({ line, key: `rules[${index}].approval.${key}`, message })
  const { approvers, channel, quorum, workspace } = approval
  const ids = approvers?.filter((one) => SLACK_ID.test(one)) ?? []
  const somebody = hasSomebody(approval)
  const inSlack = workspace === undefined ? '' : 'members of the workspace or '
  return [
    ...(somebody ? [] : [at('approvers', 'nobody can approve: ids of Slack need slack: { workspace: T… }')]),
    ...(somebody && ids.length > 0 && workspace === undefined
      ? [at('approvers', `counts for nothing where it says ${ids.join(', ')}: ${NO_WORKSPACE}`)]
      : []),
    ...(somebody && !canFillQuorum(approval)
      ? [at('quorum', 'takes more people than the approvers are: all sessions of a role are one')]
      : []),
    ...(!approvers && quorum > 1
      ? [at('quorum', `names no approvers: any ${quorum} ${inSlack}who may use the run store can approve`)]
      : []),
    ...(mayCountTwice(approval)
      ? [at('quorum', 'may count one person twice, in Slack and by IAM: people ties the two together')]
      : []),
    ...(channel !== undefined && workspace === undefined
      ? [at('channel', `has no effect: ${NO_WORKSPACE}`)]
      : []),
    ...(channel !== undefined && workspace !== undefined && !hasSomebodyInSlack(approval)
      ? [at('channel', 'shows what nobody there can approve: people ties no Slack user to an approver')]
      : []),
  ]
}

const NO_WORKSPACE = 'there is no slack: { workspace: T… }'
