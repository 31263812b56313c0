import type { CardsQueue } from '../../queue/cards-queue.ts'
import type { Run } from '../../run/run.ts'
import { asksFirst, isTold } from '../../run/told.ts'

/**
 * What a stored state of a run wants of Slack: a card, the card that stands brought up to date, or nothing where no
 * channel is told of it. States that nobody needs to be told of change a card as well: a run that was approved and ended
 * well. Of an end that is told it is not known here whether a card stands, which is not to wait behind those that are
 * posted: both.
 * @param isOld whether its end lies too far back to be told now
 */
export function cardWishes(run: Run, isOld: boolean): ('post' | 'update')[] {
  if (run.approval?.channel === undefined) return []
  if (asksFirst(run)) return ['post']
  return isTold(run) && !isOld && run.undoneBy === undefined ? ['update', 'post'] : ['update']
}

/** Tells by Slack: puts into the queue of cards which run has changed. Nothing is lost by putting it there twice. */
export async function wishCards(queue: CardsQueue, run: Run, isOld: boolean): Promise<void> {
  for (const wish of cardWishes(run, isOld)) await queue.put(run, wish === 'post')
}
