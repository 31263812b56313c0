import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { loopbackServer } from '../loopback-server.ts'
import { refuse } from '../shapes/refuse.ts'
import { type Answer, errorAnswer } from './answer.ts'
import type { Effect } from './faults.ts'
import { type AwsRequest, type RawRequest, understand } from './request.ts'

/** A request that came by, for tests that count and compare calls. */
export interface SeenRequest {
  service: string
  operation: string
  /** As in `AwsRequest`. */
  input: Record<string, unknown>
  dryRun: boolean
  /** Of the answer; 0 while it is under way and when the connection was cut. */
  status: number
  accessKey: string
  account: string
  region: string
  /** ms since 1970, UTC. */
  at: number
}

/** Sends a request to what lies behind. */
export type Forward = (request: RawRequest) => Promise<Answer>

export interface FrontOptions {
  /** Gives `http://127.0.0.1:PORT` of what lies behind: the emulator, or another front. */
  upstream: () => string
  /** What lies behind for this request instead. */
  route?: (request: AwsRequest) => string | undefined
  /** Default: a free one. */
  port?: number
  /** Answers in place of what lies behind; undefined: not its business. */
  overlay?: (request: AwsRequest, forward: Forward) => Promise<Answer> | undefined
  faults?: { through(request: AwsRequest, proceed: () => Promise<Answer>): Promise<Effect> }
  /** Where requests are written down. */
  requests?: SeenRequest[]
  accountOf?: (accessKey: string) => string
}

export interface Front {
  /** `http://127.0.0.1:PORT` */
  url: string
  close(): Promise<void>
}

/**
 * A thin HTTP server on loopback between the AWS SDK and an emulator: it writes every request down, lets the
 * faults strike, refuses what AWS refuses by its own models, answers what the overlay knows better, and forwards the
 * rest. What the emulator does not know
 * (it answers with a page of HTML) becomes a 501 in AWS's own error format, which the SDK does not retry.
 */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { upstream, route, overlay, faults, requests = [], accountOf = () => '' } = options

  async function answer(raw: RawRequest): Promise<Effect> {
    const request = understand(raw, accountOf)
    if (!request) return send(upstream(), raw)
    const forward: Forward = (given) => send(route?.(request) ?? upstream(), given)
    const { service, operation, input, dryRun, accessKey, account, region } = request
    const seen: SeenRequest = {
      service,
      operation,
      input,
      dryRun,
      status: 0,
      accessKey,
      account,
      region,
      at: Date.now(),
    }
    requests.push(seen)
    const proceed = async () => {
      try {
        return refuse(request) ?? known(request, await (overlay?.(request, forward) ?? forward(request)))
      } catch (error) {
        return errorAnswer(request, 502, 'EmulatorUnreachable', `the emulator did not answer: ${error}`)
      }
    }
    const effect = faults ? await faults.through(request, proceed) : await proceed()
    if (effect !== 'cut') seen.status = effect.status
    return effect
  }

  const { url, stop } = await loopbackServer(options.port ?? 0, (incoming, outgoing) => {
    read(incoming)
      .then(answer)
      .catch((error: unknown): Answer => ({ status: 502, headers: {}, body: String(error) }))
      .then((effect) => respond(outgoing, effect))
  })
  return { url, close: stop }
}

async function read(incoming: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const { method = 'GET', url = '/', headers } = incoming
  return { method, path: url, headers, body: Buffer.concat(chunks) }
}

function respond(outgoing: ServerResponse, effect: Effect): void {
  if (effect === 'cut') {
    outgoing.socket?.resetAndDestroy()
    return
  }
  outgoing.writeHead(effect.status, effect.headers).end(effect.body)
}

/** A page of HTML is the emulator's way to say that it has never heard of the operation. */
function known(request: AwsRequest, answer: Answer): Answer {
  if (answer.status < 400 || !String(answer.headers['content-type']).startsWith('text/html')) return answer
  const call = `${request.service}:${request.operation}`
  return errorAnswer(
    request,
    501,
    'NotImplemented',
    `the sandbox does not know ${call}, or not with these values`,
  )
}

function send(upstream: string, { method, path, headers, body }: RawRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _, ...kept } = headers
    const outgoing = httpRequest(upstream + path, {
      method,
      headers: { ...kept, 'content-length': body.length, connection: 'close' },
      agent: false,
    })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      read(incoming).then(
        ({ body: answered }) =>
          resolve({ status: incoming.statusCode ?? 502, headers: passedOn(incoming), body: answered }),
        reject,
      )
    })
    outgoing.end(body)
  })
}

/** Headers of the answer but for those that belong to the connection behind us. */
function passedOn({ headers }: IncomingMessage): Answer['headers'] {
  const { connection: _, 'transfer-encoding': __, 'keep-alive': ___, ...rest } = headers
  return rest
}
