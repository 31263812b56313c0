import { BadRequest } from '../engine/refusals.ts'
import type { Control } from './control.ts'
import type { Emulator } from './emulator.ts'
import { createControl } from './fresh-control.ts'
import { type FaultRules, faultLayer } from './front/faults.ts'
import { type SeenRequest, startFront } from './front/front.ts'
import { startMoto } from './moto.ts'
import { overlay } from './overlay/overlay.ts'
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from './place.ts'
import { switchConfigOn } from './seeds/sample-rules.ts'
import { plantSeeds, type Seeds } from './seeds.ts'
import { type Deployed, type StackOptions, startStack } from './stack/local-stack.ts'
import { isForStack } from './stack/routes.ts'

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
  env: {
    AWS_ENDPOINT_URL: string
    AWS_ACCESS_KEY_ID: string
    AWS_SECRET_ACCESS_KEY: string
    AWS_REGION: string
  }
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
  stop(): Promise<void>
}

const KEY = 'AKIASANDBOX000000000'

/**
 * Starts a sandbox; it ends with this process at the latest. Installs the emulator on first use, see `ensureVenv`.
 * @throws BadRequest('usage') when Python is missing, the emulator cannot be installed, or the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { log = () => {}, seed = true, stack } = options
  const control = createControl()
  const requests: SeenRequest[] = []
  const faults: FaultRules = []
  let stackUrl: string | undefined
  let moto: Emulator | undefined
  const motoUrl = () => {
    if (!moto) throw new Error('the emulator has not started yet')
    return moto.url
  }
  const front = await startFront({
    upstream: motoUrl,
    route: (request) => (isForStack(request) ? stackUrl : undefined),
    ...(options.port === undefined ? {} : { port: options.port }),
    overlay: overlay(control),
    faults: faultLayer(faults),
    requests,
    accountOf: (key) => control.sessions.get(key) ?? SANDBOX_ACCOUNT,
  }).catch((error: unknown) => {
    const place = options.port === undefined ? 'the loopback interface' : `port ${options.port}`
    throw new BadRequest('usage', `the sandbox cannot listen on ${place}: ${String(error)}`, { cause: error })
  })
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
    async reset() {
      faults.length = 0
      control.reset()
      await fetch(`${motoUrl()}/moto-api/reset`, { method: 'POST' })
      await switchConfigOn(env)
      if (seed) sandbox.seeds = await plantSeeds(env, control)
      requests.length = 0
    },
    async stop() {
      await sandbox.deployed?.stop()
      await front.close()
      await moto?.stop()
    },
  }
  const deployed = async (seeds: Promise<Seeds>) => {
    if (!stack) return
    const listening = (url: string) => {
      stackUrl = url
    }
    const surroundings = { env, control, seeds, listening, log }
    sandbox.deployed = await startStack(stack === true ? { name: 'rectify' } : stack, surroundings)
  }
  const started = async () => {
    moto = await startMoto({ log })
    sandbox.emulator = moto
    const [planted] = await Promise.all([seed ? plantSeeds(env, control) : {}, switchConfigOn(env)])
    return planted
  }
  const seeds = started()
  // Both start at once, and what has started is stopped only when neither is starting any more.
  const outcomes = await Promise.allSettled([seeds, deployed(seeds)])
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) {
    await sandbox.stop()
    throw failed.reason
  }
  sandbox.seeds = await seeds
  requests.length = 0
  faults.push(...(options.faults ?? []))
  return sandbox
}
