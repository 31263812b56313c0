import { change, contentOf } from '../api/chat-methods.ts'
import type { Slack } from '../api/method.ts'
import { messageAt, post, remove, type Workspace, whisper } from '../workspace.ts'
import { type Json, Refused } from '../workspace-types.ts'
import type { ResponsePlace } from './tickets.ts'

/**
 * What an app sends to a `response_url`: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 * @throws {Refused} `expired_url`, `used_url`, and what is wrong with the message
 */
export function respond({ workspace, tickets }: Slack, path: string, message: Json): void {
  said(workspace, tickets.respondTo(path), message)
}

/** Says it to the person alone unless it is for all; or changes or takes away the message that was clicked on. */
export function said(workspace: Workspace, place: ResponsePlace, message: Json): void {
  if (message.delete_original === true) takeAway(workspace, place)
  else if (message.replace_original === true) replace(workspace, place, message)
  else say(workspace, place, message)
}

function say(workspace: Workspace, { user, channel, threadTs }: ResponsePlace, message: Json): void {
  const content = contentOf(message)
  // Of a click in a thread the answer stands there, too; otherwise where the app says.
  const thread = message.thread_ts ?? threadTs
  if (message.response_type === 'in_channel')
    post(workspace, {
      channel,
      user: workspace.app.bot,
      ...content,
      ...(thread !== undefined && { thread }),
    })
  else
    whisper(workspace, {
      channel,
      user,
      ...content,
      ...(thread !== undefined && { threadTs: String(thread) }),
    })
}

function takeAway(workspace: Workspace, { channel, ts, user }: ResponsePlace): void {
  if (ts === undefined) throw new Refused('message_not_found')
  workspace.ephemeral = workspace.ephemeral.filter((one) => one.ts !== ts || one.user !== user)
  remove(workspace, { channel, ts })
  workspace.changed()
}

function replace(workspace: Workspace, { channel, ts, user }: ResponsePlace, message: Json): void {
  const whispered = workspace.ephemeral.find((one) => one.ts === ts && one.user === user)
  const stands = messageAt(workspace, channel, ts)
  if (whispered) Object.assign(whispered, contentOf(message))
  else if (stands) {
    change(stands, message)
    stands.updates++
  } else throw new Refused('message_not_found')
  workspace.changed()
}
