import { type ApiCall, isRead } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import { iamActionOf, type ServiceDefinition } from '../playbook/service/service.ts'
import { type Command, inTurn, neverSent } from './attempts/attempts.ts'
import { Retries } from './attempts/retries.ts'
import { Turns } from './attempts/turns.ts'
import { nameAwsError } from './errors.ts'
import { type Called, Services } from './services.ts'

export interface ClientOptions {
  /** Those that may be called, as their folders define them. */
  services: readonly ServiceDefinition[]
  profile?: string
  /** For calls that name none (STS); all others go where the finding is. */
  region?: string
  /** Instead of the caller's own: asked again when they run out. */
  credentials?: () => Promise<Credentials>
  /** For every service. Without it the SDK follows `AWS_ENDPOINT_URL` and the profile by itself. */
  endpoint?: string
  /** Most attempts at one call, the first one included. Default 4. */
  attempts?: number
  /** Most calls under way at the same time, over all services. Default 32. */
  concurrency?: number
  /** Shared by the clients of several credentials: whose turn it is. Default: their own, of `concurrency`. */
  turns?: Turns
  /** Whose the credentials are: throttling is by account. Needed where `turns` are shared. */
  account?: string
  /** Ends every call, sent or waiting, when it aborts; asked for anew at each call. */
  until?: () => AbortSignal | undefined
  /** Told after each call by how much AWS's clock is ahead of this machine's (ms). */
  clockSkew?: (offsetMs: number) => void
  /** ms for one attempt, from the request to the head of its answer. Default 30,000. */
  requestTimeoutMs?: number
  /** Shared by the clients of several credentials. Default: their own. */
  connections?: Connections
  /** Instead of the network: what the SDK takes as `requestHandler`. */
  requestHandler?: { handle(request: unknown, options?: unknown): Promise<{ response: unknown }> }
  /** Told of each API call when it has ended. */
  trace?: (call: TracedCall) => void
}

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  /** When they must be asked for again. */
  expiration?: Date
}

export interface TracedCall {
  /** 'ec2:DescribeSecurityGroupRules' */
  action: string
  region: string | undefined
  /** Whose resources it is about, where the credentials are not the caller's own. */
  account?: string
  requestId: string | undefined
  /** From the first attempt to the end of the last, waits in between included. */
  ms: number
  attempts: number
  /** The service's code when it failed; `DryRunOperation` is a dry run that would have succeeded. */
  error?: string
}

interface Client {
  /** `systemClockOffset` is what the SDK has seen of AWS's clock (ms), and signs with. */
  readonly config: { systemClockOffset?: number }
  send(command: Command, options?: { abortSignal?: AbortSignal }): Promise<Record<string, unknown>>
}
type Made = new (argument: object) => Client & Command
type Module = { Client: Made } & Record<string, Made | undefined>

const CONNECT_MS = 5_000
/** Most calls under way at the same time, over all services, unless said otherwise. */
export const MOST_UNDER_WAY = 32

/** How calls go over the network, as the SDK takes it: connections are no caller's own, and opening one takes time. */
export type Connections = ReturnType<typeof connectionsOf>

/** @param requestTimeoutMs as in `ClientOptions` */
export function connectionsOf({
  concurrency = MOST_UNDER_WAY,
  requestTimeoutMs = 30_000,
}: Pick<ClientOptions, 'concurrency' | 'requestTimeoutMs'>) {
  // Not imported, see `node-http.ts`: a tenth of what a function does until its first message is handled.
  const http = process.getBuiltinModule('node:http')
  const https = process.getBuiltinModule('node:https')
  const agent = { keepAlive: true, maxSockets: concurrency }
  return {
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    connectionTimeout: CONNECT_MS,
    httpAgent: new http.Agent(agent),
    httpsAgent: new https.Agent(agent),
  }
}

/** Sends one call; the answer as the SDK gives it. Errors are `AwsError`. */
export type SendCall = (
  region: string | undefined,
  call: ApiCall,
  options?: { attempts?: number; signal?: AbortSignal; startBy?: AbortSignal },
) => Promise<Record<string, unknown>>

/**
 * The SDK's clients: one per service, region and number of attempts, sharing their connections. Credentials and
 * configuration come from the usual places. Retries are the SDK's standard ones, decided by the error (`Retries`); how
 * fast calls go is decided for all runs together, per account, region, service and whether it is a read (`Turns`).
 */
export function clients(options: ClientOptions): SendCall {
  const {
    attempts: mostAttempts = 4,
    concurrency = MOST_UNDER_WAY,
    account = '',
    until,
    clockSkew,
    trace,
  } = options
  // Queued there and not for a socket: the SDK's timeouts run while a request waits for one.
  const turns = options.turns ?? new Turns(concurrency)
  const known = new Services(options.services)
  const clientFor = sharedClients(options)

  return async (
    region = options.region,
    call,
    { attempts: most = mostAttempts, signal: own, startBy } = {},
  ) => {
    const { operation, input } = call
    const service = known.of(call)
    const action = iamActionOf(service, operation)
    const { module, client } = await clientFor(service, region, most)
    const Operation = module[`${operation}Command`]
    if (!Operation) throw unknownOperation(call, action)
    // Clients write into what they are given: S3's put the algorithm of a checksum there, and a plan would show it.
    const command: Command = new Operation({ ...input })
    const signal = firstOf(own, until?.())
    const to = [account, region, service.id, isRead(operation)].join(' ')
    const attempts = inTurn(command, {
      turns,
      to,
      action,
      codes: service.errors,
      startBy: startBy ? firstOf(startBy, until?.()) : signal,
    })
    const called = performance.now()
    const ended = (error?: AwsError, requestId = error?.requestId) => {
      clockSkew?.(client.config.systemClockOffset ?? 0)
      trace?.({
        action,
        region,
        ...(options.account !== undefined && { account: options.account }),
        requestId,
        ms: performance.now() - (attempts.startedAt ?? called),
        attempts: Math.max(1, error ? attempts.failures.length : attempts.failures.length + 1),
        ...(error && { error: error.code }),
      })
    }
    const answer = await client.send(command, signal && { abortSignal: signal }).catch((thrown: unknown) => {
      const earlier = attempts.failures.filter((failure) => failure !== thrown)
      const unsent = signal?.aborted && attempts.startedAt === undefined
      const error = unsent ? neverSent(action, thrown) : nameAwsError(thrown, action, earlier, service.errors)
      ended(error)
      throw error
    })
    ended(undefined, (answer.$metadata as { requestId?: string } | undefined)?.requestId)
    return answer
  }
}

const nothing = () => undefined

/**
 * Nobody listens, as the SDK has it by default. Without `info` it does not copy each input and answer for a line that is
 * thrown away: a twentieth of what a call costs.
 */
const QUIET = { trace: nothing, debug: nothing, warn: nothing, error: nothing }

/** One client per service, region and number of attempts, all over the same connections. */
function sharedClients(options: ClientOptions) {
  const { profile, credentials, endpoint } = options
  const requestHandler = options.requestHandler ?? options.connections ?? connectionsOf(options)
  const cached = new Map<string, Promise<{ module: Module; client: Client }>>()

  /** A client is loaded when first used: a run needs one or two of them. */
  async function make(service: ServiceDefinition, region: string | undefined, maxAttempts: number) {
    const module = (await service.load()) as Module
    const client = new module.Client({
      maxAttempts,
      retryStrategy: new Retries(maxAttempts, service.errors),
      requestHandler,
      logger: QUIET,
      ...(region && { region }),
      ...(profile && { profile }),
      ...(credentials && { credentials }),
      ...(endpoint && { endpoint }),
      ...((endpoint ?? process.env.AWS_ENDPOINT_URL) && service.atEndpoint),
    })
    return { module, client }
  }

  return (service: ServiceDefinition, region: string | undefined, maxAttempts: number) => {
    const key = `${service.id} ${region} ${maxAttempts}`
    const made = cached.get(key) ?? make(service, region, maxAttempts)
    cached.set(key, made)
    return made
  }
}

/** Aborts with whichever is the first. */
function firstOf(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one && other ? AbortSignal.any([one, other]) : (one ?? other)
}

function unknownOperation({ service, operation }: Called, action: string): AwsError {
  const message = `${operation} is not among the operations that playbooks/${service}/client.ts takes from the SDK`
  return new AwsError({ kind: 'final', code: 'UnknownOperation', action }, message)
}
