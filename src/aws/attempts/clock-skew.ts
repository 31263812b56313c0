import { CredentialsProblem, nameAwsError } from '../errors.ts'

/** From here on a wrong clock is told (ms): leases, approvals and the ends of blocks go by it. */
const TOLD_MS = 60_000

/** Codes of requests whose signature was of the wrong time. EC2 says so as if the keys were wrong. */
const OTHER_TIME: ReadonlySet<string> = new Set([
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
])

/** Whether a refusal may only be about this machine's clock, which the SDK has seen to be wrong: it signs anew. */
export function signedAtAnotherTime(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { $metadata?: { clockSkewCorrected?: boolean } }
  if (!$metadata?.clockSkewCorrected) return false
  const named = nameAwsError(error, '')
  return named instanceof CredentialsProblem && OTHER_TIME.has(named.code)
}

/** What to say of a clock that is off by so many ms (AWS's time less this machine's); undefined when it is good enough. */
export function skewText(offsetMs: number): string | undefined {
  if (!(Math.abs(offsetMs) >= TOLD_MS)) return undefined
  const minutes = Math.round(Math.abs(offsetMs) / 60_000)
  const which = offsetMs > 0 ? 'behind' : 'ahead of'
  return (
    `the clock of this machine is ${minutes} min ${which} AWS's. Set it (timedatectl set-ntp true; on macOS: ` +
    'sudo sntp -sS time.apple.com): leases, approvals and the ends of blocks go by it, and AWS refuses what is ' +
    'signed more than 5 min off'
  )
}

/** Tells of a wrong clock once, however many clients see it. */
export function skewTeller(tell: (message: string) => void): (offsetMs: number) => void {
  let told = false
  return (offsetMs) => {
    const message = told ? undefined : skewText(offsetMs)
    if (message === undefined) return
    told = true
    tell(message)
  }
}
