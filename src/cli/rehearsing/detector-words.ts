import type { Listed, ListedOf, Listing } from '../../engine/asking/detector-listing.ts'
import { visible } from '../../reports/paint.ts'

/** What a detector answered, as one line. */
export function listedLine({
  title,
  account,
  region,
  calls,
  findings,
  older,
  state,
  reason = '',
  action,
}: ListedOf): string {
  const where = `${title} in ${account} ${region}`
  if (state === 'off') return `${where}: not enabled (${visible(reason)})`
  if (state === 'unread') return `${where} could not be asked: ${action}: ${visible(reason)}`
  const left = older > 0 ? `; ${older} were not seen since` : ''
  return `${where}: ${findings} open findings in ${calls} calls${left}`
}

/**
 * Why what detectors were asked is not all, a sentence each; empty: it is. Pure.
 * @param more accounts that were left out because they are not active, and whether nobody interrupted it
 */
export function incompleteListing(
  { asked, closed, elsewhere, next }: Listed,
  { places, detectors, calls }: Pick<Listing, 'places' | 'detectors' | 'calls'>,
  { closed: notActive, isWhole }: { closed: readonly string[]; isWhole: boolean },
): string[] {
  const entered = Object.entries(closed).map(
    ([account, why]) => `Account ${account} could not be entered: ${visible(why)}.`,
  )
  const unread = asked
    .filter(({ state, account }) => state === 'unread' && !(account in closed))
    .map((one) => `${listedLine(one)}.`)
  const all = places.length * detectors.length
  const spent =
    next === undefined || !isWhole
      ? []
      : [
          `The detectors were not asked to the end: ${calls} calls were made, and ${all - next.question} of ${all} answers are not whole; the same command with --resume goes on, --calls allows more at once.`,
        ]
  const others = Object.entries(elsewhere)
  const sum = others.reduce((all, [, count]) => all + count, 0)
  const unreached =
    sum === 0
      ? []
      : [
          `${sum} findings are left out, because they are about accounts that were not asked: ${others.map(([account, count]) => `${account} (${count})`).join(', ')}; --accounts takes them in.`,
        ]
  const notOpen =
    notActive.length === 0 ? [] : [`Accounts that are not active were not asked: ${notActive.join(', ')}.`]
  return [...spent, ...entered, ...unread, ...unreached, ...notOpen]
}
