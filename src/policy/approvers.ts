import type { Mode } from '../playbook/playbook.ts'
import { meansAllOf, meansIdentity, withoutRolePath } from '../run/arn-patterns.ts'
import { identityOf, slackIdentity, slackUserOf } from '../run/identity.ts'
import { personBehind } from '../run/people.ts'
import type { ApprovalTerms, Decision, Person, Run } from '../run/run.ts'
import { durationMs } from './written-durations.ts'

/** The terms where a rule names none: any caller may decide, one is enough, and a day later it is declined. */
export const DEFAULT_APPROVAL: Readonly<ApprovalTerms> = {
  quorum: 1,
  expiresAfter: 'PT24H',
  onExpiry: 'decline',
}

/** Whether a rule of this mode ever asks anybody: a caution of a plan makes `auto` ask as well. */
export function mayAsk(mode: Mode): boolean {
  return mode === 'approve' || mode === 'auto'
}

/** Slack users (U, W), user groups (S): who may be named beside IAM ARN patterns. */
export const SLACK_ID = /^[USW][A-Z0-9]{2,}$/
/** Of these the user groups. */
export const SLACK_GROUP = /^S[A-Z0-9]{2,}$/

/** What admits a member of the workspace where no approvers are named. */
export const ANYBODY = '*'

/** Who wants to decide. */
export interface Speaker {
  /** As `Decision.by`. */
  by: string
  /** Of the user groups that are asked (`groupsAsked`), those that the Slack user is in, as they were just read. */
  groups?: readonly string[]
}

/**
 * The entries of the approvers on which a speaker may decide: those of the rule, and of each level that is open after
 * `elapsedMs`. `['*']` where nobody is named; undefined: may not. A member of another workspace than that of the terms
 * never may, and whether somebody who comes by IAM is in a user group of Slack nobody can tell.
 */
export function groundsOf(
  terms: ApprovalTerms,
  { by, groups = [] }: Speaker,
  elapsedMs: number,
): string[] | undefined {
  const user = slackUserOf(by)
  if (user && user.workspace !== terms.workspace) return undefined
  const open = openApprovers(terms, elapsedMs)
  if (open === undefined) return [ANYBODY]
  const person = personBehind(terms.people, by)
  const grounds = open.filter((entry) => {
    if (entry.startsWith('arn:')) return user ? allOfHer(person, entry) : meansIdentity(entry, by)
    if (entry === user?.user || (user && SLACK_GROUP.test(entry) && groups.includes(entry))) return true
    return person !== undefined && (entry === person.name || entry === person.slack)
  })
  return grounds.length > 0 ? grounds : undefined
}

/**
 * Whether a pattern means whatever a person may be by one of hers: of a Slack user nobody knows by which identity she
 * would come.
 */
function allOfHer(person: Person | undefined, entry: string): boolean {
  return person?.iam?.some((hers) => meansAllOf(entry, hers)) ?? false
}

/** The approvers of the levels that are open; undefined: anybody. */
function openApprovers({ approvers, escalate = [] }: ApprovalTerms, elapsedMs: number): string[] | undefined {
  if (approvers === undefined) return undefined
  const further = escalate.filter(({ after }) => durationMs(after) <= elapsedMs)
  return [...new Set([...approvers, ...further.flatMap((level) => level.approvers)])]
}

/** Who is named on any level; undefined: anybody. */
const everNamedIn = (terms: ApprovalTerms) => openApprovers(terms, Number.POSITIVE_INFINITY)

/** The user groups of Slack whose members may decide after `elapsedMs`: whoever asks for a Slack user reads these. */
export function groupsAsked(terms: ApprovalTerms, elapsedMs: number): string[] {
  return openApprovers(terms, elapsedMs)?.filter((entry) => SLACK_GROUP.test(entry)) ?? []
}

/** Whether an STS identity may decide under these terms, as `groundsOf`. */
export function mayDecide(terms: ApprovalTerms, identityArn: string, elapsedMs = 0): boolean {
  return groundsOf(terms, { by: identityArn }, elapsedMs) !== undefined
}

/** How long a run has been asked about, in this round, at `nowMs`. A run that version 0.1 asked about: not at all. */
export function elapsed({ asked }: Pick<Run, 'asked'>, nowMs: number): number {
  return asked === undefined ? 0 : Math.max(0, nowMs - Date.parse(asked.at))
}

/**
 * Whether an approval counts under terms that may be others than those under which it was given. Of a Slack user one of
 * the entries that admitted her must be among the approvers still, and mean her still; the groups that she was in are
 * taken as they were read then.
 */
export function countsUnder(
  terms: ApprovalTerms,
  run: Pick<Run, 'asked'>,
  { by, as, at }: Decision,
): boolean {
  const groups = as?.filter((entry) => SLACK_GROUP.test(entry)) ?? []
  const grounds = groundsOf(terms, { by, groups }, elapsed(run, Date.parse(at)))
  if (slackUserOf(by) === undefined || terms.approvers === undefined) return grounds !== undefined
  return grounds?.some((entry) => as?.includes(entry)) ?? false
}

/**
 * Whether those who are named, all levels together, could ever be as many people as the quorum takes. All sessions of a
 * role are one, but for roles of IAM Identity Center; a pattern or a user group may be any number, unless `people` say
 * that all it means is one person.
 */
export function canFillQuorum(terms: ApprovalTerms): boolean {
  const everNamed = everNamedIn(terms)
  if (everNamed === undefined) return true
  const named = everNamed.map((entry) => whoIsNamed(terms, entry))
  return named.includes('many') || new Set(named.filter((one) => one !== undefined)).size >= terms.quorum
}

/** Who may decide by an entry: somebody, as he is counted; any number; undefined: nobody. */
function whoIsNamed({ workspace, people = [] }: ApprovalTerms, entry: string): string | 'many' | undefined {
  const inSlack = workspace !== undefined
  if (entry.startsWith('arn:')) {
    const person = people.find(({ iam = [] }) => iam.some((hers) => meansAllOf(hers, entry)))
    if (person) return `person ${person.name}`
    const isOne = !entry.includes('*') && !entry.includes('/AWSReservedSSO_')
    return isOne ? identityOf(withoutRolePath(entry)) : 'many'
  }
  if (SLACK_GROUP.test(entry)) return inSlack ? 'many' : undefined
  const person = people.find(({ name, slack }) => entry === name || entry === slack)
  if (person) return inSlack || person.iam ? `person ${person.name}` : undefined
  return inSlack && SLACK_ID.test(entry) ? entry : undefined
}

/**
 * Whether one person may be two of a quorum, once in Slack and once by IAM: both ways are open to somebody whom `people`
 * do not tie to the other.
 */
export function mayCountTwice(terms: ApprovalTerms): boolean {
  const { workspace, quorum, people = [] } = terms
  const everNamed = everNamedIn(terms)
  if (workspace === undefined || everNamed === undefined || quorum < 2) return false
  const isArn = (entry: string) => entry.startsWith('arn:')
  const isTied = (entry: string) =>
    people.some(({ name, slack, iam = [] }) =>
      isArn(entry)
        ? slack !== undefined && iam.some((hers) => meansAllOf(hers, entry))
        : iam.length > 0 && (entry === name || entry === slack),
    )
  const loose = everNamed.filter((entry) => !isTied(entry))
  return loose.some(isArn) && !loose.every(isArn)
}

/** Whether anybody at all may decide by these terms, at once or on a later level. */
export function hasSomebody(terms: ApprovalTerms): boolean {
  return canFillQuorum({ ...terms, quorum: 1 })
}

/** Whether anybody may decide from Slack. */
export function hasSomebodyInSlack(terms: ApprovalTerms): boolean {
  const { workspace, people = [] } = terms
  if (workspace === undefined) return false
  const named = everNamedIn(terms)
  if (named === undefined || named.some((entry) => SLACK_ID.test(entry))) return true
  return people.some(({ slack: user }) => {
    if (user === undefined) return false
    return (
      groundsOf(terms, { by: slackIdentity({ workspace, user }) }, Number.POSITIVE_INFINITY) !== undefined
    )
  })
}
