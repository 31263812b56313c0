import { clientConfig, type SandboxEnvironment } from '../client-config.ts'
import type { Control } from '../control.ts'
import type { Emulator } from '../emulator.ts'
import type { Seeds } from '../seeds.ts'
import type { StandInSlack } from '../slack/stand-in.ts'
import { startSlack } from '../slack/start-slack.ts'
import { type DeployOptions, deploy, type Stack } from './deploy.ts'
import { type Detectors, startDetectors } from './detectors.ts'
import { startMinistack } from './ministack.ts'
import { keepSecrets, receiverAt, receiverOfAny, slackParameters } from './slack-app.ts'

export interface StackOptions extends Omit<DeployOptions, 'policy' | 'ready'> {
  /** The `rectify.yaml` to deploy, which may be about the seeds; default the repository's own. */
  policy?: (seeds: Seeds) => string
  /** Somebody else deploys it (`sam deploy`): only the emulator and the detectors are started. */
  byHand?: boolean
  /** Whether people are asked in a stand-in Slack, too. */
  slack?: boolean
}

/** What was deployed into a sandbox, the emulator that runs it, and who puts events on its bus. */
export interface Deployed {
  stack: Stack
  emulator: Emulator
  detectors: Detectors
  /** Where people are asked. */
  slack?: StandInSlack
  stop(): Promise<void>
}

export interface Surroundings {
  /** How the front is reached. */
  env: SandboxEnvironment
  control: Control
  seeds: Promise<Seeds>
  /** Told where the emulator listens, before anything is deployed through the front. */
  listening(url: string): void
  log: (line: string) => void
}

/** In a sandbox what is found is what somebody says: its seeds would be put right, or be asked about, after five minutes. */
const BY_DEFAULT = { AskDetectors: 'never' }

/** Starts the emulator of a deployment, deploys `template.yaml` through the front, and wakes the detectors. */
export async function startStack(
  { policy, byHand, slack: withSlack, ...options }: StackOptions,
  { env, control, seeds, listening, log }: Surroundings,
): Promise<Deployed> {
  const target = clientConfig(env)
  const text = policy && (async () => policy(await seeds))
  const slack = withSlack ? await startSlack() : undefined
  const parameters = { ...BY_DEFAULT, ...(slack && slackParameters(slack)), ...options.parameters }
  const starting = startMinistack(env.AWS_ENDPOINT_URL, { log })
  const ready = starting.then(({ url }) => {
    listening(url)
    if (!byHand) log('Deploying the stack ...')
  })
  // Why it did not start is what `starting` says.
  ready.catch(() => undefined)
  // The functions are bundled while the emulator starts.
  const deploying = byHand
    ? ready.then(() => ({ name: options.name, outputs: {} }))
    : deploy(target, { ...options, parameters, ready, ...(text && { policy: text }) })
  const [started, deployed] = await Promise.allSettled([starting, deploying])
  if (started.status === 'rejected' || deployed.status === 'rejected') {
    await slack?.stop()
    if (started.status === 'rejected') throw started.reason
    await started.value.stop()
    throw (deployed as PromiseRejectedResult).reason
  }
  const emulator = started.value
  if (slack && byHand) slack.receiver = receiverOfAny(target, emulator.url)
  else if (slack) await connected(slack, { env, seeds, emulator, stack: deployed.value })
  const detectors = startDetectors(target, control)
  return {
    stack: deployed.value,
    emulator,
    detectors,
    ...(slack && { slack }),
    async stop() {
      detectors.stop()
      await slack?.stop()
      await emulator.stop()
    },
  }
}

/** Tells the stack the secrets of the Slack app, and the app where the stack hears clicks. */
async function connected(
  slack: StandInSlack,
  { env, seeds, emulator, stack }: Pick<Surroundings, 'env' | 'seeds'> & Pick<Deployed, 'emulator' | 'stack'>,
): Promise<void> {
  // Systems Manager is there once there are seeds.
  await seeds
  await keepSecrets(env, slack)
  const { SlackUrl } = stack.outputs
  if (SlackUrl !== undefined) slack.receiver = receiverAt(emulator.url, SlackUrl)
}
