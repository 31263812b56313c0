import { TakenOver } from '../engine/drive/commit.ts'
import { hasTimeForMore } from '../engine/drive/loop.ts'
import { OutOfTime } from '../engine/drive/out-of-time.ts'
import type { EnginePorts, Waker } from '../engine/ports.ts'
import { continueWithFurther, startRun } from '../engine/start-runs.ts'
import { tellStuck } from '../engine/stuck.ts'
import { AwsError } from '../playbook/aws-error.ts'
import { jobOf, type Message } from '../queue/messages.ts'
import type { Run } from '../run/run.ts'
import { StoreError } from '../store/store-error.ts'

type Wake = Extract<Message, { kind: 'wake' }>

/**
 * Carries out one message of the runs queue: its run goes to its end, or to where it has to wait. A message may come
 * twice, late or out of order; what it says is only where to look. Throws `OutOfTime` where there is none for it. What takes
 * something back is loaded with the first message that asks for it.
 */
export async function dispatch(
  ports: EnginePorts,
  message: Message,
  waker: Pick<Waker, 'later'>,
): Promise<void> {
  // To take a run up only to hand it on would look as if its drivers died.
  if (!hasTimeForMore(ports)) throw new OutOfTime()
  switch (message.kind) {
    case 'job': {
      const job = jobOf(message, ports.playbooks)
      if (!job) throw new Error(`no playbook is called "${message.playbook}" in this version`)
      await startRun(ports, job)
      return
    }
    case 'wake':
      // Nobody wakes a closed run again, and it may have left something to a new one.
      await orTell(
        ports,
        message.run,
        ({ state }) => state !== 'closed',
        () => wake(ports, message, waker),
      )
      return
    case 'undo':
    case 'unblock': {
      const { takeBack } = await import('./incoming/take-back.ts')
      await takeBack(ports, message)
      return
    }
    case 'expire':
      await orTell(
        ports,
        message.run,
        () => true,
        async () => {
          const { expireOf } = await import('./incoming/take-back.ts')
          await expireOf(ports, message.run, message.entries)
        },
      )
  }
}

/**
 * What the sweeper asks for holds up all that is queued about its resource when it fails, and comes again in five
 * minutes: where no repetition helps, that is told, and the message is done with.
 * @param comesAgain whether the sweeper will ask for it again
 */
async function orTell(
  ports: EnginePorts,
  id: string,
  comesAgain: (run: Run) => boolean,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (mayPass(error)) throw error
    const run = await ports.store.get(id)
    if (!run || !comesAgain(run)) throw error
    tellStuck(ports, run, error)
  }
}

/** Whether the same may succeed a little later: what AWS or the way to it said, a store that is busy, no time left. */
function mayPass(error: unknown): boolean {
  if (error instanceof OutOfTime || error instanceof TakenOver) return true
  if (error instanceof StoreError) return error.kind === 'busy'
  if (!(error instanceof Error)) return false
  // What the SDK threw itself; an aborted call has no answer to tell of.
  return error instanceof AwsError || Reflect.has(error, '$metadata') || error.name === 'AbortError'
}

/** Whether the event tells that what the run waits for is over. Of a hold its rail says so when it is asked again. */
const isDue = ({ heldBy }: Run, why: Wake['why']): boolean =>
  why === 'settled' || (why === 'sweep' && heldBy !== undefined)

async function wake(
  ports: EnginePorts,
  { run: id, why, due }: Wake,
  waker: Pick<Waker, 'later'>,
): Promise<void> {
  const run = await ports.store.get(id)
  if (!run) return
  const isEarly = why === 'timer' && due !== undefined && Date.parse(due) > ports.clock.now()
  if (isEarly && run.state !== 'closed') await waker.later(run)
  else await continueWithFurther(ports, run, isDue(run, why) ? 'timerDue' : undefined)
}
