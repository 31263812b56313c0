import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Ask, Seen, Tell } from './aws-in-memory.ts'
import type { World } from './security-groups.ts'

/** AWS in memory, in a process of its own. */
export interface AwsProcess {
  endpoint: string
  /** Starts over with a new account. */
  reset(world: World): Promise<void>
  /** What it has been asked since the last reset. */
  seen(): Promise<Seen>
  stop(): void
}

/** Starts it; it ends with this process, however this one ends. */
export async function startAws(): Promise<AwsProcess> {
  const child = fork(new URL('aws-in-memory.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const told = async (): Promise<Tell> => (await once(child, 'message'))[0] as Tell
  const ask = (message: Ask): Promise<Tell> => {
    const answer = told()
    child.send(message)
    return answer
  }
  const ready = await told()
  if (ready.kind !== 'ready') throw new Error('AWS in memory did not start')
  return {
    endpoint: ready.endpoint,
    async reset(world) {
      await ask({ kind: 'reset', world })
    },
    async seen() {
      const answer = await ask({ kind: 'seen' })
      if (answer.kind !== 'seen') throw new Error('AWS in memory did not say what it has seen')
      return answer
    },
    stop: () => child.disconnect(),
  }
}
