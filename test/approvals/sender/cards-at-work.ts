import { secondsUntilAgain } from '../../../src/approvals/sender/come-later.ts'
import { pacedSlack } from '../../../src/approvals/sender/paced-slack.ts'
import { type Reconciled, reconcile } from '../../../src/approvals/sender/reconcile.ts'
import type {
  CardRenderer,
  SenderEvent,
  SenderPorts,
  ShownRun,
} from '../../../src/approvals/sender/sender-ports.ts'
import type { CardMessage } from '../../../src/queue/cards-queue.ts'
import type { CardStore } from '../../../src/run/card.ts'
import type { Run } from '../../../src/run/run.ts'
import { memoryCards } from '../../../src/store/memory-cards.ts'
import { SimulatedClock } from '../../support/clock.ts'
import { sampleRun } from '../../support/sample-run.ts'
import { MemorySlack } from './memory-slack.ts'

/** Says of each run all that can change. */
export const renderer: CardRenderer = {
  message: (_, shown) => ({ text: shown.map(lineOf).join('\n'), blocks: [{ type: 'divider' }] }),
  replies: (card, shown) =>
    shown.flatMap(({ run }) => [
      ...(run.asked?.reminded ? [{ key: `${run.id}-${run.asked.reminded}`, text: 'reminder' }] : []),
      ...(run.parameters === 'long'
        ? [
            {
              key: `${card.id}-plan`,
              text: 'the plan',
              file: { name: `plan-${run.id}.txt`, content: 'all of it' },
            },
          ]
        : []),
    ]),
  planLines: ({ plan }) => plan?.warnings ?? [],
}

function lineOf({ run, isSuperseded, newer, former, formerLines }: ShownRun): string {
  const words = [
    run.id,
    `${run.state}/${run.outcome ?? run.waitingFor}`,
    `${run.decisions.length} decided`,
    isSuperseded && 'superseded',
    newer && `by ${newer}`,
    former && `instead of ${former}`,
    formerLines && `before: ${formerLines.join()}`,
  ]
  return words.filter(Boolean).join(' ')
}

const approval: NonNullable<Run['approval']> = {
  channel: 'C1',
  quorum: 1,
  expiresAfter: 'PT24H',
  onExpiry: 'decline',
}

/** A run that waits for approval in its first round. */
export const asking = (id: string, more: Partial<Run> = {}): Run =>
  sampleRun({
    id,
    playbook: `playbook-${id}`,
    approval,
    round: 1,
    outcome: null,
    state: 'waiting',
    waitingFor: 'approval',
    ...more,
  })
export const closedAs = (run: Run, outcome: Run['outcome']): Run => {
  const { waitingFor: _, ...rest } = run
  return { ...rest, state: 'closed', outcome }
}
export const decided = (run: Run): Run => ({
  ...run,
  decisions: [{ verdict: 'approve', by: 'slack:T1:U1', at: run.startedAt, hash: 'h', round: run.round }],
})

/** Runs, cards and a Slack on one clock, and messages that are carried out as the queue would have them. */
export class CardsAtWork {
  readonly clock = new SimulatedClock()
  readonly slack = new MemorySlack(this.clock)
  readonly runs = new Map<string, Run>()
  readonly events: SenderEvent[] = []
  cards: CardStore = memoryCards()

  ports(more: Partial<SenderPorts> = {}): SenderPorts {
    return {
      runs: { get: async (id) => structuredClone(this.runs.get(id)) },
      cards: this.cards,
      slack: this.slack.api(),
      clock: this.clock,
      render: renderer,
      told: (event) => void this.events.push(event),
      ...more,
    }
  }

  put(...runs: Run[]): void {
    for (const run of runs) this.runs.set(run.id, run)
  }

  /** One invocation. */
  async once(messages: CardMessage[], more: Partial<SenderPorts> = {}): Promise<Reconciled> {
    const ports = this.ports(more)
    const slack = pacedSlack(ports.slack, this.clock, this.clock.now() + 60_000)
    const answer = await reconcile({ ...ports, slack }, messages)
    await slack.rest()
    return answer
  }

  /** A group of the queue until it is empty, ten messages at a time; what fails comes again, and all behind it. */
  async group(messages: CardMessage[], more: Partial<SenderPorts> = {}): Promise<void> {
    let left = [...messages]
    for (let attempt = 0; left.length > 0; attempt++) {
      if (attempt > 2000) throw new Error('it never ends')
      const batch = left.slice(0, 10)
      const { done, error } = await this.once(batch, more)
      left = left.slice(done)
      if (error !== undefined) this.clock.advance(secondsUntilAgain(error) * 1000)
    }
  }

  post(...runs: Run[]): Promise<void> {
    return this.group(runs.map(({ id, round }) => ({ run: id, round, post: true })))
  }

  update(...runs: Run[]): Promise<void> {
    return this.group(runs.map(({ id, round }) => ({ run: id, round, post: false })))
  }

  texts(channel?: string): string[] {
    return this.slack.cards(channel).map(({ text }) => text)
  }
}
