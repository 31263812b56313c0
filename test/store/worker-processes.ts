import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { Request } from './store-worker.ts'

/** A worker process on a state folder. */
export interface Worker {
  ask(request: Request): Promise<unknown>
  /** Every further message, until the process ends. */
  listen(listener: (message: unknown) => void): void
  /** Resolves when the process is dead. */
  kill(): Promise<void>
  /** Resolves when the process is stopped. */
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()

export function startWorker(folder: string): Worker {
  const child = fork(new URL('./store-worker.ts', import.meta.url), [folder], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  running.add(child)
  const died = once(child, 'exit').then(([code, signal]) => {
    running.delete(child)
    return `the worker ended with ${signal ?? code}`
  })
  return {
    async ask(request) {
      const answer = once(child, 'message').then(([message]) => message)
      child.send(request)
      return Promise.race([answer, died.then((reason) => Promise.reject(new Error(reason)))])
    },
    listen: (listener) => void child.on('message', listener),
    async kill() {
      child.kill('SIGKILL')
      await died
    },
    async stop() {
      child.kill('SIGSTOP')
      // The third field of the line is the state; T is stopped. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
      while (process.platform === 'linux' && !/\) T /.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8')))
        await setImmediate()
    },
  }
}

/** Kills the workers that a test left behind. */
export async function killWorkers(): Promise<void> {
  const deaths = [...running].map((child) => once(child, 'exit'))
  for (const child of running) child.kill('SIGKILL')
  await Promise.all(deaths)
}
