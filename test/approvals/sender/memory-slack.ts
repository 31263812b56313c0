import type { OutgoingMessage, SlackApi, StoredMessage } from '../../../src/approvals/slack-api.ts'
import { SlackLimited, SlackRefused, SlackUnanswered } from '../../../src/approvals/slack-errors.ts'
import type { Clock } from '../../../src/engine/clock.ts'

interface Kept extends StoredMessage {
  channel: string
  blocks: readonly object[]
  thread?: string
  /** ms since 1970. */
  at: number
}

/** What becomes of one call. */
export type Fault =
  | 'none'
  /** It is done, and nobody hears of it. */
  | 'lost'
  /** It is not done, and nobody hears of it. */
  | 'unheard'
  | { limited: number }
  | { refused: string }

/** Slack as far as cards need it: channels with messages and threads. Each call meets the next of the faults. */
export class MemorySlack {
  readonly messages: Kept[] = []
  readonly calls: { method: string; at: number; channel: string }[] = []
  faults: Fault[] = []
  isDown = false
  readonly #clock: Clock
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Messages that stand in a channel itself. */
  cards(channel = 'C1'): Kept[] {
    return this.messages.filter((message) => message.channel === channel && message.thread === undefined)
  }

  threadOf({ ts }: { ts: string }): Kept[] {
    return this.messages.filter(({ thread }) => thread === ts)
  }

  delete(ts: string): void {
    const at = this.messages.findIndex((message) => message.ts === ts)
    this.messages.splice(at, 1)
  }

  times(method: string): number[] {
    return this.calls.filter((call) => call.method === method).map(({ at }) => at)
  }

  api(): SlackApi {
    const never = async () => {
      throw new Error('cards need no such call')
    }
    return {
      postMessage: (message) => this.#call('post', message.channel, () => this.#post(message)),
      update: (message) =>
        this.#call('update', message.channel, () => {
          const its = this.messages.find(
            ({ ts, channel }) => ts === message.ts && channel === message.channel,
          )
          if (!its) throw new SlackRefused('chat.update', 'message_not_found')
          Object.assign(its, { text: message.text, blocks: message.blocks ?? [], metadata: message.metadata })
        }),
      permalink: (channel, ts) =>
        this.#call('permalink', channel, () => {
          if (!this.messages.some((message) => message.ts === ts))
            throw new SlackRefused('chat.getPermalink', 'message_not_found')
          return `https://slack.test/${channel}/${ts}`
        }),
      history: ({ channel, thread, oldest, latest = String(Number.MAX_SAFE_INTEGER), eventType }) =>
        this.#call('history', channel, () =>
          this.messages.filter(
            (message) =>
              message.channel === channel &&
              message.thread === thread &&
              message.at / 1000 >= Number(oldest) &&
              message.at / 1000 <= Number(latest) &&
              (eventType === undefined || message.metadata?.event_type === eventType),
          ),
        ),
      uploadFile: ({ channel, thread, name, content }) =>
        this.#call('upload', channel, () => {
          const { ts } = this.#post({ channel, text: content, thread })
          Object.assign(this.messages.find((message) => message.ts === ts)!, { files: [{ name }] })
        }),
      postEphemeral: never,
      openView: never,
      updateView: never,
      userInfo: never,
      groupMembers: never,
    }
  }

  #post({ channel, text, blocks = [], metadata, thread }: OutgoingMessage & { thread?: string }) {
    this.#count += 1
    const at = this.#clock.now()
    const ts = `${Math.floor(at / 1000)}.${String(this.#count).padStart(6, '0')}`
    const more = { ...(metadata && { metadata }), ...(thread !== undefined && { thread }) }
    this.messages.push({ ts, channel, text, blocks, at, ...more })
    return { ts }
  }

  async #call<T>(method: string, channel: string, work: () => T): Promise<T> {
    this.calls.push({ method, channel, at: this.#clock.now() })
    const fault = this.isDown ? 'unheard' : (this.faults.shift() ?? 'none')
    if (fault === 'none') return work()
    if (typeof fault === 'object' && 'limited' in fault) throw new SlackLimited(method, fault.limited)
    if (typeof fault === 'object') throw new SlackRefused(method, fault.refused)
    if (fault === 'lost') work()
    throw new SlackUnanswered(method, 'timeout')
  }
}
