import { createHmac, timingSafeEqual } from 'node:crypto'
import { headerOf, rawBody, type SlackRequest } from './slack-request.ts'

/** How far the sender's clock may be off, in both directions (s): https://docs.slack.dev/authentication/verifying-requests-from-slack */
const MOST_SECONDS_OFF = 300

/** A request that has the form of a signed one and is of this time; by whom it was signed is open. */
export interface Signed {
  timestamp: string
  /** Of HMAC-SHA256. */
  signature: Buffer
  raw: Buffer
}

/**
 * What can be known without the secret: most of what strangers send ends here.
 * @param now ms since 1970, UTC: the request is of the five minutes around it
 */
export function signedRequest(request: SlackRequest, now: number): Signed | undefined {
  const timestamp = headerOf(request, 'x-slack-request-timestamp') ?? ''
  const [, hex] = /^v0=([0-9a-f]{64})$/.exec(headerOf(request, 'x-slack-signature') ?? '') ?? []
  if (hex === undefined || !/^[1-9]\d{0,11}$/.test(timestamp)) return undefined
  if (Math.abs(now / 1000 - Number(timestamp)) > MOST_SECONDS_OFF) return undefined
  const raw = rawBody(request)
  return raw && { timestamp, signature: Buffer.from(hex, 'hex'), raw }
}

/** An empty secret signs nothing: anybody could. */
export function isSignedWith({ timestamp, signature, raw }: Signed, secret: string): boolean {
  if (secret === '') return false
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(raw).digest()
  return timingSafeEqual(expected, signature)
}
