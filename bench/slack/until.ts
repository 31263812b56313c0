import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 5

/**
 * Asks until there is an answer.
 * @param what told where there is none in time
 */
export async function until<T>(
  what: () => string,
  ask: () => T | undefined | Promise<T | undefined>,
  { patienceMs = 60_000, pollMs = POLL_MS } = {},
): Promise<T> {
  const end = Date.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > end) throw new Error(`in vain for ${patienceMs / 1000} s: ${what()}`)
    await sleep(pollMs)
  }
}
