import type { Slack } from '../api/method.ts'
import { messageJson, viewJson } from '../slack-json.ts'
import type { Json, SlackMessage, SlackUser, SlackView } from '../workspace-types.ts'

/** Slack's old way to prove where a request comes from; nobody should look at it. */
const VERIFICATION_TOKEN = 'deprecated-verification-token'

/** What every interaction carries. */
function envelope({ workspace: { team, app } }: Slack, user: SlackUser): Json {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team },
    api_app_id: app.id,
    token: VERIFICATION_TOKEN,
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  }
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload, of a message that all see or one person. */
export function blockActions(
  slack: Slack,
  user: SlackUser,
  message: { ts: string; channel: string; threadTs?: string; stands?: SlackMessage; ephemeral: boolean },
  action: Json,
): Json {
  const { workspace, tickets, url } = slack
  const { ts, channel, threadTs, stands, ephemeral } = message
  const place = { user: user.id, channel, ts, ...(threadTs !== undefined && { threadTs }) }
  const name = workspace.channels.find(({ id }) => id === channel)?.name ?? 'unknown'
  return {
    type: 'block_actions',
    ...envelope(slack, user),
    container: {
      type: 'message',
      message_ts: ts,
      channel_id: channel,
      is_ephemeral: ephemeral,
      ...(threadTs !== undefined && { thread_ts: threadTs }),
    },
    trigger_id: tickets.trigger(user.id),
    channel: { id: channel, name },
    ...(stands && { message: messageJson(workspace, stands, true) }),
    state: { values: {} },
    response_url: `${url}/actions/${workspace.team.id}/${tickets.responsePath(place)}`,
    actions: [{ ...action, action_ts: seconds(workspace.now()) }],
  }
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function viewInteraction(
  slack: Slack,
  type: string,
  user: SlackUser,
  view: SlackView,
  values: Json,
): Json {
  return {
    type,
    ...envelope(slack, user),
    ...(type === 'view_submission' && { trigger_id: slack.tickets.trigger(user.id), response_urls: [] }),
    ...(type === 'view_closed' && { is_cleared: false }),
    view: viewJson(slack.workspace, view, values),
  }
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands: a form, no JSON. */
export function slashCommand(
  slack: Slack,
  user: SlackUser,
  channel: string,
  command: string,
  text: string,
): Record<string, string> {
  const { workspace, tickets, url } = slack
  return {
    token: VERIFICATION_TOKEN,
    team_id: workspace.team.id,
    team_domain: workspace.team.domain,
    channel_id: channel,
    channel_name: workspace.channels.find(({ id }) => id === channel)?.name ?? 'unknown',
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: workspace.app.id,
    is_enterprise_install: 'false',
    response_url: `${url}/commands/${workspace.team.id}/${tickets.responsePath({ user: user.id, channel })}`,
    trigger_id: tickets.trigger(user.id),
  }
}

/** `1700000000.123456` */
function seconds(ms: number): string {
  return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}000`
}
