import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import pLimit from 'p-limit'
import { type ApiCall, iamAction, type Service } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import { nameAwsError } from './errors.ts'

export interface ClientOptions {
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
  /** ms for one attempt, from the request to the head of its answer. Default 30,000. */
  requestTimeoutMs?: number
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
  requestId: string | undefined
  /** From the first attempt to the end of the last, waits in between included. */
  ms: number
  attempts: number
  /** The service's code when it failed; `DryRunOperation` is a dry run that would have succeeded. */
  error?: string
}

interface Command {
  middlewareStack: { add(middleware: unknown, options: { step: 'finalizeRequest'; priority: 'low' }): void }
}
interface Client {
  send(command: Command, options?: { abortSignal?: AbortSignal }): Promise<Record<string, unknown>>
}
type Made = new (argument: object) => Client & Command
type Module = { Client: Made } & Record<string, Made | undefined>

/** Loaded when first used: a run needs one or two of them. Which operations there are stands beside the playbooks. */
const SERVICES: Record<Service, () => Promise<unknown>> = {
  ec2: () => import('../../playbooks/ec2/client.ts'),
  ssm: () => import('../../playbooks/ssm/client.ts'),
  wafv2: () => import('../../playbooks/wafv2/client.ts'),
  s3: () => import('../../playbooks/s3/client.ts'),
  config: () => import('../../playbooks/config/client.ts'),
  sts: () => import('./sts.ts'),
}

const CONNECT_MS = 5_000

/** Sends one call; the answer as the SDK gives it. Errors are `AwsError`. */
export type SendCall = (
  region: string | undefined,
  call: ApiCall,
  options?: { attempts?: number; signal?: AbortSignal },
) => Promise<Record<string, unknown>>

/**
 * The SDK's clients: one per service, region and number of attempts, sharing their connections. Credentials and
 * configuration come from the usual places; retries are adaptive, so that throttling slows all runs down together.
 */
export function clients(options: ClientOptions = {}): SendCall {
  const {
    attempts: mostAttempts = 4,
    concurrency = 32,
    requestTimeoutMs = 30_000,
    profile,
    credentials,
    endpoint,
    trace,
  } = options
  const agent = { keepAlive: true, maxSockets: concurrency }
  const requestHandler = options.requestHandler ?? {
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    connectionTimeout: CONNECT_MS,
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
  }
  // Queued here and not for a socket: the SDK's timeouts run while a request waits for one.
  const inTurn = pLimit(concurrency)
  const cached = new Map<string, Promise<{ module: Module; client: Client }>>()

  function clientFor(service: Service, region: string | undefined, maxAttempts: number) {
    const key = `${service} ${region} ${maxAttempts}`
    const made = cached.get(key) ?? make(service, region, maxAttempts)
    cached.set(key, made)
    return made
  }

  async function make(service: Service, region: string | undefined, maxAttempts: number) {
    const module = (await SERVICES[service]()) as Module
    const client = new module.Client({
      maxAttempts,
      retryMode: 'adaptive',
      requestHandler,
      ...(region && { region }),
      ...(profile && { profile }),
      ...(credentials && { credentials }),
      ...(endpoint && { endpoint }),
      // Emulators have no host name per bucket.
      ...(service === 's3' && (endpoint ?? process.env.AWS_ENDPOINT_URL) && { forcePathStyle: true }),
    })
    return { module, client }
  }

  return async (region = options.region, call, { attempts = mostAttempts, signal } = {}) => {
    const action = iamAction(call.service, call.operation)
    const { module, client } = await clientFor(call.service, region, attempts)
    const Operation = module[`${call.operation}Command`]
    if (!Operation) throw unknownOperation(call.service, action)
    return inTurn(async () => {
      if (signal?.aborted)
        throw new AwsError({ kind: 'retryable', code: 'AbortError', action }, 'stopped before it was sent')
      const command: Command = new Operation(call.input)
      const lost = rememberFailures(command)
      const start = performance.now()
      const traced = (error?: AwsError, requestId = error?.requestId) =>
        trace?.({
          action,
          region,
          requestId,
          ms: performance.now() - start,
          attempts: Math.max(1, error ? lost.length : lost.length + 1),
          ...(error && { error: error.code }),
        })
      const sent = client.send(command, signal ? { abortSignal: signal } : {})
      const answer = await sent.catch((thrown: unknown) => {
        const error = nameAwsError(
          thrown,
          action,
          lost.filter((earlier) => earlier !== thrown),
        )
        traced(error)
        throw error
      })
      traced(undefined, (answer.$metadata as { requestId?: string } | undefined)?.requestId)
      return answer
    })
  }
}

function unknownOperation(service: Service, action: string): AwsError {
  const message = `${action} is not among the operations that playbooks/${service}/client.ts takes from the SDK`
  return new AwsError({ kind: 'final', code: 'UnknownOperation', action }, message)
}

/**
 * Keeps what each attempt of the SDK threw: it only passes on the last, and when that says "duplicate" or "not found"
 * the first may have been the one that succeeded.
 */
function rememberFailures(command: Command): unknown[] {
  const failures: unknown[] = []
  const remember = (next: (argument: unknown) => Promise<unknown>) => async (argument: unknown) => {
    try {
      return await next(argument)
    } catch (error) {
      failures.push(error)
      throw error
    }
  }
  // Low priority: inside the retry loop.
  command.middlewareStack.add(remember, { step: 'finalizeRequest', priority: 'low' })
  return failures
}
