import type { Click } from './interaction.ts'
import type { Attempt, ReceiverPorts } from './receiver-ports.ts'
import type { Refused } from './refusal.ts'
import type { SlackResponse } from './slack-request.ts'

/** What is said to one person and nobody else; whoever else sees the card is not told. */
export function privateWord(text: string): object {
  return { response_type: 'ephemeral', replace_original: false, text }
}

/** The same as the answer to a request. */
export const answer = (text: string): SlackResponse => ({ status: 200, body: privateWord(text) })

/** Who tried what by a click. */
export function attemptOf({ action, sender }: Pick<Click, 'action' | 'sender'>, run?: string): Attempt {
  const { user, workspace } = sender
  return { action, user, workspace, ...(run !== undefined && { run }) }
}

/** Tells whoever clicked. What they are told is true whether it reaches them or not: a loss is written down. */
export async function tell(
  { respond, log }: Pick<ReceiverPorts, 'respond' | 'log'>,
  click: Click,
  text: string,
): Promise<void> {
  if (click.respondTo === undefined) return
  try {
    await respond(click.respondTo, privateWord(text))
  } catch (error) {
    log.failed('a private word was not taken', attemptOf(click), error)
  }
}

/** Writes a refusal down and tells it to whoever clicked. */
export async function refuse(
  ports: Pick<ReceiverPorts, 'respond' | 'log'>,
  click: Click,
  { refusal: { why, text } }: Refused,
  run?: string,
): Promise<void> {
  ports.log.refused(attemptOf(click, run), why)
  await tell(ports, click, text)
}
