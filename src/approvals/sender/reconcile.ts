import type { CardMessage } from '../../queue/cards-queue.ts'
import { isSetUp } from '../refusal-codes.ts'
import { SlackRefused } from '../slack-errors.ts'
import { placed } from './place-run.ts'
import type { SenderPorts } from './sender-ports.ts'
import { settled } from './settle-card.ts'

/** How far messages were carried out: those before `done`; why the one at `done` was not, where there is one. */
export interface Reconciled {
  done: number
  error?: unknown
}

/**
 * Makes Slack show what is true now of the runs that these messages of one group name, in their order. Each may come
 * any number of times, late, and twice at once: what is done is decided by what the store says. Each card is brought up
 * to date once, after all of them.
 * @param mayGoOn whether there is time left for another message, or another card
 */
export async function reconcile(
  ports: SenderPorts,
  messages: readonly CardMessage[],
  mayGoOn: () => boolean = () => true,
): Promise<Reconciled> {
  /** Cards by the first message that is about them. */
  const touched = new Map<string, number>()
  let done = 0
  let failure: Reconciled | undefined
  for (const message of messages) {
    if (done > 0 && !mayGoOn()) break
    try {
      const card = await unlessRefused(ports, message.run, () => cardFor(ports, message))
      if (card !== undefined && !touched.has(card)) touched.set(card, done)
    } catch (error) {
      failure = { done, error }
      break
    }
    done += 1
  }
  return (await allSettled(ports, touched, mayGoOn)) ?? failure ?? { done }
}

/** One card at least, so that each invocation gets on; threads take a second for each thing that they say. */
async function allSettled(
  ports: SenderPorts,
  touched: Map<string, number>,
  mayGoOn: () => boolean,
): Promise<Reconciled | undefined> {
  for (const [n, [card, first]] of [...touched].entries()) {
    if (n > 0 && !mayGoOn()) return { done: first }
    try {
      await unlessRefused(ports, card, () => settled(ports, card))
    } catch (error) {
      return { done: first, error }
    }
  }
  return undefined
}

async function cardFor(ports: SenderPorts, { run, post }: CardMessage): Promise<string | undefined> {
  return post ? placed(ports, run) : (await ports.cards.cardOf(run))?.id
}

/** What Slack refuses for good is told and not tried again: a channel that is archived would hold up its group for ever. */
async function unlessRefused<T>(
  ports: SenderPorts,
  about: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SlackRefused) || isSetUp(error)) throw error
    ports.told({ kind: 'refused', about, error })
    return undefined
  }
}
