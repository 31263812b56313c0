import { afterAll, beforeAll } from '@jest/globals'
import { clientConfig as configOf } from '../../src/sandbox/client-config.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts'

/** Long enough for the installation of the emulator in a fresh checkout. */
const FIRST_START_MS = 300_000

/**
 * One sandbox for a test file: started before its tests, stopped after them. Call it at the top of a file or of a
 * `describe`, and use the returned function inside the tests.
 */
export function withSandbox(options: SandboxOptions = {}): () => Sandbox {
  let sandbox: Sandbox | undefined
  beforeAll(async () => {
    sandbox = await startSandbox(options)
  }, FIRST_START_MS)
  afterAll(() => sandbox?.stop())
  return () => {
    if (!sandbox) throw new Error('the sandbox is there only inside tests')
    return sandbox
  }
}

/** What an SDK client takes to talk to the sandbox. */
export const clientConfig = ({ env }: Sandbox) => configOf(env)
