import type { Stack } from '../stack/deployment.ts'
import type { Output } from '../terminal/output.ts'
import type { ExitStatus } from './exit-status.ts'

/** The options that every command accepts, before or after its name; one without use there is ignored. */
export interface Shared {
  json?: boolean
  policy?: string
  /** A second `--policy`: what it would decide otherwise. */
  otherPolicy?: string
  playbooks?: string
  state?: string
  endpointUrl?: string
  region?: string
  profile?: string
  yes?: boolean
  approve?: string
  rest?: string
  /** As `rest`, by its name of before. */
  hold?: string
  includeSamples?: boolean
  stack?: string
  verbose?: boolean
}

export type Environment = Record<string, string | undefined>

/** One call of the program: what every command gets, and where it leaves its exit status. */
export interface Invocation {
  readonly env: Environment
  /** Folder that relative paths are resolved against. */
  readonly cwd: string
  readonly output: Output
  /** Filled by the parser before a command acts. */
  shared: Shared
  status: ExitStatus
  /** Tells a fault that nobody caught; there as soon as something may be changed, because nothing may go on after one. */
  fault?: (error: unknown) => ExitStatus
  /** Finds the deployment that `--stack` names; CloudFormation is asked where it is left out. */
  findStack?(invocation: Invocation, name: string): Promise<Stack>
}

/** Whether `--verbose` is among the arguments: asked before they are read, and when they cannot be. */
export function isVerbose(argv: readonly string[]): boolean {
  return argv.includes('-v') || argv.includes('--verbose')
}

/**
 * Where the person stands. `npm run` starts us in the checkout and tells in INIT_CWD where it was called; a process
 * that merely inherited that variable stands elsewhere and means its own folder.
 */
export function workingFolder(env: Environment, cwd: string, checkout: string): string {
  return env.INIT_CWD && cwd === checkout ? env.INIT_CWD : cwd
}
