/** A run on a card, in the round in which it was asked there. */
export interface CardRun {
  run: string
  round: number
  /** The card on which it was asked before. */
  replaces?: CardLink
  /** The card on which it was asked again. */
  supersededBy?: CardLink
}

export interface CardLink {
  /** Id of the card. */
  card: string
  /** Its address in Slack; absent where Slack gave none. */
  url?: string
}

/** What is said in a card's thread: where it stands, since when it may stand there, or why Slack did not take it. */
export interface CardReply {
  ts?: string
  /** ISO 8601 UTC. */
  since?: string
  refused?: string
}

/** A message in Slack that shows one run, or several of one playbook (a digest). */
export interface Card {
  /** Its own id in the store: the first run's id and round, `01J…-1`. */
  id: string
  /** Raised by one with each put; 0 = never stored. */
  version: number
  playbook: string
  /** `C…` or `G…`. */
  channel: string
  /** Slack's id of the message; absent: it was never answered that it stands. */
  ts?: string
  /** The runs that it shows, in the order in which they are listed. */
  runs: CardRun[]
  /** Digest of what it shows: the same again needs no update. Absent: nobody knows what it shows. */
  shown?: string
  /** ISO 8601 UTC: since then it may have been posted, and no answer came. */
  postingSince?: string
  /** ISO 8601 UTC. */
  postedAt?: string
  /** Its message was gone and it was posted once more: not again. */
  postedAgain?: boolean
  /** ms since 1970, UTC: until then somebody may have a call to Slack about it under way. */
  busyUntil?: number
  /** What stands in its thread, by what it says (`01J…-1-half`, `01J…-closed`). */
  thread: Record<string, CardReply>
  /** The plan's lines as they were shown, by run: what a later plan is compared with. */
  plans: Record<string, string[]>
  /** The plan's lines on the card before, by run. */
  formerPlans?: Record<string, string[]>
}

/** Most runs of one card. */
export const MOST_RUNS_OF_CARD = 10

/** Where cards stand. Reads are strongly consistent. */
export interface CardStore {
  /** The card on which a run is shown now: of its newest round. */
  cardOf(run: string): Promise<Card | undefined>
  card(id: string): Promise<Card | undefined>
  /** The card of a channel and playbook to which another run may be added (stored last with a run that joined). */
  newestOf(channel: string, playbook: string): Promise<Card | undefined>
  /**
   * Stores a card whose stored version is `card.version`, as the next version of it.
   * @param joining ids of those of its runs that are shown on it from now on; it becomes the newest of its playbook
   * @returns as it was stored; undefined, and nothing was stored, where another version stands or a run that joins is
   *   shown on another card in this round or a later one
   */
  put(card: Card, joining?: readonly string[]): Promise<Card | undefined>
}
