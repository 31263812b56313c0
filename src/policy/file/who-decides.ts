import { mayMeanTheSame } from '../../run/arn-patterns.ts'
import type { ApprovalTerms, Person } from '../../run/run.ts'
import { NEITHER } from '../approver-patterns.ts'
import { SLACK_ID } from '../approvers.ts'
import type { Explained } from '../explain.ts'
import { durationMs } from '../written-durations.ts'

/** The sections of a policy that speak of the same people. */
interface Sections {
  rules: readonly { approval: ApprovalTerms }[]
  people?: readonly Person[]
  slack?: { workspace: string; operators?: readonly string[] }
}

/**
 * What cannot be meant of who decides: names of nobody, one identity that is two people, levels out of order. Channels
 * and Slack ids of rules of a policy without a workspace mean nothing (version 0.1 took them): `notes.ts` tells that.
 */
export function whoDecidesIssues({ rules, people = [], slack }: Sections): Explained[] {
  return [
    ...rules.flatMap(({ approval }, index) =>
      issuesOfTerms(approval, ['rules', index, 'approval'], people, slack),
    ),
    ...people.flatMap((person, index) => issuesOfPerson(person, index, people, slack !== undefined)),
    ...unknownNames(slack?.operators ?? [], ['slack', 'operators'], people, {
      known: (entry) => SLACK_ID.test(entry),
      otherwise: 'is not a Slack id (U0ANN, S0LEADS)',
    }),
  ]
}

function issuesOfTerms(
  { channel, approvers, escalate = [], expiresAfter }: ApprovalTerms,
  path: Explained['path'],
  people: readonly Person[],
  slack: Sections['slack'],
): Explained[] {
  const at = [...path, 'escalate']
  const nobodyFirst = approvers === undefined && escalate.length > 0
  const levels = escalate.map(({ after }) => durationMs(after))
  const isNoChannel = slack !== undefined && channel !== undefined && !CHANNEL.test(channel)
  return [
    ...(isNoChannel ? [{ path: [...path, 'channel'], message: noChannel(channel) }] : []),
    ...unknownNames(approvers ?? [], [...path, 'approvers'], people),
    ...(nobodyFirst
      ? [{ path: at, message: 'adds nobody: without approvers anybody may decide from the beginning' }]
      : []),
    ...escalate.flatMap(({ approvers: further }, index): Explained[] => {
      const [before = 0, own = 0] = [levels[index - 1], levels[index]]
      const ids = further.filter((entry) => SLACK_ID.test(entry))
      return [
        ...unknownNames(further, [...at, index, 'approvers'], people),
        ...(own <= before
          ? [{ path: [...at, index, 'after'], message: 'must be later than the level before it' }]
          : []),
        ...(own >= durationMs(expiresAfter)
          ? [{ path: [...at, index, 'after'], message: 'must be before the end (expiresAfter)' }]
          : []),
        ...(ids.length > 0 && slack === undefined
          ? [{ path: [...at, index, 'approvers'], message: needsWorkspace(ids.join(', ')) }]
          : []),
      ]
    }),
  ]
}

const CHANNEL = /^[CG][A-Z0-9]{2,}$/

function noChannel(given: string): string {
  const what = given.startsWith('#')
    ? 'is the name of a channel, which can change'
    : 'is not the id of a channel'
  return `${what}: write the id (C0SECOPS), which stands at the end of what Slack tells about the channel`
}

function issuesOfPerson(
  { name, slack, iam }: Person,
  index: number,
  people: readonly Person[],
  hasWorkspace: boolean,
): Explained[] {
  const path = ['people', index]
  const earlier = people.slice(0, index)
  const twin = earlier.find((other) => slack !== undefined && other.slack === slack)
  return [
    ...(earlier.some((other) => other.name === name)
      ? [{ path: [...path, 'name'], message: `${name} is named twice: one entry per person` }]
      : []),
    ...(slack === undefined && iam === undefined
      ? [{ path, message: `${name} has neither slack nor iam: nobody could tell who that is` }]
      : []),
    ...(slack !== undefined && !hasWorkspace
      ? [{ path: [...path, 'slack'], message: needsWorkspace(slack) }]
      : []),
    ...(twin ? [{ path: [...path, 'slack'], message: `is ${twin.name} already: one id, one person` }] : []),
    ...(iam ?? []).flatMap((pattern, at): Explained[] => {
      const other = earlier.find((one) => one.iam?.some((theirs) => mayMeanTheSame(pattern, theirs)))
      if (!other) return []
      const message = `may be ${other.name} as well: whoever both patterns mean would be two people`
      return [{ path: [...path, 'iam', at], message }]
    }),
  ]
}

function needsWorkspace(what: string): string {
  return `${what} needs the workspace that its id is of: slack: { workspace: T… }`
}

const ANY_APPROVER = {
  known: (entry: string) => SLACK_ID.test(entry) || entry.includes(':'),
  otherwise: NEITHER,
}

/** Entries that mean nobody. */
function unknownNames(
  entries: readonly string[],
  path: Explained['path'],
  people: readonly Person[],
  { known, otherwise } = ANY_APPROVER,
): Explained[] {
  return entries.flatMap((entry, index): Explained[] => {
    if (known(entry) || people.some(({ name }) => name === entry)) return []
    const none = people.length > 0 ? '' : ', of whom this policy names none'
    const message = `${otherwise}, nor the name of one of people${none}`
    return [{ path: [...path, index], message }]
  })
}
