import type { Clock } from '../../engine/clock.ts'
import type { SlackApi } from '../slack-api.ts'
import { SlackLimited } from '../slack-errors.ts'

/** Slack takes about one message a second and channel (https://docs.slack.dev/apis/web-api/rate-limits). */
const BETWEEN_POSTS_MS = 1_000
/** A wait that Slack asks for is waited here when it is no longer (s); a longer one is waited in the queue. */
const MOST_WAITED_SECONDS = 5

export interface PacedSlack extends SlackApi {
  /** Resolves when another message may be posted, in each channel in which one was. */
  rest(): Promise<void>
}

/**
 * Slack at the rate that it takes: a second between two messages of a channel. Whoever posted rests before it gives its
 * group of the queue free, so that the next invocation is not too early either.
 * @param endsAt ms since 1970, UTC: nothing is waited for beyond
 */
export function pacedSlack(slack: SlackApi, clock: Clock, endsAt: number): PacedSlack {
  const freeAt = new Map<string, number>()

  /** A call that is held back waits once: whoever makes it holds a card for no longer. */
  async function patiently<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof SlackLimited)) throw error
      const { retryAfterSeconds: seconds } = error
      // What follows the wait takes its time as well.
      if (seconds > MOST_WAITED_SECONDS || clock.now() + 2 * seconds * 1000 >= endsAt) throw error
      await clock.sleep(seconds * 1000)
      return await work()
    }
  }

  async function untilFree(channel: string): Promise<void> {
    const wait = (freeAt.get(channel) ?? 0) - clock.now()
    if (wait > 0) await clock.sleep(wait)
  }

  async function posted<T>(channel: string, work: () => Promise<T>): Promise<T> {
    const free = untilFree(channel)
    // Its turn is taken before it is waited for: whoever comes meanwhile waits for the next one.
    hold(channel, Math.max(freeAt.get(channel) ?? 0, clock.now()))
    await free
    try {
      return await patiently(work)
    } finally {
      hold(channel, clock.now())
    }
  }

  function hold(channel: string, from: number): void {
    freeAt.set(channel, Math.max(freeAt.get(channel) ?? 0, from + BETWEEN_POSTS_MS))
  }

  return {
    ...slack,
    postMessage: (message) => posted(message.channel, () => slack.postMessage(message)),
    uploadFile: (file) => posted(file.channel, () => slack.uploadFile(file)),
    update: (message) => patiently(() => slack.update(message)),
    permalink: (channel, ts) => patiently(() => slack.permalink(channel, ts)),
    history: (filter) => patiently(() => slack.history(filter)),
    async rest() {
      for (const channel of freeAt.keys()) await untilFree(channel)
    },
  }
}
