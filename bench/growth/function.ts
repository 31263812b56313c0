import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** A deployed function. */
export interface DeployedFunction {
  /**
   * Gives it an event and waits for its answer.
   * @throws NotDone when it fails, or when its time was up and it was ended as Lambda does
   */
  invoke(event: object): Promise<unknown>
  /** The end of what it has said. */
  log(): string
  stop(): void
}

/** A function did not do what an event asked of it: its queue or its schedule would ask again. */
export class NotDone extends Error {
  override readonly name = 'NotDone'
}

interface Told {
  answer?: unknown
  failed?: string
}

/** As the template says of the runner and the sweeper (ms). */
const TIMEOUT_MS = 120_000
/** Of what the function said, for whoever has to find out why it failed. */
const LOG_CHARACTERS = 4_000

/**
 * The function of a bundle in a process of its own, which starts with the first event and takes one after the other.
 * @param bundle file that holds the handler
 */
export function deployedFunction(bundle: string, env: NodeJS.ProcessEnv): DeployedFunction {
  let running: ChildProcess | undefined
  let log = ''
  const stop = () => {
    running?.kill('SIGKILL')
    running = undefined
  }
  process.once('exit', stop)
  const start = async () => {
    running = fork(new URL('function-process.mjs', import.meta.url), [bundle], {
      env,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    log = ''
    for (const said of [running.stdout!, running.stderr!])
      said.on('data', (text) => {
        log = `${log}${text}`.slice(-LOG_CHARACTERS)
      })
    await once(running, 'message')
    return running
  }
  return {
    async invoke(event) {
      const container = running ?? (await start())
      const over = new AbortController()
      const answered = once(container, 'message', over) as Promise<[Told]>
      container.send({ event, timeoutMs: TIMEOUT_MS })
      const told = await Promise.race([answered, sleep(TIMEOUT_MS, undefined, over)])
      over.abort()
      if (told === undefined) {
        stop()
        throw new NotDone('its time was up')
      }
      if (told[0].failed !== undefined) throw new NotDone(told[0].failed)
      return told[0].answer
    },
    log: () => log,
    stop() {
      process.off('exit', stop)
      stop()
    },
  }
}
