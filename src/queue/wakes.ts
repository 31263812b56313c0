import type { Clock } from '../engine/clock.ts'
import type { Waker } from '../engine/ports.ts'
import { type Message, wakeDeduplicationId } from './messages.ts'
import type { RunsQueue } from './runs-queue.ts'

/** The wake-ups that need no timer: messages in the runs queue, one per stored state, reason and minute. */
export function queueWakes({ queue, clock }: { queue: RunsQueue; clock: Clock }): Omit<Waker, 'later'> {
  const attempt = () => Math.floor(clock.now() / 60_000)
  return {
    now: ({ id, resource }, why, of) =>
      queue.send({ kind: 'wake', run: id, why }, resource, wakeDeduplicationId([id, of], why, attempt())),
    async expire(original, entries) {
      const message: Message = { kind: 'expire', run: original.id, entries }
      await queue.send(message, original.resource, `${original.id}-expire-${attempt()}`)
    },
  }
}
