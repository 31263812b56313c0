import { SLACK_GROUP, SLACK_ID } from '../../policy/approvers.ts'
import { durationMs } from '../../policy/written-durations.ts'
import { slackUserOf } from '../../run/identity.ts'
import type { ApprovalTerms, Decision, Person, Run } from '../../run/run.ts'
import { code, shortened } from './escape.ts'

/** People and times in Slack's markup. People are shown by their ids only: Slack puts the name there. */

/** An entry of approvers: a mention, or an IAM pattern as code. */
export function mention(approver: string, most = 120): string {
  if (SLACK_GROUP.test(approver)) return `<!subteam^${approver}>`
  return SLACK_ID.test(approver) ? `<@${approver}>` : code(shortened(approver, most))
}

export const mentions = (approvers: readonly string[]): string =>
  approvers.map((approver) => mention(approver)).join(', ')

/** An identity as `Decision.by` has it; ARNs in at most so many characters. */
export function identityText(by: string, most?: number): string {
  return mention(slackUserOf(by)?.user ?? by, most)
}

/** Who decided, by what way, and when. */
export function decidedBy({ by, as, at }: Decision): string {
  const grounds = (as ?? []).filter((entry) => SLACK_GROUP.test(entry))
  const way = slackUserOf(by) ? 'in Slack' : 'by command line'
  const whose = grounds.length > 0 ? ` (as ${mentions(grounds)})` : ''
  return `${identityText(by)}${whose} ${way}, ${time(at)}`
}

/** Approvers with the Slack users of those whom the policy calls by name: a name calls nobody. */
export function inSlack(approvers: readonly string[], people: readonly Person[] = []): string[] {
  const ids = approvers.map((entry) => people.find(({ name }) => name === entry)?.slack ?? entry)
  return [...new Set(ids)]
}

/** The levels of approvers that are open, and from when on the next ones are. */
export interface Levels {
  /** Absent: anybody may decide. */
  open?: string[]
  /** ISO 8601 UTC. */
  next?: string
}

export function levelsOf(run: Run, now: number): Levels {
  const { approvers, escalate = [], people }: Partial<ApprovalTerms> = run.approval ?? {}
  if (approvers === undefined) return {}
  const askedAt = Date.parse(run.asked?.at ?? '')
  const isOpen = (index: number, after: string) =>
    index < (run.asked?.level ?? 0) || askedAt + durationMs(after) <= now
  const opened = escalate.filter(({ after }, index) => isOpen(index, after))
  const next = escalate.find((level) => !opened.includes(level))
  const nextAt = next && askedAt + durationMs(next.after)
  return {
    open: inSlack([...approvers, ...opened.flatMap((level) => level.approvers)], people),
    ...(nextAt !== undefined && isTime(nextAt) && { next: new Date(nextAt).toISOString() }),
  }
}

/** Who may decide now. */
export function whoMay(run: Run, now: number): string {
  const { open, next } = levelsOf(run, now)
  if (open === undefined) return 'anybody here'
  const more = next === undefined ? '' : `, more people from ${time(next)}`
  return `${open.length === 0 ? 'nobody' : mentions(open)}${more}`
}

/** The furthest that Slack shows, and JavaScript can write. */
const LAST_SECOND = 8_640_000_000_000
const isTime = (ms: number) => Number.isFinite(ms) && Math.abs(ms) <= LAST_SECOND * 1_000

/** A time that each reader sees in her own zone; in UTC where Slack cannot. */
export function time(iso: string): string {
  const ms = Date.parse(iso)
  if (!isTime(ms)) return 'at a time that cannot be read'
  return `<!date^${Math.floor(ms / 1_000)}^{date_short_pretty} {time}|${utc(ms)}>`
}

/** `2026-11-29 11:27 UTC` */
export function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
