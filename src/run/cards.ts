/** A message in Slack that shows one run, or several of one playbook (a digest). */
export interface Card {
  /** Its own id in the store: the first run's id and round, `01J…-1`. */
  id: string
  /** `C…` or `G…`. */
  channel: string
  /** Slack's id of the message; absent: it was never answered that it stands. */
  ts?: string
  /** The runs that it shows, in the order in which they are listed, each with the round in which it was asked. */
  runs: { run: string; round: number }[]
  /** Digest of what it shows: the same again needs no update. */
  shown?: string
  /** ISO 8601 UTC: since then it may have been posted, and no answer came. */
  postingSince?: string
  /** ISO 8601 UTC. */
  postedAt?: string
  /** What stands in its thread, by what it says (`01J…-1-half`, `01J…-closed`): `ts`, or the time since which it may stand there. */
  thread: Record<string, { ts?: string; since?: string }>
  /** The plan's lines as they were shown, by run: what a later plan is compared with. */
  plans: Record<string, string[]>
}

/** Where cards stand. Reads are strongly consistent. */
export interface CardStore {
  /** The card on which a run is shown now: of its newest round. */
  cardOf(run: string): Promise<Card | undefined>
  card(id: string): Promise<Card | undefined>
  /** The card of a channel and playbook to which another run may be added (posted last). */
  newestOf(channel: string, playbook: string): Promise<Card | undefined>
  /** Stores a card, and that its runs are shown on it. */
  put(card: Card, playbook: string): Promise<void>
}
