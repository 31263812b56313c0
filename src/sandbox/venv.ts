import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BadRequest } from '../engine/refusals.ts'
import { lock } from './file-lock.ts'

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url))
/** Git-ignored folder at the root of the repository. */
export const SANDBOX_FOLDER = fileURLToPath(new URL('../../.sandbox', import.meta.url))

export interface VenvOptions {
  /** Holds `venv`; default `.sandbox` at the root of the repository. */
  folder?: string
  requirements?: string
  /** Python commands to try, in this order. */
  pythons?: string[]
  log?: (line: string) => void
}

/**
 * The path of a Python that has the emulators and all that they need, installed on first use (about half a minute
 * and 220 MB, the only step that needs a network) and again whenever the requirements change.
 *
 * Several processes may ask at once: one installs, the others wait. What is half made never becomes `venv`.
 * @throws BadRequest('usage') when there is no usable Python or its packages cannot be installed
 */
export async function ensureVenv(options: VenvOptions = {}): Promise<string> {
  const { folder = SANDBOX_FOLDER, requirements = REQUIREMENTS, log = () => {} } = options
  const venv = join(folder, 'venv')
  const marker = join(venv, 'requirements.sha256')
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  const ready = () => existsSync(marker) && readFileSync(marker, 'utf8') === wanted
  if (ready()) return pythonOf(venv)

  mkdirSync(folder, { recursive: true })
  const unlock = await lock(join(folder, 'install.lock'))
  try {
    if (ready()) return pythonOf(venv)
    const python = await findPython(options.pythons ?? ['python3', 'python'])
    log('Installing the AWS emulators into .sandbox/venv (once; about half a minute) ...')
    const making = join(folder, 'venv-making')
    rmSync(making, { recursive: true, force: true })
    await run(python, ['-m', 'venv', making], VENV_MISSING)
    await run(
      pythonOf(making),
      // Compiled when first imported: to compile all of it takes half of the time, for modules that nobody imports.
      ['-m', 'pip', 'install', '-q', '--no-input', '--no-compile', '-r', requirements],
      NOT_INSTALLED,
    )
    writeFileSync(join(making, 'requirements.sha256'), wanted)
    rmSync(venv, { recursive: true, force: true })
    // The environment is only ever used through its interpreter, which finds its packages wherever it is moved.
    renameSync(making, venv)
    return pythonOf(venv)
  } finally {
    unlock()
  }
}

const VENV_MISSING =
  'Python has no working venv module. Install it (Debian, Ubuntu: apt-get install python3-venv) and run again.'
const NOT_INSTALLED =
  'The AWS emulator could not be installed from PyPI. Check the network (or the pip configuration) and run again.'
const NO_PYTHON =
  'The sandbox needs Python 3.10 or newer for its AWS emulator, and none was found. Install it from ' +
  'https://www.python.org/downloads/ or with your package manager (apt-get install python3 python3-venv).'

const PYTHON_IN_VENV = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']
const pythonOf = (venv: string) => join(venv, ...PYTHON_IN_VENV)

async function findPython(commands: string[]): Promise<string> {
  for (const command of commands) {
    const { status } = await output(command, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'])
    if (status !== 0) continue
    const { status: venv } = await output(command, ['-c', 'import venv, ensurepip'])
    if (venv !== 0) throw new BadRequest('usage', VENV_MISSING)
    return command
  }
  throw new BadRequest('usage', NO_PYTHON)
}

async function run(command: string, args: string[], advice: string): Promise<void> {
  const { status, text } = await output(command, args)
  if (status !== 0)
    throw new BadRequest('usage', `${advice}\n${text.trim().split('\n').slice(-5).join('\n')}`)
}

/** Status is null when the command could not be started at all. */
function output(command: string, args: string[]): Promise<{ status: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    // Who ends us has the installation ended too; the next one begins anew.
    const end = () => child.kill()
    process.once('exit', end)
    let text = ''
    child.stdout.on('data', (chunk) => (text += chunk))
    child.stderr.on('data', (chunk) => (text += chunk))
    child.on('error', (error) => {
      process.off('exit', end)
      resolve({ status: null, text: error.message })
    })
    child.on('close', (status) => {
      process.off('exit', end)
      resolve({ status, text })
    })
  })
}
