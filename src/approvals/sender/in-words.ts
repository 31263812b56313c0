import { isUnshown } from '../refusal-codes.ts'
import { SlackRefused } from '../slack-errors.ts'
import type { HeldCard } from './held-card.ts'
import type { Content, SenderPorts } from './sender-ports.ts'

/** As much as Slack takes for sure where a message is only text. */
const MOST_TEXT = 3_000

/**
 * Sends what a held card shows. Where Slack does not take its blocks it is told, and the same is sent in words: people
 * hear of it, and decide by the command line; buttons of a state before would be worse than none.
 */
export async function sentOrInWords<T>(
  ports: SenderPorts,
  taken: HeldCard,
  content: Content,
  send: (content: Content) => Promise<T>,
): Promise<T> {
  try {
    return await taken.call(() => send(content))
  } catch (error) {
    if (!(error instanceof SlackRefused) || !isUnshown(error)) throw error
    ports.told({ kind: 'refused', about: taken.card.id, error })
    return await taken.call(() => send({ text: content.text.slice(0, MOST_TEXT) }))
  }
}
