import type { Workspace } from './workspace.ts'
import { repliesTo } from './workspace.ts'
import type { Json, SlackChannel, SlackFile, SlackMessage, SlackUser, SlackView } from './workspace-types.ts'

/** A user as `users.info` answers. */
export function userJson({ id, name, realName, team, ...user }: SlackUser): Json {
  return {
    id,
    team_id: team,
    name,
    deleted: user.deleted ?? false,
    real_name: realName,
    tz: 'Europe/Berlin',
    profile: { real_name: realName, display_name: name, title: user.title ?? '', team },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.isRestricted ?? false,
    is_ultra_restricted: user.isUltraRestricted ?? false,
    is_bot: user.isBot ?? false,
    is_app_user: false,
    ...(user.isStranger && { is_stranger: true }),
  }
}

/** A message as histories and payloads have it. */
export function messageJson(workspace: Workspace, message: SlackMessage, withMetadata = false): Json {
  const { app, team } = workspace
  const { ts, user, text, blocks, threadTs, metadata, files, editedTs } = message
  const replies = threadTs === undefined ? repliesTo(workspace, message) : []
  return {
    user,
    type: 'message',
    ts,
    ...(user === app.bot && { bot_id: app.botId, app_id: app.id }),
    text,
    team: team.id,
    ...(blocks.length > 0 && { blocks }),
    ...(threadTs !== undefined && { thread_ts: threadTs, parent_user_id: app.bot }),
    ...(replies.length > 0 && {
      thread_ts: ts,
      reply_count: replies.length,
      reply_users_count: new Set(replies.map((reply) => reply.user)).size,
      latest_reply: replies.at(-1)?.ts,
      reply_users: [...new Set(replies.map((reply) => reply.user))],
    }),
    ...(files.length > 0 && { files: files.map(fileJson) }),
    ...(editedTs !== undefined && { edited: { user, ts: editedTs } }),
    ...(withMetadata && metadata && { metadata }),
  }
}

export function fileJson({ id, name, title, size }: SlackFile): Json {
  return { id, name, title, size, mimetype: 'text/plain', filetype: 'text', mode: 'hosted' }
}

export function channelJson(
  { app, team }: Workspace,
  { id, name, isPrivate, isArchived, members }: SlackChannel,
): Json {
  return {
    id,
    name,
    name_normalized: name,
    is_channel: !isPrivate,
    is_group: isPrivate ?? false,
    is_private: isPrivate ?? false,
    is_archived: isArchived ?? false,
    is_member: members.includes(app.bot),
    context_team_id: team.id,
  }
}

/** A view as answers and payloads have it; `values` is what has been filled in. */
export function viewJson(
  { app, team }: Workspace,
  { id, view, hash, previous }: SlackView,
  values: Json = {},
): Json {
  const { type, title, blocks, submit, close, ...rest } = view
  return {
    id,
    team_id: team.id,
    type,
    blocks,
    private_metadata: '',
    callback_id: '',
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
    ...rest,
    state: { values },
    hash,
    title,
    close: close ?? null,
    submit: submit ?? null,
    previous_view_id: previous ?? null,
    root_view_id: previous ?? id,
    app_id: app.id,
    app_installed_team_id: team.id,
    bot_id: app.botId,
  }
}
