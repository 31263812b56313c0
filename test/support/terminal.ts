import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterAll } from '@jest/globals'
import { ensureVenv } from '../../src/sandbox/venv.ts'
import { COMPILE_CACHE, MAIN } from './program-without-aws.ts'

const HOLDER = fileURLToPath(new URL('terminal.py', import.meta.url))

/** The program on a terminal of its own, with a person before it. */
export interface Terminal {
  /** Process id of who holds the terminal; the program is its child. */
  pid: number
  /** What has been on the screen so far, without colours and other control characters. */
  screen(): string
  /** Waits until this is on the screen, in what came since the last call; gives the match. The test's timeout is the limit. */
  shows(what: RegExp): Promise<RegExpExecArray>
  /** Types, as it stands. */
  type(keys: string): void
  /** The status of the program: 130 when Ctrl-C ended it. */
  ended: Promise<number | null>
}

/** What a key sends. In a terminal that is not raw, Ctrl-C becomes SIGINT for all that run in it. */
export const CTRL_C = '\u0003'
export const CTRL_D = '\u0004'
export const ENTER = '\r'
export const DOWN = '\u001b[B'

const open = new Set<ReturnType<typeof spawn>>()
afterAll(() => {
  for (const child of open) child.kill('SIGKILL')
})

/** Starts a command (by default the program itself) on a terminal of so many columns. */
export async function onTerminal(
  args: string[],
  {
    cwd,
    env = {},
    columns = 80,
    command = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN],
  }: { cwd: string; env?: NodeJS.ProcessEnv; columns?: number; command?: string[] },
): Promise<Terminal> {
  const python = await ensureVenv()
  const child = spawn(python, ['-I', HOLDER, String(columns), ...command, ...args], {
    cwd,
    env: {
      ...{ PATH: process.env.PATH, HOME: cwd, TMPDIR: process.env.TMPDIR, TERM: 'xterm' },
      ...{ AWS_EC2_METADATA_DISABLED: 'true', NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  open.add(child)
  let raw = ''
  let read = 0
  const waiting = new Set<() => void>()
  const look = () => {
    for (const one of waiting) one()
  }
  // A line that is written over is one line above the next.
  const screen = () => stripVTControlCharacters(raw.replaceAll('\r\u001b[2K', '\n')).replaceAll('\r', '')
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    raw += text
    look()
  })
  // Keys that come too late are nobody's.
  child.stdin!.on('error', () => undefined)
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (status) => {
      open.delete(child)
      resolve(status)
      look()
    })
  })
  return {
    pid: child.pid!,
    screen,
    ended,
    type: (keys) => child.stdin!.write(keys),
    shows: (what) =>
      new Promise((resolve, reject) => {
        const one = () => {
          const found = what.exec(screen().slice(read))
          if (found) read += found.index + found[0].length
          else if (open.has(child)) return
          waiting.delete(one)
          if (found) resolve(found)
          else reject(new Error(`ended without showing ${what}:\n${screen()}`))
        }
        waiting.add(one)
        one()
      }),
  }
}
