import { describe, expect, test } from '@jest/globals'
import type { CardMessage } from '../../../src/queue/cards-queue.ts'
import type { Run } from '../../../src/run/run.ts'
import { Life } from '../../engine/killed-process.ts'
import { asking, CardsAtWork, closedAs, decided } from './cards-at-work.ts'
import { within } from './mortal-worker.ts'
import { toldTruly } from './told-truly.ts'

const message = (run: Run, post: boolean): CardMessage => ({ run: run.id, round: run.round, post })
const first = asking('a', { playbook: 'close-ssh', parameters: 'long' })
const second = asking('b', { playbook: 'close-ssh' })
const again = { ...first, round: 2, asked: { at: first.startedAt, reminded: 'half' as const, level: 0 } }

/** What happens, and the message that comes of it; Slack's own users delete a message in between. */
const STORY: { what: string; happens: (at: CardsAtWork) => void; messages: CardMessage[] }[] = [
  { what: 'a first card', happens: (at) => at.put(first), messages: [message(first, true)] },
  { what: 'a second run on it', happens: (at) => at.put(second), messages: [message(second, true)] },
  { what: 'a new round', happens: (at) => at.put(again), messages: [message(again, true)] },
  { what: 'a decision', happens: (at) => at.put(decided(again)), messages: [message(again, false)] },
  {
    what: 'an end after its message was deleted',
    happens(at) {
      at.put(closedAs(decided(again), 'failed'))
      at.slack.delete(at.slack.cards().at(-1)!.ts)
    },
    messages: [message(again, false), message(again, true)],
  },
]

describe.each(STORY.map(({ what }, n) => [what, n] as const))('a worker that is killed at %s', (_, dies) => {
  test('at any point leaves what the next one makes true', async () => {
    let points = Number.POSITIVE_INFINITY
    for (let point = 0; point < points; point++) {
      const at = new CardsAtWork()
      for (const [n, { happens, messages }] of STORY.entries()) {
        happens(at)
        const life = new Life(n === dies ? point : Number.POSITIVE_INFINITY)
        await at.once(
          messages,
          within(at.ports(), (what, work) => life.around(what, work)),
        )
        if (n === dies) points = Math.min(points, life.isOver ? points : life.points.length)
        at.clock.advance(120_000 * Number(life.isOver))
        await at.group(messages)
      }
      await toldTruly(at)
      // Whoever comes two minutes later finds no card that may be joined.
      expect([2, 3]).toContain(at.slack.cards().length)
    }
    expect(points).toBeGreaterThan(10)
  })
})
