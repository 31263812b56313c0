import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach } from '@jest/globals'

/** The program. */
export const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Hundreds of processes load the same modules: with its cache each starts in a third of the time. */
export const COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/rectify-e2e', import.meta.url))

export interface Ran {
  status: number | null
  stdout: string
  stderr: string
  /** stdout as the one JSON document that it must be. */
  document(): Record<string, unknown>
}

/** Runs the real program, without an AWS account and without the options of whoever runs the tests. */
export function rectify(
  args: string[],
  { cwd, stdin = '', env = {} }: { cwd: string; stdin?: string; env?: Record<string, string> },
): Promise<Ran> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd,
    env: {
      ...{ PATH: process.env.PATH, HOME: cwd, TMPDIR: process.env.TMPDIR, AWS_EC2_METADATA_DISABLED: 'true' },
      ...{ NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    },
  })
  const chunks = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      chunks[name] += chunk
    })
  }
  // A program that refuses before it reads closes the pipe.
  child.stdin.on('error', () => undefined).end(stdin)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) =>
      resolve({ status, ...chunks, document: () => JSON.parse(chunks.stdout) as Record<string, unknown> }),
    )
  })
}

/** An empty folder for each test of a file, and the program in it. Call it at the top of the file. */
export function inEmptyFolder() {
  let cwd = ''
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'rectify-cli-'))
  })
  afterEach(() => rm(cwd, { recursive: true, force: true }))
  return {
    /** Inside tests. */
    folder: () => cwd,
    run: (...args: string[]) => rectify(args, { cwd }),
  }
}

/** The error of the one document that was printed. */
export const errorOf = (ran: Ran) => ran.document().error as Record<string, unknown>
