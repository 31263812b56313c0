import type { Card } from '../../run/card.ts'
import { isGone } from '../refusal-codes.ts'
import { SlackRefused } from '../slack-errors.ts'
import { linkOf } from './card-link.ts'
import { changed, type HeldCard, held } from './held-card.ts'
import { sentOrInWords } from './in-words.ts'
import { cardMetadata, isoNow, posted, postedNow } from './post-card.ts'
import { saidInThread, unsaid } from './said-in-thread.ts'
import type { SenderPorts } from './sender-ports.ts'
import { type Rendered, rendered } from './shown-card.ts'

/** Makes Slack show what is true now of the runs of a card that stands, and of the cards whose place it took. */
export async function settled(ports: SenderPorts, id: string): Promise<void> {
  await broughtUpToDate(ports, id)
  await formersClosed(ports, id)
}

async function broughtUpToDate(ports: SenderPorts, id: string): Promise<void> {
  const card = await standingCard(ports, id)
  if (!card) return
  // The card first, its runs after: whoever brings it up to date meanwhile has stored it, and it cannot be taken.
  const view = await rendered(ports, card)
  if (!view) return
  const isShown = card.shown === view.digest
  if (isShown && unsaid(card.thread, view.replies).length === 0) return
  const taken = await held(ports, card, isShown ? {} : { shown: undefined })
  if (!isShown && !(await shown(ports, taken, view))) return
  await saidInThread(ports, taken, view.replies)
  await taken.release({})
}

/**
 * A card that stands. One that is still to be posted has a message that does so; only where it was to be posted once
 * more, and whoever did died, is that done here.
 */
async function standingCard(ports: SenderPorts, id: string): Promise<Card | undefined> {
  const card = await ports.cards.card(id)
  if (card?.ts !== undefined) return card
  if (!card?.postedAgain || card.postingSince === undefined) return undefined
  return (await posted(ports, card, true)) ? ports.cards.card(id) : undefined
}

/** @returns whether the message stands and the card is held still */
async function shown(
  ports: SenderPorts,
  taken: HeldCard,
  { content, digest, replies }: Rendered,
): Promise<boolean> {
  const { id, channel, ts = '' } = taken.card
  try {
    await sentOrInWords(ports, taken, content, (what) =>
      ports.slack.update({ channel, ts, ...what, metadata: cardMetadata(id) }),
    )
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error
    if (!isGone(error)) {
      await taken.release({})
      throw error
    }
    await postedOnceMore(ports, taken, { content, digest, replies })
    return false
  }
  await taken.save({ shown: digest })
  ports.told({ kind: 'updated', card: id, channel })
  return true
}

/** Somebody deleted the message: it is posted once more, and when that is deleted as well, the matter rests. */
async function postedOnceMore(
  ports: SenderPorts,
  taken: HeldCard,
  { digest, replies }: Rendered,
): Promise<void> {
  const { thread, postedAgain } = taken.card
  if (postedAgain) return taken.release({ shown: digest })
  // Its files were all that its thread had beyond words that have been said.
  const files = new Set(replies.flatMap((reply) => (reply.file ? reply.key : [])))
  const kept = Object.fromEntries(Object.entries(thread).filter(([key]) => !files.has(key)))
  const anew = { ts: undefined, postingSince: isoNow(ports), postedAgain: true, thread: kept }
  await taken.save(anew)
  await postedNow(ports, taken)
  await broughtUpToDate(ports, taken.card.id)
}

/**
 * The cards whose place this one took say so, with a link to the one that stands next in line, and so on back to the
 * first: what they say of the run itself goes on changing. Where none after them stands, because the run ended before it
 * was posted, they are all that shows the end.
 * @param after the card that stands next in line, where this one does not
 */
async function formersClosed(ports: SenderPorts, id: string, after?: Card): Promise<void> {
  const card = await ports.cards.card(id)
  if (!card) return
  const next = card.ts === undefined ? after : card
  for (const { run, replaces } of card.runs) {
    const former = replaces && (await ports.cards.card(replaces.card))
    if (!former) continue
    if (next && former.runs.some((entry) => entry.run === run && entry.supersededBy === undefined)) {
      const supersededBy = { card: next.id, ...(await linkOf(ports, next)) }
      const runs = former.runs.map((entry) => (entry.run === run ? { ...entry, supersededBy } : entry))
      await changed(ports, former, { runs })
    }
    await broughtUpToDate(ports, former.id)
    await formersClosed(ports, former.id, next)
  }
}
