import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { sandboxText } from '../../reports/sandbox-text.ts'
import type { StackOptions } from '../../sandbox/stack.ts'
import { loadPlaybooks } from '../catalogue.ts'
import type { Invocation } from '../invocation.ts'

const EXAMPLES = `
Examples:
  rectify sandbox                          until Ctrl-C
  rectify sandbox --port 4599 --json       one line of JSON when it is ready
  rectify sandbox --stack dev              with template.yaml deployed as stack dev
  rectify sandbox --stack dev --policy my-rectify.yaml`

/** `rectify sandbox`: AWS on this machine, seeded, until SIGINT or SIGTERM. Loopback only. */
export function sandbox(invocation: Invocation): Command {
  return new Command('sandbox')
    .description('start AWS on this machine, seed it, keep it up until it is interrupted')
    .addOption(new Option('--port <port>', 'listen here (default: a free port)').argParser(portOf))
    .addHelpText('after', EXAMPLES)
    .action(async ({ port }: { port?: number }) => {
      const { output, shared } = invocation
      const stack = shared.stack === undefined ? undefined : await stackOf(shared.stack, invocation)
      const interrupted = interruption()
      const { startSandbox } = await import('../../sandbox/start.ts')
      const started = await startSandbox({
        ...(port !== undefined && { port }),
        ...(stack && { stack }),
        log: (line) => output.note(line),
      })
      const { endpoint, region, account, env, seeds, deployed } = started
      // Ours, not the emulator's: who started us in the background ends us by it.
      const ready = { endpoint, region, account, env, seeds, pid: process.pid, stack: deployed?.stack }
      output.result(ready, () => sandboxText(ready, output.paint))
      await interrupted
      await started.stop()
    })
}

/** The stack to deploy, with the policy that `--policy` names, else the one that lies beside the template. */
async function stackOf(name: string, { shared, cwd }: Invocation): Promise<StackOptions> {
  if (shared.policy === undefined) return { name }
  const file = resolve(cwd, shared.policy)
  const [{ loadPolicy }, playbooks] = await Promise.all([import('../../policy/load.ts'), loadPlaybooks()])
  loadPolicy(file, playbooks)
  const text = await readFile(file, 'utf8')
  return { name, policy: () => text }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('a port is 0 to 65535.')
  return port
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once, as it would have. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  })
}
