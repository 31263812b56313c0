import type { Clock } from '../engine/clock.ts'
import type { Waker } from '../engine/ports.ts'
import type { RunStore } from '../run/store.ts'
import { type Message, wakeDeduplicationId } from './messages.ts'
import type { RunsQueue } from './runs-queue.ts'

/** The wake-ups that need no timer: messages in the runs queue, one per stored state, reason and minute. */
export function queueWakes(ports: {
  queue: RunsQueue
  store: Pick<RunStore, 'get'>
  clock: Clock
}): Omit<Waker, 'later'> {
  const { queue, store, clock } = ports
  const attempt = () => Math.floor(clock.now() / 60_000)
  return {
    async now(id, resource, why) {
      const run = await store.get(id)
      const state = { id, revision: run?.revision ?? 0 }
      await queue.send({ kind: 'wake', run: id, why }, resource, wakeDeduplicationId(state, why, attempt()))
    },
    async expire(original, entries) {
      const message: Message = { kind: 'expire', run: original.id, entries }
      await queue.send(message, original.resource, `${original.id}-expire-${attempt()}`)
    },
  }
}
