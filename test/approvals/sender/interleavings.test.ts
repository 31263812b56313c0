import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cardWishes } from '../../../src/lambda/tellers/slack-teller.ts'
import type { CardMessage } from '../../../src/queue/cards-queue.ts'
import type { Run } from '../../../src/run/run.ts'
import { Life } from '../../engine/killed-process.ts'
import { asking, CardsAtWork, closedAs, decided } from './cards-at-work.ts'
import type { Fault } from './memory-slack.ts'
import { within } from './mortal-worker.ts'
import { toldTruly } from './told-truly.ts'

/** What may happen to a run; what does not fit its state does nothing. */
const CHANGES: Record<string, (run: Run) => Run> = {
  decide: (run) => (run.state === 'waiting' ? decided(run) : run),
  // A new round has been reminded of nothing.
  askAgain: (run) =>
    run.state === 'waiting' ? { ...run, round: run.round + 1, asked: { at: run.startedAt, level: 0 } } : run,
  remind: (run) =>
    run.state === 'waiting' ? { ...run, asked: { at: run.startedAt, reminded: 'half', level: 0 } } : run,
  fail: (run) => (run.state === 'waiting' ? closedAs(run, 'failed') : run),
  remediate: (run) => (run.state === 'waiting' ? closedAs(run, 'remediated') : run),
  undo: (run) => (run.state === 'closed' ? { ...run, undoneBy: 'undo-1' } : run),
}

type Step =
  | { kind: 'start'; run: number }
  | { kind: 'change'; run: number; change: string }
  | {
      kind: 'work'
      groups: ('post' | 'update')[]
      faults: Fault[]
      dies: number
      again: boolean
      order: number[]
    }
  | { kind: 'wait'; seconds: number }

const fault = fc.constantFrom<Fault>(
  'none',
  'none',
  'none',
  'lost',
  'unheard',
  { limited: 2 },
  { limited: 40 },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('start' as const), run: fc.nat(4) }),
  fc.record({
    kind: fc.constant('change' as const),
    run: fc.nat(4),
    change: fc.constantFrom(...Object.keys(CHANGES)),
  }),
  fc.record({
    kind: fc.constant('work' as const),
    groups: fc.constantFrom<('post' | 'update')[]>(['post'], ['update'], ['post', 'update']),
    faults: fc.array(fault, { maxLength: 5 }),
    dies: fc.oneof(fc.constant(1000), fc.nat(30)),
    again: fc.boolean(),
    order: fc.array(fc.nat(3), { maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(1, 10, 25, 70) }),
)

/** The two groups of a channel, as the notifier fills them. */
class World {
  readonly at = new CardsAtWork()
  readonly queues: Record<'post' | 'update', CardMessage[]> = { post: [], update: [] }

  store(run: Run): void {
    this.at.put(run)
    for (const wish of cardWishes(run, false))
      this.queues[wish].push({ run: run.id, round: run.round, post: wish === 'post' })
  }

  async take(given: Step): Promise<void> {
    if (given.kind === 'wait') this.at.clock.advance(given.seconds * 1000)
    if (given.kind === 'work') await this.work(given)
    if (given.kind !== 'start' && given.kind !== 'change') return
    const id = `r${given.run}`
    const run = this.at.runs.get(id)
    // Two of them are of one playbook.
    const playbook = given.run < 2 ? 'close-ssh' : id
    if (given.kind === 'start' && !run)
      this.store(asking(id, { playbook, parameters: given.run ? {} : 'long' }))
    if (given.kind === 'change' && run) {
      const changed = CHANGES[given.change]!(run)
      if (changed !== run) this.store({ ...changed, revision: run.revision + 1 })
    }
  }

  /** Side by side, each step of either when it is its turn. */
  private async work({ groups, faults, dies, again, order }: Extract<Step, { kind: 'work' }>): Promise<void> {
    this.at.slack.faults = [...faults]
    const turns = [...order]
    const workers = groups.map(async (group, n) => {
      const life = new Life(n === 0 ? dies : 1000)
      const batch = this.queues[group].slice(0, 10)
      const ports = within(this.at.ports(), async (what, work) => {
        for (let left = turns.shift() ?? 0; left > 0; left--)
          await new Promise((resolve) => setImmediate(resolve))
        return life.around(what, work)
      })
      const { done } = await this.at.once(batch, ports)
      // A worker that dies after its work, or whose answer is lost, does it all once more.
      if (!again && !life.isOver) this.queues[group].splice(0, done)
    })
    await Promise.all(workers)
    this.at.slack.faults = []
  }

  async empty(): Promise<void> {
    this.at.clock.advance(120_000)
    await this.at.group(this.queues.post)
    await this.at.group(this.queues.update)
  }
}

test('whatever comes between, each card is one message in the end and shows what is true', async () => {
  let posted = 0
  let most = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = new World()
      for (const each of steps) await world.take(each)
      await world.empty()
      await toldTruly(world.at)
      posted += world.at.slack.cards().length
      most = Math.max(most, ...world.at.slack.cards().map(({ text }) => text.split('\n').length))
    }),
    { numRuns: 300 },
  )
  expect(posted).toBeGreaterThan(200)
  expect(most).toBe(2)
})
