import type { SQSClient } from '@aws-sdk/client-sqs'
import type { SQSRecord } from 'aws-lambda'
import { cardRenderer } from '../../../src/approvals/sender/card-renderer.ts'
import { pacedSlack } from '../../../src/approvals/sender/paced-slack.ts'
import { reconcile } from '../../../src/approvals/sender/reconcile.ts'
import type { SenderEvent, SenderPorts } from '../../../src/approvals/sender/sender-ports.ts'
import { slackClient } from '../../../src/approvals/slack-client.ts'
import type { Clock } from '../../../src/engine/clock.ts'
import { takeGroups } from '../../../src/lambda/cards/card-groups.ts'
import { wishCards } from '../../../src/lambda/tellers/slack-teller.ts'
import { cardsQueue } from '../../../src/queue/cards-queue.ts'
import type { Run } from '../../../src/run/run.ts'
import type { RunStore } from '../../../src/run/store.ts'
import type { StandInSlack } from '../../../src/sandbox/slack/stand-in.ts'
import { memoryCards } from '../../../src/store/memory-cards.ts'
import { Killed, Life } from '../../engine/killed-process.ts'
import { within } from '../sender/mortal-worker.ts'

const VISIBILITY_MS = 180_000
const DEDUPLICATION_MS = 300_000
const INVOCATION_MS = 60_000

interface Queued {
  id: string
  group: string
  body: string
  visibleAt: number
  received: number
}

/** The notifier, the queue of cards with the promises of SQS, and the function that takes from it. */
export class CardsInMemory {
  readonly store = memoryCards()
  readonly queue: Queued[] = []
  /** All that was ever put: any of it may come again. */
  readonly sent: Pick<Queued, 'group' | 'body'>[] = []
  readonly events: SenderEvent[] = []
  /** Why messages failed, but for what Slack did or somebody who died. */
  readonly failures: unknown[] = []
  readonly render = cardRenderer('prod')
  readonly #clock: Clock
  readonly #slack: StandInSlack
  readonly #known = new Map<string, number>()
  #count = 0

  constructor(clock: Clock, slack: StandInSlack) {
    this.#clock = clock
    this.#slack = slack
  }

  /** One record of the stream, by the notifier. */
  notify(run: Run, life: Life): Promise<void> {
    return wishCards(cardsQueue('cards.fifo', this.#client(life)), run, false)
  }

  again(message: Pick<Queued, 'group' | 'body'>): void {
    this.#count += 1
    this.queue.push({ ...message, id: `card-${this.#count}`, visibleAt: this.#clock.now(), received: 0 })
  }

  groups(): string[] {
    return [...new Set(this.queue.map(({ group }) => group))]
  }

  ports(runs: Pick<RunStore, 'get'>): SenderPorts {
    return {
      runs,
      cards: this.store,
      slack: slackClient({ token: this.#slack.token, apiUrl: this.#slack.api, timeoutMs: 2_000 }),
      clock: this.#clock,
      render: this.render,
      told: (event) => void this.events.push(event),
    }
  }

  /** One invocation about a group; false where nothing of it can be received. */
  async invoke(runs: Pick<RunStore, 'get'>, group: string, life = new Life()): Promise<boolean> {
    const batch = this.#receive(group)
    if (batch.length === 0) return false
    const endsAt = this.#clock.now() + INVOCATION_MS
    const mortal = within(this.ports(runs), (what, work) => life.around(what, work))
    const slack = pacedSlack(mortal.slack, this.#clock, endsAt)
    const ports = { ...this.ports(runs), ...mortal, slack }
    const { batchItemFailures } = await takeGroups(
      {
        reconcile: (messages) => reconcile(ports, messages, () => this.#clock.now() < endsAt),
        comeAgain: async ({ messageId }, seconds) => {
          if (!life.isOver) this.#at(messageId).visibleAt = this.#clock.now() + seconds * 1000
        },
        failed: (_, error) => {
          if (!(error instanceof Killed) && !/^(Slack|ComeLater)/.test((error as Error).name))
            this.failures.push(error)
        },
        givenUp: (_, error) => void this.failures.push(error),
      },
      batch.map(recordOf),
    )
    await slack.rest()
    const again = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
    // Who was killed answers nothing: everything comes again.
    if (!life.isOver)
      for (const { id } of batch) if (!again.has(id)) this.queue.splice(this.queue.indexOf(this.#at(id)), 1)
    return true
  }

  #at(id: string): Queued {
    return this.queue.find((message) => message.id === id)!
  }

  #receive(group: string): Queued[] {
    const now = this.#clock.now()
    const its = this.queue.filter((message) => message.group === group)
    if (its.some(({ visibleAt }) => visibleAt > now)) return []
    const batch = its.slice(0, 10)
    for (const message of batch) {
      message.visibleAt = now + VISIBILITY_MS
      message.received += 1
    }
    return batch
  }

  #client(life: Life): SQSClient {
    const send = (command: { input: Record<string, string> }) =>
      life.around('cards.send', async () => {
        const { MessageBody = '', MessageGroupId = '', MessageDeduplicationId = '' } = command.input
        const before = this.#known.get(MessageDeduplicationId)
        const now = this.#clock.now()
        if (before !== undefined && now - before < DEDUPLICATION_MS) return
        this.#known.set(MessageDeduplicationId, now)
        const message = { group: MessageGroupId, body: MessageBody }
        this.sent.push(message)
        this.again(message)
      })
    return { send } as unknown as SQSClient
  }
}

function recordOf({ id, group, body, received }: Queued): SQSRecord {
  const attributes = { MessageGroupId: group, ApproximateReceiveCount: String(received) }
  return { messageId: id, body, attributes } as SQSRecord
}
