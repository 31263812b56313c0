import { shortHash } from '../../playbook/plan.ts'
import type { Decision, Run } from '../../run/run.ts'
import { currentDecisions, tally } from '../../run/tally.ts'
import { code, cutAt, escaped } from './escape.ts'
import { decidedBy, identityText, mentions, time } from './people-words.ts'

/** More are counted only. */
const MOST = 10

const VERDICTS: Record<Decision['verdict'], string> = {
  approve: 'Approved',
  decline: 'Declined',
  exempt: 'Exempted',
}

/**
 * Every decision that was made about a run, whatever has become of it since, in Slack's markup: who, by what way, when,
 * why; and which plan it was about where that is not the plan of now.
 * @param most characters: where they are more, reasons are shortened, and then left out
 * @param isSuperseded whether this is for a card on which the plan of now was never shown
 */
export function decisionLines(run: Run, most = Infinity, isSuperseded = false): string[] {
  const all = REASONS.map((reason) => linesWith(run, reason, isSuperseded))
  return all.find((lines) => lines.join('\n').length <= most) ?? all.at(-1)!
}

/** Characters of a reason. Who decided is not left out for why. */
const REASONS = [200, 60, 0]

function linesWith(run: Run, reason: number, isSuperseded: boolean): string[] {
  const current = currentDecisions(run)
  const ofNow = isSuperseded ? ['on the newer card'] : []
  const lines = run.decisions.map((decision) =>
    decisionText(decision, current.includes(decision) ? ofNow : [earlierPlan(decision)], reason),
  )
  const left = lines.length - MOST
  // The last ones are about the plan of now.
  return left > 0 ? [`… and ${left} earlier`, ...lines.slice(-MOST)] : lines
}

const earlierPlan = ({ hash }: Decision) => `for an earlier plan ${code(cutAt(shortHash(hash), 16))}`

function decisionText(decision: Decision, about: readonly string[], most: number): string {
  const { verdict, until, reason } = decision
  return [
    `*${VERDICTS[verdict] ?? 'Decided'}* by ${decidedBy(decision)}`,
    ...(until === undefined ? [] : [`until ${time(until)}`]),
    ...about,
    ...(reason && most > 0 ? [`“${escaped(cutAt(reason, most))}”`] : []),
  ].join(', ')
}

/** The same where there is little room: a line for each verdict, with the time of the last. */
export function decidersLines(run: Run): string[] {
  const current = currentDecisions(run)
  const kinds = Map.groupBy(run.decisions, (decision) => `${decision.verdict} ${current.includes(decision)}`)
  return [...kinds.values()].map((decisions) => {
    const last = decisions.at(-1)!
    const who = [...new Set(decisions.map(({ by }) => identityText(by, SHORT_IDENTITY)))]
    const earlier = current.includes(last) ? '' : ', for an earlier plan'
    return `*${VERDICTS[last.verdict] ?? 'Decided'}* by ${who.slice(-MOST_NAMED).join(', ')}${who.length > MOST_NAMED ? ' and others' : ''}, ${time(last.at)}${earlier}`
  })
}

const SHORT_IDENTITY = 48
const MOST_NAMED = 3

/** `1 of 2: <@U0ANN>` */
export function quorumText(run: Run, most = MOST): string {
  const { approvals, quorum } = tally(run)
  const so = approvals.slice(0, most).map(({ by }) => identityText(by))
  return `${approvals.length} of ${quorum}${so.length > 0 ? `: ${so.join(', ')}` : ''}`
}

/** Who approved the plan as it stands. */
export function approversText(run: Run): string {
  const { approvals } = tally(run)
  return approvals.length === 0
    ? 'nobody'
    : approvals
        .slice(0, MOST)
        .map(({ by }) => identityText(by))
        .join(', ')
}

/** The groups and people of one level, to be called. */
export const called = (approvers: readonly string[] | undefined): string =>
  approvers === undefined || approvers.length === 0 ? 'Anybody here may decide' : mentions(approvers)
