import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BadRequest } from '../engine/refusals.ts'
import { ensureVenv, type VenvOptions } from './venv.ts'

const START_PATIENCE_MS = 60_000
const STOP_PATIENCE_MS = 3_000
const LOG_LINES = 200

/** A running emulator: a process of its own behind the sandbox. */
export interface Emulator {
  /** `http://127.0.0.1:PORT` */
  url: string
  pid: number
  /** The last lines that it logged. */
  log: readonly string[]
  /** Ends it; resolves when the process is gone. May be called twice. */
  stop(): Promise<void>
}

export interface Launch {
  /** Name of the launcher in this folder; it ends when its standard input does. */
  launcher: string
  env: Record<string, string>
}

/**
 * Starts an emulator and waits until it says where it listens. It ends with this process, also when that is killed.
 * Installs it first where needed, see `ensureVenv`.
 * @throws BadRequest('usage') without a usable Python, or when it does not come up (with the end of its log)
 */
export async function startEmulator({ launcher, env }: Launch, options: VenvOptions): Promise<Emulator> {
  const python = await ensureVenv(options)
  const file = fileURLToPath(new URL(launcher, import.meta.url))
  const child = spawn(python, ['-I', file], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...environment(), ...env, PYTHONUNBUFFERED: '1' },
    // Ctrl-C in our terminal is for us alone: an emulator that dies of it first would look like a fault.
    detached: true,
  })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const log: string[] = []
  try {
    const url = await announced(child, log)
    return { url, pid: child.pid!, log, stop: () => stop(child, exited) }
  } catch (error) {
    await stop(child, exited)
    throw new BadRequest('usage', `the AWS emulator did not start:\n${log.slice(-10).join('\n')}`, {
      cause: error,
    })
  }
}

/** Nothing of the caller's own settings reaches the emulator, nor the functions that it runs. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS|MOTO|PYTHON|RECTIFY|NODE_OPTIONS|NODE_V8_COVERAGE)/.test(name),
  )
  return Object.fromEntries(kept)
}

/** The address that the server logs once it listens. */
function announced(child: ChildProcess, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer within a minute')), START_PATIENCE_MS)
    createInterface({ input: child.stderr! }).on('line', (line) => {
      log.push(line)
      if (log.length > LOG_LINES) log.shift()
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1]
      if (url) {
        clearTimeout(timer)
        resolve(url)
      }
    })
    child.once('error', reject)
    child.once('close', (status) => {
      clearTimeout(timer)
      reject(new Error(`ended with status ${status}`))
    })
  })
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS)
  await exited
  clearTimeout(timer)
}
