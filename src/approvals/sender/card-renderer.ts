import { digestOf } from '../card/digest.ts'
import { planLines } from '../card/plan-lines.ts'
import type { CardView } from '../card/run-card.ts'
import { threadReplies } from '../card/thread-replies.ts'
import type { CardRenderer, ShownRun } from './sender-ports.ts'

/**
 * What cards show of runs.
 * @param stack name of the deployment, for the commands that are proposed
 */
export function cardRenderer(stack?: string): CardRenderer {
  const viewOf = ({ run, isSuperseded, newer, former, formerLines }: ShownRun, now: number): CardView => ({
    run,
    now,
    ...(stack !== undefined && { stack }),
    // Superseded without an address: another card asks, wherever it stands.
    ...(isSuperseded && { link: newer ?? '' }),
    ...(former !== undefined && { supersedes: former }),
    ...(formerLines && { previousLines: formerLines }),
  })
  return {
    message: (_, shown, now) => digestOf(shown.map((each) => viewOf(each, now))),
    replies: (_, shown, now) => shown.flatMap((each) => threadReplies(viewOf(each, now))),
    planLines,
  }
}
