import type { Clock } from '../../engine/clock.ts'
import type { Card, CardStore } from '../../run/card.ts'
import type { Run } from '../../run/run.ts'
import type { RunStore } from '../../run/store.ts'
import type { OutgoingMessage, SlackApi } from '../slack-api.ts'

/** What is shown of a run, on a card. */
export interface ShownRun {
  run: Run
  /** The run's newest round was asked on another card, or this card is about a round before. */
  isSuperseded: boolean
  /** Address of the card that took its place here; absent where it has none. */
  newer?: string
  /** Address of the card whose place it took. */
  former?: string
  /** The plan's lines on the card before. */
  formerLines?: string[]
}

export type Content = Pick<OutgoingMessage, 'text' | 'blocks'>

/** What is said in a card's thread, once. */
export interface Reply {
  key: string
  text: string
  file?: { name: string; content: string }
}

/** What is shown, of what is true: pure. */
export interface CardRenderer {
  /** @param now ms since 1970, UTC */
  message(card: Card, shown: ShownRun[], now: number): Content
  /** In the order in which they are said. */
  replies(card: Card, shown: ShownRun[], now: number): Reply[]
  /** A plan as lines, for comparing it with the next one. */
  planLines(run: Run): string[]
}

/** What happened that an operator counts. */
export type SenderEvent =
  | { kind: 'posted' | 'updated' | 'replied' | 'found'; card: string; channel: string }
  /** `about`: a card, or a run that has none. */
  | { kind: 'refused'; about: string; error: Error }

export interface SenderPorts {
  runs: Pick<RunStore, 'get'>
  cards: CardStore
  /** Paced: see `paced-slack.ts`. */
  slack: SlackApi
  clock: Clock
  render: CardRenderer
  told(event: SenderEvent): void
}
