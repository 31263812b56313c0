import { checkedBlocks, checkedMetadata } from '../block-kit/block-kit.ts'
import { messageJson } from '../slack-json.ts'
import { channelForApp, messageAt, post, remove, whisper } from '../workspace.ts'
import { type Json, Refused, type SlackMessage } from '../workspace-types.ts'
import { type Args, type Methods, required, type Slack, structure } from './method.ts'

/** Characters after which a text is cut, and of an update those with which it is refused. */
const CUT_TEXT = 40_000
const TEXT_OF_UPDATE = 4_000

const scopes = () => ['chat:write']

export const chatMethods: Methods = {
  'chat.postMessage': {
    scopes,
    tier: 'channel',
    call({ workspace }, args) {
      const channel = channelForApp(workspace, args.channel)
      const { text, blocks } = contentOf(args)
      const metadata = metadataOf(args)
      const message = post(workspace, {
        channel: channel.id,
        user: workspace.app.bot,
        text,
        blocks,
        ...(given(args.thread_ts) && { thread: args.thread_ts }),
        ...(metadata && { metadata }),
      })
      return { channel: channel.id, ts: message.ts, message: messageJson(workspace, message, true) }
    },
  },
  'chat.update': {
    scopes,
    tier: 3,
    call({ workspace }, args) {
      const message = ownMessage(workspace, args, 'cant_update_message')
      if (String(args.text ?? '').length > TEXT_OF_UPDATE) throw new Refused('msg_too_long')
      change(message, args)
      if (!given(args.blocks) && given(args.text)) message.editedTs = workspace.nextTs()
      message.updates++
      workspace.changed()
      const { channel, ts, text } = message
      return { channel, ts, text, message: messageJson(workspace, message, true) }
    },
  },
  'chat.delete': {
    scopes,
    tier: 3,
    call({ workspace }, args) {
      const { channel, ts } = ownMessage(workspace, args, 'cant_delete_message')
      remove(workspace, { channel, ts })
      return { channel, ts }
    },
  },
  'chat.postEphemeral': {
    scopes,
    tier: 4,
    call({ workspace }, args) {
      const channel = channelForApp(workspace, args.channel)
      const user = required(args, 'user')
      if (!channel.members.includes(user)) throw new Refused('user_not_in_channel')
      const thread = given(args.thread_ts) ? { threadTs: String(args.thread_ts) } : {}
      const { ts } = whisper(workspace, { channel: channel.id, user, ...contentOf(args), ...thread })
      return { message_ts: ts }
    },
  },
  'chat.getPermalink': {
    call({ workspace, url }, args) {
      const channel = channelForApp(workspace, args.channel)
      const message = messageAt(workspace, channel.id, args.message_ts)
      if (!message) throw new Refused('message_not_found')
      const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : ''
      const place = `archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`
      return { channel: channel.id, permalink: `${url}/page/${place}` }
    },
  },
}

/** A form has no null: what is empty was not given. */
const given = (value: unknown) => value !== undefined && value !== null && value !== ''

/**
 * What a message says.
 * @throws {Refused} `no_text`, and what is wrong with its blocks
 */
export function contentOf(args: Args): { text: string; blocks: Json[] } {
  const blocks = given(args.blocks) ? checkedBlocks(structure(args.blocks, 'invalid_blocks_format')) : []
  const text = String(args.text ?? '').slice(0, CUT_TEXT)
  if (text === '' && blocks.length === 0) throw new Refused('no_text')
  return { text, blocks }
}

/** A text without blocks takes the blocks away; blocks without a text leave it. */
export function change(message: SlackMessage, args: Args): void {
  const { text, blocks } = contentOf(args)
  const metadata = metadataOf(args)
  if (given(args.text)) message.text = text
  message.blocks = blocks
  if (metadata) message.metadata = metadata
}

function metadataOf(args: Args): Json | undefined {
  if (!given(args.metadata)) return undefined
  return checkedMetadata(structure(args.metadata, 'invalid_metadata_format'))
}

function ownMessage(workspace: Slack['workspace'], args: Args, refusal: string): SlackMessage {
  const { id } = channelForApp(workspace, args.channel)
  const message = messageAt(workspace, id, args.ts)
  if (!message) throw new Refused('message_not_found')
  if (message.user !== workspace.app.bot) throw new Refused(refusal)
  return message
}
