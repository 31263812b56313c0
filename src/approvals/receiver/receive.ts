import { clicked } from './clicks.ts'
import { type Interaction, readInteraction } from './interaction.ts'
import { answer, attemptOf, tell } from './private-word.ts'
import type { ReceiverPorts } from './receiver-ports.ts'
import { isSignedWith, type Signed, signedRequest } from './signature.ts'
import { headerOf, type SlackRequest, type SlackResponse } from './slack-request.ts'
import { submitted } from './submissions.ts'
import type { Seal } from './undo-by-slack.ts'

/** Whoever did not sign learns nothing, not even whether the rest of the request made sense. */
const NOT_GENUINE: SlackResponse = { status: 401 }
const WRONG_METHOD: SlackResponse = { status: 405 }
const UNREADABLE: SlackResponse = { status: 400 }
const FAILED: SlackResponse = { status: 500 }
const DONE: SlackResponse = { status: 200 }

const FAILED_TEXT =
  'Something failed here, and nobody knows whether it was done. Look at it again in a minute.'

/**
 * Takes what Slack sends: proves that it did, and only then reads it. Genuine requests do what they say at most once,
 * however often they come; others do nothing.
 */
export function receiver(ports: ReceiverPorts): (request: SlackRequest) => Promise<SlackResponse> {
  const turnedAway = (request: SlackRequest, response: SlackResponse) => {
    ports.log.turnedAway(request, response.status)
    return response
  }
  return async (request) => {
    const signed = signedRequest(request, ports.clock.now())
    if (!signed || !(await isGenuine(ports, signed))) return turnedAway(request, NOT_GENUINE)
    if (request.method !== 'POST') return turnedAway(request, WRONG_METHOD)
    const interaction = readInteraction(signed.raw, headerOf(request, 'content-type'))
    if (!interaction) return turnedAway(request, UNREADABLE)
    const seal = { at: Number(signed.timestamp) * 1000, signature: signed.signature.toString('hex') }
    try {
      return await carriedOut(ports, interaction, seal)
    } catch (error) {
      return failed(ports, interaction, error)
    }
  }
}

/** A signature that does not fit may be one by a secret that was changed a moment ago. */
async function isGenuine({ signingSecret, log }: ReceiverPorts, signed: Signed): Promise<boolean> {
  try {
    const secret = await signingSecret.value()
    if (isSignedWith(signed, secret)) return true
    const renewed = await signingSecret.renewed(secret)
    return renewed !== undefined && isSignedWith(signed, renewed)
  } catch (error) {
    log.failed('the signing secret cannot be read', {}, error)
    return false
  }
}

async function carriedOut(
  ports: ReceiverPorts,
  interaction: Interaction,
  seal: Seal,
): Promise<SlackResponse> {
  switch (interaction.kind) {
    case 'click':
      return clicked(ports, interaction, seal)
    case 'submission':
      return submitted(ports, interaction)
    case 'command':
      // Loaded when somebody types one: a start reads all that is not loaded late, and most requests are clicks.
      return (await import('./commands/slash-command.ts')).commanded(ports, interaction, seal)
    case 'nothing':
      return DONE
  }
}

/** What fails here is told to whoever asked, as far as they can be told, and rings an alarm. */
async function failed(
  ports: ReceiverPorts,
  interaction: Interaction,
  error: unknown,
): Promise<SlackResponse> {
  const about = interaction.kind === 'nothing' ? {} : attemptOf({ action: interaction.kind, ...interaction })
  ports.log.failed('a request of Slack failed', about, error)
  if (interaction.kind === 'command') return answer(FAILED_TEXT)
  if (interaction.kind === 'click') await tell(ports, interaction, FAILED_TEXT)
  return FAILED
}
