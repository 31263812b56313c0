import type { Card } from '../../run/card.ts'
import { SlackRefused } from '../slack-errors.ts'
import { type HeldCard, held } from './held-card.ts'
import { sentOrInWords } from './in-words.ts'
import type { SenderPorts } from './sender-ports.ts'
import { rendered } from './shown-card.ts'

/** By this Slack tells our cards apart from everything else in a channel. */
export const CARD_EVENT = 'rectify_card'

/** Slack's clock and ours may differ by so much (s): a message is looked for from before it was sent. */
const SKEW_SECONDS = 300

/**
 * Posts a card that is stored and does not stand, as far as anybody knows: where its answer may have been lost it is
 * looked for first.
 * @param isWanted whether it is posted where it is not found
 * @returns whether it stands
 */
export async function posted(ports: SenderPorts, card: Card, isWanted: boolean): Promise<boolean> {
  const taken = await held(ports, card)
  const { postingSince } = taken.card
  if (postingSince !== undefined && (await adopted(ports, taken, postingSince))) return true
  if (!isWanted) {
    await taken.release({ postingSince: undefined })
    return false
  }
  // Also where it was looked for and not found: what was sent before does not stand, and need not be looked for again.
  await taken.save({ postingSince: isoNow(ports) })
  return postedNow(ports, taken)
}

/** Takes the message that stands for the card, if one does. */
async function adopted(ports: SenderPorts, taken: HeldCard, since: string): Promise<boolean> {
  const { id, channel } = taken.card
  const filter = { channel, ...whenSent(since), eventType: CARD_EVENT }
  const messages = await taken.call(() => ports.slack.history(filter))
  const its = messages.find(({ metadata }) => metadata?.event_payload.card === id)
  if (!its) return false
  await taken.release({ ts: its.ts, postedAt: since, postingSince: undefined, shown: undefined })
  ports.told({ kind: 'found', card: id, channel })
  return true
}

/**
 * Posts a held card, of which is stored that it may be posted.
 * @returns whether it stands: not where all of its runs are gone
 */
export async function postedNow(ports: SenderPorts, taken: HeldCard): Promise<boolean> {
  const { id, channel } = taken.card
  const view = await rendered(ports, taken.card)
  if (!view) {
    await taken.release({ postingSince: undefined })
    return false
  }
  const { ts } = await sentOrInWords(ports, taken, view.content, (content) =>
    ports.slack.postMessage({ channel, ...content, metadata: cardMetadata(id) }),
  ).catch((error: unknown) => refusedPost(taken, error))
  await taken.release({ ts, postedAt: isoNow(ports), postingSince: undefined, shown: view.digest })
  ports.told({ kind: 'posted', card: id, channel })
  return true
}

/** What was refused does not stand: it need not be looked for. */
async function refusedPost(taken: HeldCard, error: unknown): Promise<never> {
  if (error instanceof SlackRefused) await taken.release({ postingSince: undefined })
  throw error
}

export const cardMetadata = (card: string) => ({ event_type: CARD_EVENT, event_payload: { card } })

export const isoNow = ({ clock }: SenderPorts) => new Date(clock.now()).toISOString()

/** A call that nobody answered is carried out by then at the latest, if at all (s). */
const LATEST_SECONDS = 600

/**
 * Where to look for a message that may have been sent at this time, as `ts`: seconds since 1970. A busy channel has more
 * messages since then than anybody reads.
 */
export function whenSent(iso: string): { oldest: string; latest: string } {
  const sentAt = Date.parse(iso) / 1000
  return { oldest: String(sentAt - SKEW_SECONDS), latest: String(sentAt + LATEST_SECONDS) }
}
