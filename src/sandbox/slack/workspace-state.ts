import type { SlackCall } from './api/web-api.ts'
import type { SlackFaults } from './slack-faults.ts'
import { channelJson, fileJson, userJson, viewJson } from './slack-json.ts'
import type { Workspace } from './workspace.ts'
import type { EphemeralMessage, Json, SlackMessage } from './workspace-types.ts'

export interface StateMessage {
  ts: string
  user: string
  text: string
  blocks: Json[]
  metadata?: Json
  files: Json[]
  /** How often it was changed. */
  updates: number
  edited: boolean
  /** Of the message under which it stands. */
  thread_ts?: string
  /** Oldest first. */
  replies: StateMessage[]
}

/** All of the workspace, as `GET {page}/state` gives it. */
export interface SlackState {
  workspace: string
  name: string
  app: { id: string; bot: string; name: string }
  channels: (Json & { id: string; name: string; members: string[]; messages: StateMessage[] })[]
  /** Modals that are open: whose, the view as answers have it, and what was said to be wrong, by block id. */
  views: (Json & { id: string; user: string; errors: Record<string, string> })[]
  users: (Json & { id: string; name: string })[]
  groups: { id: string; handle: string; name: string; users: string[] }[]
  ephemeral: EphemeralMessage[]
  faults: SlackFaults
  /** Calls of the Web API so far, and those of each method. */
  requests: number
  calls: Record<string, number>
  /** ms since 1970, UTC, by the clock of the stand-in. */
  now: number
}

export function stateOf(workspace: Workspace, faults: SlackFaults, calls: readonly SlackCall[]): SlackState {
  const { team, app, users, groups, channels, messages, ephemeral, views } = workspace
  const threads = Map.groupBy(messages, ({ channel, threadTs }) => `${channel} ${threadTs ?? ''}`)
  const shown = (message: SlackMessage): StateMessage => ({
    ...stateMessage(message),
    replies: (threads.get(`${message.channel} ${message.ts}`) ?? []).map((reply) => ({
      ...stateMessage(reply),
      replies: [],
    })),
  })
  const counts: Record<string, number> = {}
  for (const { method } of calls) counts[method] = (counts[method] ?? 0) + 1
  return {
    workspace: team.id,
    name: team.name,
    app: { id: app.id, bot: app.bot, name: app.name },
    channels: channels.map((channel) => ({
      ...channelJson(workspace, channel),
      id: channel.id,
      name: channel.name,
      topic: channel.topic ?? '',
      members: channel.members,
      messages: (threads.get(`${channel.id} `) ?? []).map(shown),
    })),
    views: views.map((view) => ({
      ...viewJson(workspace, view),
      id: view.id,
      user: view.user,
      errors: view.errors,
    })),
    users: users.map((user) => ({ ...userJson(user), id: user.id, name: user.name })),
    groups: groups.map(({ id, handle, name, users: members }) => ({ id, handle, name, users: members })),
    ephemeral,
    faults,
    requests: calls.length,
    calls: counts,
    now: workspace.now(),
  }
}

function stateMessage({
  ts,
  user,
  text,
  blocks,
  metadata,
  files,
  updates,
  editedTs,
  threadTs,
}: SlackMessage) {
  return {
    ts,
    user,
    text,
    blocks,
    ...(metadata && { metadata }),
    files: files.map((file) => ({ ...fileJson(file), content: file.content?.toString() ?? '' })),
    updates,
    edited: editedTs !== undefined,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
  }
}
