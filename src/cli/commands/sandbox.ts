import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { BadRequest } from '../../engine/refusals.ts'
import { sandboxText } from '../../reports/sandbox-text.ts'
import type { SampleEvent } from '../../sandbox/sample-events/sample-events.ts'
import type { StandInSlack } from '../../sandbox/slack/stand-in.ts'
import type { StackOptions } from '../../sandbox/stack/local-stack.ts'
import { tour } from '../demo/tour.ts'
import { loadPlaybooks } from '../program/catalogue.ts'
import type { Invocation } from '../program/invocation.ts'
import { uponInterruption } from '../terminal/interruption.ts'

const EXAMPLES = `
Examples:
  rectify sandbox                          until Ctrl-C
  rectify sandbox --port 4599 --json       one line of JSON when it is ready
  rectify sandbox --events found           and what the detectors say about it, as files in found/
  rectify sandbox --stack dev              with template.yaml deployed as stack dev, and a Slack in a page
  rectify sandbox --stack dev --policy my-rectify.yaml
  rectify sandbox --sam                    with room for a stack that you deploy yourself (sam deploy)

Everything in it is on this machine and is gone when it ends.`

/** `rectify sandbox`: AWS on this machine, seeded, until SIGINT or SIGTERM. Loopback only. */
export function sandbox(command: Command, invocation: Invocation): void {
  command
    .addOption(new Option('--port <port>', 'listen here (default: a free port)').argParser(portOf))
    .addOption(
      new Option('--events <dir>', 'write events of the detectors about what is in it to this folder'),
    )
    .addOption(new Option('--sam', 'deploy nothing, but be ready for `sam deploy`'))
    .addHelpText('after', EXAMPLES)
    .action(async ({ port, events, sam }: { port?: number; events?: string; sam?: true }) => {
      const { output, shared, cwd } = invocation
      const stack = await stackOf(invocation, sam)
      // Before the work, which takes long.
      if (events !== undefined) await makeFolder(resolve(cwd, events))
      const off = uponInterruption(() => output.note('interrupted before it was ready'))
      const { startSandbox } = await import('../../sandbox/start.ts')
      const started = await startSandbox({
        ...(port !== undefined && { port }),
        ...(stack && { stack }),
        log: (line) => output.note(line),
      })
      const { endpoint, region, account, seeds, deployed } = started
      // SAM and version 1 of the AWS CLI look for the region only there.
      const env = { ...started.env, AWS_DEFAULT_REGION: region }
      if (events !== undefined) await writeEvents(resolve(cwd, events), seeds)
      off()
      const interrupted = interruption()
      // Ours, not the emulator's: who started us in the background ends us by it.
      const ready = {
        endpoint,
        region,
        account,
        env,
        seeds,
        pid: process.pid,
        stack: sam ? undefined : deployed?.stack,
        ...(deployed?.slack && { slack: slackOf(deployed.slack) }),
      }
      const steps = tour({ seeds, events, stack: ready.stack?.name, policy: shared.policy })
      output.result(ready, () =>
        sandboxText({ ...ready, sam, alias: aliasOf(invocation), tour: steps }, output.paint),
      )
      await interrupted
      await started.stop()
    })
}

/** What to paste into a shell so that `rectify` is a word there; undefined where it is one. */
function aliasOf({ env }: Invocation): string | undefined {
  if (env.npm_lifecycle_event !== 'rectify') return undefined
  return `alias rectify="npm run -s rectify --prefix '${env.npm_config_local_prefix}' --"`
}

/** How to reach the stand-in Slack, and who is in it. What hears its clicks is no address where a stack is still to come. */
function slackOf({ api, page, token, signingSecret, workspace, channel, users, receiver }: StandInSlack) {
  const reached = { api, page, token, signingSecret, workspace, channel, users }
  return { ...reached, receiver: typeof receiver === 'string' ? receiver : null }
}

/** In the folder of the events: what every other detector says. */
const DETECTORS = 'detectors'

/** What the detectors would say about the seeds, one file per event. */
async function writeEvents(folder: string, seeds: Record<string, string>): Promise<void> {
  const [{ sampleEvents }, { detectorEvents }] = await Promise.all([
    import('../../sandbox/sample-events/sample-events.ts'),
    import('../../sandbox/sample-events/every-detector.ts'),
  ])
  const write = async (place: string, events: SampleEvent[]) => {
    for (const { name, event } of events)
      await writeFile(join(place, `${name}.json`), `${JSON.stringify(event, null, 2)}\n`)
  }
  await write(folder, sampleEvents(seeds))
  const others = join(folder, DETECTORS)
  await makeFolder(others)
  await write(others, detectorEvents(seeds))
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    throw new BadRequest('usage', `--events: the folder cannot be made: ${cause.message}`, { cause })
  })
}

/** The stack to deploy, with the policy that `--policy` names, else the one that lies beside the template. */
async function stackOf(invocation: Invocation, sam: true | undefined): Promise<StackOptions | undefined> {
  const { shared, cwd } = invocation
  const { stack: name } = shared
  if (sam && name !== undefined) {
    throw new BadRequest('usage', '--stack deploys the stack, --sam leaves that to you: give one of them')
  }
  if (sam) return { name: '', byHand: true, slack: true }
  if (name === undefined) return undefined
  if (shared.policy === undefined) return { name, slack: true }
  const file = resolve(cwd, shared.policy)
  const [{ loadPolicy }, playbooks] = await Promise.all([
    import('../../policy/file/load.ts'),
    loadPlaybooks(invocation),
  ])
  await loadPolicy(file, playbooks)
  const text = await readFile(file, 'utf8')
  return { name, slack: true, policy: () => text }
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
