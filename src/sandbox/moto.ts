import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BadRequest } from '../engine/engine.ts'
import { ensureVenv, type VenvOptions } from './venv.ts'

const LAUNCHER = fileURLToPath(new URL('moto-launcher.py', import.meta.url))
const START_PATIENCE_MS = 60_000
const STOP_PATIENCE_MS = 3_000
const LOG_LINES = 200

/** A running moto server (https://docs.getmoto.org/), the emulator behind the sandbox. */
export interface Moto {
  /** `http://127.0.0.1:PORT` */
  url: string
  pid: number
  /** The last lines that it logged. */
  log: readonly string[]
  /** Ends it; resolves when the process is gone. May be called twice. */
  stop(): Promise<void>
}

/**
 * Starts moto on a free loopback port and waits until it answers. It ends with this process, also when that is
 * killed. Installs it first where needed, see `ensureVenv`.
 * @throws BadRequest('usage') without a usable Python, or when moto does not come up (with the end of its log)
 */
export async function startMoto(options: VenvOptions = {}): Promise<Moto> {
  const python = await ensureVenv(options)
  const child = spawn(python, ['-I', LAUNCHER], { stdio: ['pipe', 'ignore', 'pipe'], env: environment() })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const log: string[] = []
  try {
    const url = await announced(child, log)
    await fetch(`${url}/moto-api/`, { method: 'HEAD' })
    return { url, pid: child.pid!, log, stop: () => stop(child, exited) }
  } catch (error) {
    await stop(child, exited)
    throw new BadRequest('usage', `the AWS emulator did not start:\n${log.slice(-10).join('\n')}`, {
      cause: error,
    })
  }
}

/** Nothing of the caller's AWS settings reaches the emulator. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|MOTO|PYTHON)_?/.test(name))
  return {
    ...Object.fromEntries(kept),
    // With its default images it also owns 1,303 snapshots.
    MOTO_EC2_LOAD_DEFAULT_AMIS: 'false',
    PYTHONUNBUFFERED: '1',
  }
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
