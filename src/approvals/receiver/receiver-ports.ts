import type { Clock } from '../../engine/clock.ts'
import type { Waker } from '../../engine/ports.ts'
import type { RunsQueue } from '../../queue/runs-queue.ts'
import type { Person } from '../../run/run.ts'
import type { RunStore } from '../../run/store.ts'
import type { Secret } from '../secrets.ts'
import type { SlackApi } from '../slack-api.ts'
import type { SlackRequest } from './slack-request.ts'

/** All that the receiver needs of the world. */
export interface ReceiverPorts {
  store: RunStore
  clock: Clock
  /** Wakes runs that were decided about. */
  wakes: Pick<Waker, 'now'>
  /** Where an undo is asked for. */
  queue: RunsQueue
  slack: Pick<SlackApi, 'userInfo' | 'groupMembers' | 'openView'>
  /** With which Slack signs. */
  signingSecret: Secret
  /** What the deployed policy says of Slack; rejects where it cannot be read. Read when it is asked for. */
  policy(): Promise<SlackPolicy>
  /** Ids of the playbooks of the deployment, those of its own included. Read when it is asked for. */
  playbooks(): Promise<readonly string[]>
  /** Posts JSON to an address that Slack gave; rejects where it is not taken. */
  respond(url: string, body: object): Promise<void>
  log: ReceiverLog
}

/** `slack:` of the policy, and who is one person. */
export interface SlackPolicy {
  /** `T…` */
  workspace?: string
  /** Who may let changes start again: entries as of approvers. None: nobody, in Slack. */
  operators?: string[]
  people?: Person[]
}

/** Who tried what: by ids, never by a name. */
export interface Attempt {
  action: string
  user: string
  workspace: string
  run?: string
}

/** What is written down. */
export interface ReceiverLog {
  /** @param why one word, for metrics and searches */
  refused(attempt: Attempt, why: string): void
  done(attempt: Attempt): void
  /** Not genuine, or not as Slack writes it. */
  turnedAway(request: SlackRequest, status: number): void
  failed(message: string, about: Partial<Attempt>, error: unknown): void
}
