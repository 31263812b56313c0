import { BadRequest } from '../engine/refusals.ts'
import type { SandboxEnvironment } from './client-config.ts'
import type { Control } from './control.ts'
import type { Emulator } from './emulator.ts'
import { createControl } from './fresh-control.ts'
import { type FaultRules, faultLayer } from './front/faults.ts'
import { type Front, type SeenRequest, startFront } from './front/front.ts'
import { emptyMoto, startMoto } from './moto.ts'
import { overlay } from './overlay/overlay.ts'
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from './place.ts'
import { switchConfigOn } from './seeds/sample-rules.ts'
import { plantSeeds, type Seeds } from './seeds.ts'
import { type Deployed, type StackOptions, startStack } from './stack/local-stack.ts'
import { isForStack } from './stack/routes.ts'
import { keepSecrets } from './stack/slack-app.ts'

export interface SandboxOptions {
  /** Default: a free one. */
  port?: number
  /** Whether to create the seeds; default yes. */
  seed?: boolean
  /** In force once the seeds stand and the stack is deployed. */
  faults?: FaultRules
  /** Deploys `template.yaml`; true: under the name `rectify`, as it stands. Default: there is no stack. */
  stack?: true | StackOptions
  /** Told what takes long (installing the emulator). */
  log?: (line: string) => void
}

/** AWS on this machine: emulators behind a front, all of it on loopback. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`, for every service. */
  endpoint: string
  region: string
  account: string
  /** What a process needs to talk to it. */
  env: SandboxEnvironment
  /** Name → id of what was seeded. */
  seeds: Record<string, string>
  emulator: { pid: number; log: readonly string[] }
  /** Every API request since the seeds stood. */
  requests: SeenRequest[]
  /** Change the list to change what goes wrong. */
  faults: FaultRules
  /** What the overlays know: associations, managed instances, how long commands take ... */
  control: Control
  /** With `stack`. */
  deployed?: Deployed
  /** Everything as freshly started: resources gone, seeds anew (with new ids), no faults, no requests. A stack stays. */
  reset(): Promise<void>
  /** What it holds is gone, and nothing is seeded; faults, requests and a stack stay. */
  empty(): Promise<void>
  stop(): Promise<void>
}

const KEY = 'AKIASANDBOX000000000'

/** What stands behind the front, each once it has started. */
interface Behind {
  moto: Emulator | undefined
  /** `http://127.0.0.1:PORT` of the stack. */
  stackUrl: string | undefined
}

/**
 * Starts a sandbox; it ends with this process at the latest. Installs the emulator on first use, see `ensureVenv`.
 * @throws BadRequest('usage') when Python is missing, the emulator cannot be installed, or the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { seed = true } = options
  const told: Told = { control: createControl(), requests: [], faults: [] }
  const behind: Behind = { moto: undefined, stackUrl: undefined }
  const front = await openFront(options.port, behind, told)
  const sandbox = sandboxAt(front, behind, told, seed)
  const seeds = startEmulator(sandbox, behind, options)
  // Both start at once, and what has started is stopped only when neither is starting any more.
  const outcomes = await Promise.allSettled([seeds, deploy(sandbox, behind, seeds, options)])
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) {
    await sandbox.stop()
    throw failed.reason
  }
  sandbox.seeds = await seeds
  told.requests.length = 0
  told.faults.push(...(options.faults ?? []))
  return sandbox
}

/** What the front writes down, and what it is told. */
type Told = Pick<Sandbox, 'control' | 'requests' | 'faults'>

async function openFront(
  port: number | undefined,
  behind: Behind,
  { control, requests, faults }: Told,
): Promise<Front> {
  return startFront({
    upstream: () => motoUrl(behind),
    route: (request) => (isForStack(request) ? behind.stackUrl : undefined),
    ...(port === undefined ? {} : { port }),
    overlay: overlay(control),
    faults: faultLayer(faults),
    requests,
    accountOf: (key) => control.sessions.get(key) ?? SANDBOX_ACCOUNT,
  }).catch((error: unknown) => {
    const place = port === undefined ? 'the loopback interface' : `port ${port}`
    throw new BadRequest('usage', `the sandbox cannot listen on ${place}: ${String(error)}`, { cause: error })
  })
}

function motoUrl({ moto }: Behind): string {
  if (!moto) throw new Error('the emulator has not started yet')
  return moto.url
}

/** The sandbox at this front, with nothing started behind it. */
function sandboxAt(front: Front, behind: Behind, told: Told, seed: boolean): Sandbox {
  const { control, requests, faults } = told
  const env = {
    AWS_ENDPOINT_URL: front.url,
    AWS_ACCESS_KEY_ID: KEY,
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: SANDBOX_REGION,
  }
  const sandbox: Sandbox = {
    endpoint: front.url,
    region: SANDBOX_REGION,
    account: SANDBOX_ACCOUNT,
    env,
    seeds: {},
    emulator: { pid: 0, log: [] },
    requests,
    faults,
    control,
    async empty() {
      control.reset()
      await emptyMoto(motoUrl(behind))
    },
    async reset() {
      faults.length = 0
      await sandbox.empty()
      await switchConfigOn(env)
      if (seed) sandbox.seeds = await plantSeeds(env, control)
      const { slack } = sandbox.deployed ?? {}
      if (slack) await keepSecrets(env, slack)
      requests.length = 0
    },
    async stop() {
      await sandbox.deployed?.stop()
      await front.close()
      await behind.moto?.stop()
    },
  }
  return sandbox
}

async function startEmulator(
  sandbox: Sandbox,
  behind: Behind,
  { log = () => {}, seed = true }: SandboxOptions,
): Promise<Seeds> {
  const { env, control } = sandbox
  behind.moto = await startMoto({ log })
  sandbox.emulator = behind.moto
  const [planted] = await Promise.all([seed ? plantSeeds(env, control) : {}, switchConfigOn(env)])
  return planted
}

/** Deploys the stack where one is wanted. */
async function deploy(
  sandbox: Sandbox,
  behind: Behind,
  seeds: Promise<Seeds>,
  { stack, log = () => {} }: SandboxOptions,
): Promise<void> {
  if (!stack) return
  const { env, control } = sandbox
  const listening = (url: string) => {
    behind.stackUrl = url
  }
  const surroundings = { env, control, seeds, listening, log }
  sandbox.deployed = await startStack(stack === true ? { name: 'rectify' } : stack, surroundings)
}
