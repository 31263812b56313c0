import type { Card } from '../../run/card.ts'
import { SlackRefused } from '../slack-errors.ts'
import type { SenderPorts } from './sender-ports.ts'

/** The address of a card's message; none where it does not stand. */
export async function linkOf({ slack }: SenderPorts, { channel, ts }: Card): Promise<{ url?: string }> {
  if (ts === undefined) return {}
  try {
    return { url: await slack.permalink(channel, ts) }
  } catch (error) {
    // Somebody deleted it.
    if (error instanceof SlackRefused && error.code === 'message_not_found') return {}
    throw error
  }
}
