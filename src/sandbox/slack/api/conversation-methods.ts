import { channelJson, messageJson } from '../slack-json.ts'
import { channelForApp, messageAt, repliesTo, type Workspace } from '../workspace.ts'
import { type Json, Refused, type SlackMessage } from '../workspace-types.ts'
import { type Args, isTrue, type Method, type Methods, required } from './method.ts'

/** Public channels and private ones have scopes of their own. */
const scopesOf =
  (what: string): NonNullable<Method['scopes']> =>
  ({ workspace }, args) => {
    const channel = workspace.channels.find(({ id }) => id === args.channel)
    if (!channel) return [`channels:${what}`, `groups:${what}`]
    return [channel.isPrivate ? `groups:${what}` : `channels:${what}`]
  }

export const conversationMethods: Methods = {
  'conversations.history': {
    scopes: scopesOf('history'),
    tier: 3,
    call({ workspace }, args) {
      const { id } = channelForApp(workspace, args.channel)
      const all = workspace.messages.filter((one) => one.channel === id && one.threadTs === undefined)
      return page(workspace, all.reverse(), args)
    },
  },
  'conversations.replies': {
    scopes: scopesOf('history'),
    tier: 3,
    call({ workspace }, args) {
      const { id } = channelForApp(workspace, args.channel)
      const message = messageAt(workspace, id, required(args, 'ts'))
      if (!message) throw new Refused('thread_not_found')
      return page(workspace, [message, ...repliesTo(workspace, message)], args)
    },
  },
  'conversations.info': {
    scopes: scopesOf('read'),
    tier: 3,
    call({ workspace }, args) {
      const channel = workspace.channels.find(({ id }) => id === args.channel)
      if (!channel) throw new Refused('channel_not_found')
      return { channel: channelJson(workspace, channel) }
    },
  },
  'conversations.join': {
    scopes: () => ['channels:join'],
    tier: 3,
    call({ workspace }, args) {
      const channel = workspace.channels.find(({ id }) => id === args.channel)
      if (!channel || channel.isPrivate) throw new Refused('channel_not_found')
      if (!channel.members.includes(workspace.app.bot)) channel.members.push(workspace.app.bot)
      workspace.changed()
      return { channel: channelJson(workspace, channel) }
    },
  },
}

/** A page of messages in their order. `oldest` and `latest` leave out their own message unless `inclusive`. */
function page(workspace: Workspace, messages: SlackMessage[], args: Args): Json {
  const { oldest = '0', latest = '9'.repeat(11), cursor } = args
  const inclusive = isTrue(args.inclusive)
  const limit = Math.min(Number(args.limit ?? 100), 999)
  if (!Number.isInteger(limit) || limit < 1) throw new Refused('invalid_limit')
  const wanted = messages.filter(({ ts }) => {
    const [from, to] = [compare(ts, String(oldest)), compare(ts, String(latest))]
    return inclusive ? from >= 0 && to <= 0 : from > 0 && to < 0
  })
  const start =
    cursor === undefined || cursor === '' ? 0 : wanted.findIndex(({ ts }) => cursorOf(ts) === cursor)
  if (start < 0) throw new Refused('invalid_cursor')
  const shown = wanted.slice(start, start + limit)
  const next = wanted[start + limit]
  return {
    messages: shown.map((one) => messageJson(workspace, one, isTrue(args.include_all_metadata))),
    has_more: next !== undefined,
    response_metadata: { next_cursor: next ? cursorOf(next.ts) : '' },
  }
}

const cursorOf = (ts: string) => Buffer.from(`next_ts:${ts}`).toString('base64')

/** As times with six digits behind the point; a number cannot hold all sixteen. */
function compare(a: string, b: string): number {
  const micros = (ts: string) => {
    const [seconds = '0', fraction = ''] = ts.split('.')
    return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
  }
  try {
    const [first, second] = [micros(a), micros(b)]
    return first < second ? -1 : first > second ? 1 : 0
  } catch {
    throw new Refused('invalid_ts_oldest')
  }
}
