import type { Aws } from '../../aws/port.ts'
import type { Clock } from '../../engine/clock.ts'
import type { IntakeQueue } from '../../queue/intake-queue.ts'
import type { RunsQueue } from '../../queue/runs-queue.ts'
import type { CardStore } from '../../run/card.ts'
import type { RunStore } from '../../run/store.ts'

/** A deployment as the command line uses it: it looks, decides and asks; what changes AWS is the functions' work. */
export interface Stack {
  readonly name: string
  /** Who calls. */
  readonly aws: Aws
  readonly store: RunStore
  /** Where runs stand in Slack. */
  readonly cards: Pick<CardStore, 'cardOf'>
  readonly runs: RunsQueue
  readonly intake: IntakeQueue
  readonly clock: Clock
  /** Names of the deployed rules that take this event of EventBridge in. */
  matching(event: object): Promise<string[]>
  close(): Promise<void>
}
