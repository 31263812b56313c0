import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from '@jest/globals'
import * as z from 'zod'
import type { Fault, FaultRule } from '../../src/sandbox/front/faults.ts'
import type { SeenRequest } from '../../src/sandbox/front/front.ts'
import type { AwsRequest } from '../../src/sandbox/front/request.ts'
import type { Sandbox } from '../../src/sandbox/start.ts'
import { COMPILE_CACHE, MAIN } from '../support/program-without-aws.ts'
import { Failed, Reported, Triaged } from './pinned-documents.ts'

/** How a process of the program ended, and what it wrote. */
export interface Ended {
  /** Null when a signal ended it. */
  status: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A process of the program that may still be under way. */
export interface Running {
  child: ChildProcess
  ended: Promise<Ended>
}

/**
 * The real program for one person: a folder of its own (policy, events, state) and an access key of its own, so that
 * its requests can be told from those of others in the same sandbox.
 */
export interface Program {
  folder: string
  key: string
  /** Writes a file into the folder (values other than text as JSON) and returns its name. */
  write(name: string, content: unknown): string
  read(name: string): string
  /** Starts `rectify ...args --json`. */
  start(...args: string[]): Running
  /** Runs it to its end and holds stdout to be one document. */
  run(...args: string[]): Promise<Ended & { document: unknown }>
  /** The same for a command that gives runs; the document is held against the pinned shape. */
  report(...args: string[]): Promise<Ended & Reported>
  /** The same for `triage`. */
  triage(...args: string[]): Promise<Ended & Triaged>
  /** The same for a call that is refused as a whole. */
  failure(...args: string[]): Promise<Ended & Failed>
  /** What its processes asked of AWS so far, oldest first. */
  requests(): SeenRequest[]
  /**
   * From now on something goes wrong with its requests of this operation, and with nobody else's, until what it gives
   * is called.
   */
  strike(operation: string, fault: Fault, more?: Omit<FaultRule, 'fault' | 'operation'>): () => void
}

export interface ProgramOptions {
  /** `rectify.yaml`; default: everything `auto`. `none`: no policy file. */
  policy?: object | string
  env?: Record<string, string | undefined>
  stdin?: string
}

const AUTO = { version: 1, rules: [{ mode: 'auto' }] }
/** A policy by which every change waits for a yes. */
export const APPROVE = { version: 1, rules: [{ mode: 'approve' }] }

const folders: string[] = []
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

let programs = 0

/** A program that talks to a sandbox; its folder goes when the tests of the file are done. */
export function programIn(
  sandbox: Sandbox,
  { policy = AUTO, env = {}, stdin }: ProgramOptions = {},
): Program {
  const folder = mkdtempSync(join(tmpdir(), 'rectify-e2e-'))
  folders.push(folder)
  programs += 1
  const key = `AKIAE2E${String(process.pid % 1e6).padStart(6, '0')}${String(programs).padStart(7, '0')}`
  const environment = {
    ...cleanEnvironment(),
    ...sandbox.env,
    AWS_ACCESS_KEY_ID: key,
    RECTIFY_PATIENCE: '2',
    ...env,
  }

  const program: Program = {
    folder,
    key,
    write(name, content) {
      const path = join(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
      return name
    },
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    start: (...args) => start([...args, '--json'], { cwd: folder, env: environment, stdin }),
    async run(...args) {
      const ended = await program.start(...args).ended
      return { ...ended, document: onlyDocument(ended) }
    },
    async report(...args) {
      const ended = await program.run(...args)
      return { ...ended, ...held(Reported, ended) }
    },
    async triage(...args) {
      const ended = await program.run(...args)
      return { ...ended, ...held(Triaged, ended) }
    },
    async failure(...args) {
      const ended = await program.run(...args)
      return { ...ended, ...held(Failed, ended) }
    },
    requests: () => sandbox.requests.filter(({ accessKey }) => accessKey === key),
    strike(operation, fault, { when, ...more } = {}) {
      const its = (request: AwsRequest) => request.accessKey === key && when?.(request) !== false
      const rule: FaultRule = { operation, fault, ...more, when: its }
      sandbox.faults.push(rule)
      return () => void sandbox.faults.splice(0, Infinity, ...sandbox.faults.filter((each) => each !== rule))
    },
  }
  if (policy !== 'none') program.write('rectify.yaml', policy)
  return program
}

/** Starts the program with exactly these arguments. */
export function start(
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; stdin?: string | undefined },
): Running {
  const { cwd, env, stdin } = options
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd,
    env,
  })
  children.add(child)
  child.once('close', () => children.delete(child))
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text))
  child.stdin.end(stdin ?? '')
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, ...written }))
  })
  return { child, ended }
}

/** Nothing of the machine's own AWS or Rectify settings reaches the program. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|RECTIFY_|NODE_OPTIONS$|INIT_CWD$|CI$|NO_COLOR$)/.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  }
}

/** The document in its pinned shape. Throws with all that was written when it is of another. */
function held<T>(shape: z.ZodType<T>, { document, stdout, stderr }: Ended & { document: unknown }): T {
  const result = shape.safeParse(document)
  if (result.success) return result.data
  throw new Error(`not of the pinned shape: ${z.prettifyError(result.error)}\n${stdout}\n${stderr}`)
}

function onlyDocument({ stdout, stderr, status, signal }: Ended): unknown {
  try {
    return JSON.parse(stdout)
  } catch (cause) {
    throw new Error(
      `stdout is not one JSON document (status ${status}, signal ${signal}): ${stdout}\n${stderr}`,
      { cause },
    )
  }
}
