import type { WebClient } from '@slack/web-api'
import type { OutgoingMessage, SlackApi, StoredMessage } from './slack-api.ts'
import { SlackUnanswered, slackError } from './slack-errors.ts'

export interface SlackSettings {
  /** `xoxb-…` */
  token: string
  /** With a slash at its end; absent: Slack's own. */
  apiUrl?: string
  /** How long one call may take (ms). */
  timeoutMs: number
}

/** So many pages of a channel are read to find a message: 2,000 messages. */
const MOST_PAGES = 10
const PAGE = 200

const nothing = () => undefined
/** What failed is thrown, and told by whoever knows what it was for. */
const SILENT = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
}

type Answer = Record<string, unknown>
type Call = (method: string, args: Record<string, unknown>) => Promise<Answer>

/**
 * Slack by its own client, which is loaded by the first call. It tries each call once, and never sleeps: by itself it
 * would try for half an hour, post a message again whose answer was lost, and hold back every method after one 429.
 */
export function slackClient(settings: SlackSettings): SlackApi {
  let loading: Promise<WebClient> | undefined
  const client = () => {
    loading ??= webClient(settings)
    return loading
  }
  const call: Call = async (method, args) => {
    try {
      return (await (await client()).apiCall(method, args)) as unknown as Answer
    } catch (error) {
      throw slackError(method, error)
    }
  }
  return { ...messages(call), ...people(call), uploadFile: (file) => uploaded(client, file) }
}

async function webClient({ token, apiUrl, timeoutMs }: SlackSettings): Promise<WebClient> {
  const { LogLevel, WebClient } = await import('./web-client.ts')
  return new WebClient(token, {
    ...(apiUrl && { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    logger: { ...SILENT, getLevel: () => LogLevel.ERROR },
  })
}

function messages(
  call: Call,
): Pick<SlackApi, 'postMessage' | 'update' | 'permalink' | 'history' | 'postEphemeral'> {
  return {
    async postMessage({ thread, ...message }) {
      // Links in what AWS says would show pages of strangers in the channel.
      const unfurled = { unfurl_links: false, unfurl_media: false }
      const args = { ...sent(message), ...unfurled, ...(thread !== undefined && { thread_ts: thread }) }
      return { ts: textIn('chat.postMessage', await call('chat.postMessage', args), 'ts') }
    },
    async update({ ts, ...message }) {
      // `null` and undefined are both left out by the client: an empty list takes the blocks away.
      await call('chat.update', { blocks: [], ...sent(message), ts })
    },
    async permalink(channel, ts) {
      const answer = await call('chat.getPermalink', { channel, message_ts: ts })
      return textIn('chat.getPermalink', answer, 'permalink')
    },
    async history({ channel, thread, oldest, latest, eventType }) {
      const method = thread === undefined ? 'conversations.history' : 'conversations.replies'
      const between = { oldest, ...(latest !== undefined && { latest }), inclusive: true }
      const args = { channel, ...between, include_all_metadata: true, limit: PAGE }
      const pages = pagesOf(call, method, { ...args, ...(thread !== undefined && { ts: thread }) })
      const found: StoredMessage[] = []
      for await (const page of pages)
        found.push(
          ...page.filter(({ metadata }) => eventType === undefined || metadata?.event_type === eventType),
        )
      return found
    },
    async postEphemeral({ thread, user, ...message }) {
      const args = { ...sent(message), user, ...(thread !== undefined && { thread_ts: thread }) }
      await call('chat.postEphemeral', args)
    },
  }
}

function sent({ channel, text, blocks, metadata }: OutgoingMessage): Record<string, unknown> {
  const rest = { ...(blocks && { blocks }), ...(metadata && { metadata }) }
  return { channel, text, ...rest }
}

/** Throws `SlackUnanswered` where there are more pages than are read: what is not seen is not known to be absent. */
async function* pagesOf(call: Call, method: string, args: Answer): AsyncGenerator<StoredMessage[]> {
  let cursor = ''
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await call(method, { ...args, ...(cursor && { cursor }) })
    yield (answer.messages ?? []) as StoredMessage[]
    cursor = (answer.response_metadata as { next_cursor?: string } | undefined)?.next_cursor ?? ''
    if (cursor === '') return
  }
  throw new SlackUnanswered(method, `more than ${MOST_PAGES * PAGE} messages`)
}

function people(call: Call): Pick<SlackApi, 'openView' | 'updateView' | 'userInfo' | 'groupMembers'> {
  return {
    async openView(triggerId, view) {
      const { view: opened } = await call('views.open', { trigger_id: triggerId, view })
      return { id: textIn('views.open', (opened ?? {}) as Answer, 'id') }
    },
    async updateView(id, view) {
      await call('views.update', { view_id: id, view })
    },
    async userInfo(user) {
      const { user: found } = await call('users.info', { user })
      const it = (found ?? {}) as Answer & { profile?: { display_name?: string } }
      return {
        id: textIn('users.info', it, 'id'),
        workspace: textIn('users.info', it, 'team_id'),
        isDeactivated: it.deleted === true,
        isGuest: it.is_restricted === true || it.is_ultra_restricted === true,
        isBot: it.is_bot === true,
        isStranger: it.is_stranger === true,
        name: it.profile?.display_name || String(it.real_name ?? it.name ?? ''),
      }
    },
    async groupMembers(usergroup) {
      const { users } = await call('usergroups.users.list', { usergroup })
      if (!Array.isArray(users)) throw new SlackUnanswered('usergroups.users.list', 'it names no users')
      return users.map(String)
    },
  }
}

async function uploaded(
  client: () => Promise<WebClient>,
  file: Parameters<SlackApi['uploadFile']>[0],
): Promise<void> {
  const { channel, thread, name, title, content, comment } = file
  const about = { channel_id: channel, thread_ts: thread, filename: name, title, content }
  try {
    await (await client()).filesUploadV2({
      ...about,
      ...(comment !== undefined && { initial_comment: comment }),
    })
  } catch (error) {
    throw slackError('files.upload', error)
  }
}

/** Slack said that it was done; without this word of its answer nobody knows what. */
function textIn(method: string, answer: Answer, name: string): string {
  const text = answer[name]
  if (typeof text === 'string' && text !== '') return text
  throw new SlackUnanswered(method, `it has no ${name}`)
}
