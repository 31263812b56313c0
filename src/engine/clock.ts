/** Time and chance come in from outside, so that a test can hold them still. */
export interface Clock {
  /** ms since 1970, UTC. */
  now(): number
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Ids of runs, in the order in which they were made. */
export interface Ids {
  /** A new ULID. */
  next(): string
}
