import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 5

/** Asks until there is an answer. */
export async function until<T>(
  what: string,
  ms: number,
  ask: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > end) throw new Error(`in vain for ${ms / 1000} s: ${what}`)
    await sleep(POLL_MS)
  }
}
