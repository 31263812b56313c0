import { createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { performance } from 'node:perf_hooks'

/** What the stand-in sends to a receiver. */
export interface SignedRequest {
  method: 'POST'
  headers: Record<string, string>
  body: string
}

export interface ReceiverAnswer {
  status: number
  body: string
}

/** An address, or what stands in for one. */
export type Receiver = string | ((request: SignedRequest) => Promise<ReceiverAnswer>)

/** What came of an interaction. */
export interface Interaction extends ReceiverAnswer {
  /** Until the answer was there. */
  ms: number
  /**
   * Why there is no answer (then the status is 0), in Slack's words where it has some: `operation_timeout`,
   * `unreachable`, `no_receiver`, or why nothing was sent: `no_such_message`, `no_such_element`, `not_found` …
   */
  error?: string
}

/** Slack's `v0`: https://docs.slack.dev/authentication/verifying-requests-from-slack. `at`: ms since 1970, UTC. */
export function signed(fields: Record<string, string>, secret: string, at: number): SignedRequest {
  const body = new URLSearchParams(fields).toString()
  const timestamp = String(Math.floor(at / 1000))
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  }
}

/** Sends, and waits for the answer as long as Slack does. */
export async function send(
  receiver: Receiver | undefined,
  request: SignedRequest,
  timeoutMs: number,
): Promise<Interaction> {
  const start = performance.now()
  const ended = (answer: ReceiverAnswer & { error?: string }): Interaction => ({
    ...answer,
    ms: Math.round(performance.now() - start),
  })
  if (receiver === undefined) return ended({ status: 0, body: '', error: 'no_receiver' })
  if (typeof receiver === 'function') return ended(await receiver(request))
  return ended(await posted(receiver, request, timeoutMs))
}

function posted(
  url: string,
  { headers, body }: SignedRequest,
  timeoutMs: number,
): Promise<ReceiverAnswer & { error?: string }> {
  return new Promise((resolve) => {
    const unanswered = (error: string) => resolve({ status: 0, body: '', error })
    const signal = AbortSignal.timeout(timeoutMs)
    const http = url.startsWith('https:') ? httpsRequest : httpRequest
    const outgoing = http(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal,
    })
    const failed = () => unanswered(signal.aborted ? 'operation_timeout' : 'unreachable')
    outgoing.on('error', failed)
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', failed)
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      )
    })
    outgoing.end(body)
  })
}
