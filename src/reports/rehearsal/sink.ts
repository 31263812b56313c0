import type { Ignored } from '../../engine/ports.ts'
import type { Rejection } from '../../findings/finding.ts'
import type { Run } from '../../run/run.ts'

/**
 * Takes what a rehearsal comes to, piece by piece and in the order in which it is known. Whoever gives a piece keeps none of
 * it, and waits for a promise before the next one: so a rehearsal of any length takes the same memory.
 */
export interface RehearsalSink {
  /** A run that has ended. */
  run(run: Run): void | Promise<void>
  ignored(ignored: Ignored): void | Promise<void>
  /** An event that could not be read. */
  rejected(rejection: Rejection): void | Promise<void>
}

/** What is known of a rehearsal as a whole when its last piece was given. */
export interface RehearsalEnd {
  /** ISO 8601 UTC. */
  at: string
  /** Playbook id → its title. */
  titles: Record<string, string>
  /** Why this is not all that was asked for, a sentence each, to be told at the head of a report; empty: it is all. */
  incomplete: readonly string[]
}
