import type { Card } from '../../run/card.ts'
import { SlackLimited } from '../slack-errors.ts'
import { ComeLater } from './come-later.ts'
import type { SenderPorts } from './sender-ports.ts'

/**
 * So long nobody else calls Slack about a card after it was stored (ms): longer than a call can be under way, with the
 * wait that Slack asked for. Otherwise an old update that is late could replace a new one, and a message be looked for
 * before it stands.
 */
const HELD_MS = 20_000
/** Whoever holds a card is done within seconds, unless it died. */
const SOON_SECONDS = 2

/** What is changed of a card; undefined: it has that no longer. */
export type CardChange = { [name in keyof Card]?: Card[name] | undefined }

const heldUntil = ({ clock }: SenderPorts) => clock.now() + HELD_MS

/** A card about which one worker calls Slack. */
export class HeldCard {
  readonly #ports: SenderPorts
  #card: Card

  constructor(ports: SenderPorts, card: Card) {
    this.#ports = ports
    this.#card = card
  }

  get card(): Card {
    return this.#card
  }

  /** Stores a change, and holds the card on. */
  async save(change: CardChange): Promise<void> {
    this.#card = await stored(this.#ports, this.#card, { ...change, busyUntil: heldUntil(this.#ports) })
  }

  /** Calls Slack about the card. It lets the card go where nothing was done and it shall be tried again. */
  async call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof SlackLimited) await this.release({})
      throw error
    }
  }

  /** Stores a change, and lets the card go. */
  async release(change: CardChange): Promise<void> {
    this.#card = await stored(this.#ports, this.#card, { ...change, busyUntil: undefined })
  }
}

/**
 * Takes a card as it was read. Throws `ComeLater` where somebody else has it, or has had it since.
 * @param change stored with it
 */
export async function held(
  ports: SenderPorts,
  card: Card,
  change: CardChange = {},
  joining?: readonly string[],
): Promise<HeldCard> {
  return new HeldCard(ports, await changed(ports, card, { ...change, busyUntil: heldUntil(ports) }, joining))
}

/** Changes a card as it was read that nobody has. Throws `ComeLater` as `held` does. */
export async function changed(
  ports: SenderPorts,
  card: Card,
  change: CardChange,
  joining?: readonly string[],
): Promise<Card> {
  if ((card.busyUntil ?? 0) > ports.clock.now()) throw isTaken(card)
  return stored(ports, card, change, joining)
}

async function stored({ cards }: SenderPorts, card: Card, change: CardChange, joining?: readonly string[]) {
  const entries = Object.entries({ ...card, ...change }).filter(([, value]) => value !== undefined)
  const next = await cards.put(Object.fromEntries(entries) as unknown as Card, joining)
  if (!next) throw isTaken(card)
  return next
}

const isTaken = ({ id }: Card) => new ComeLater(`card ${id}: somebody else is at it`, SOON_SECONDS)
