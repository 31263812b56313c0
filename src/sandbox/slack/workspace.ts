import {
  type EphemeralMessage,
  type Json,
  Refused,
  type SlackChannel,
  type SlackFile,
  type SlackMessage,
  type SlackUser,
  type SlackView,
  type UserGroup,
} from './workspace-types.ts'

/** What the app is in the workspace. */
export interface SlackApp {
  id: string
  bot: string
  botId: string
  name: string
}

export interface Seed {
  team: { id: string; domain: string; name: string }
  app: SlackApp
  users: SlackUser[]
  groups: UserGroup[]
  channels: SlackChannel[]
}

/** The workspace: what Slack would keep, in memory. */
export interface Workspace extends Seed {
  now(): number
  messages: SlackMessage[]
  ephemeral: EphemeralMessage[]
  views: SlackView[]
  files: Map<string, SlackFile>
  /** The next `ts`: unique, and later than every other. */
  nextTs(): string
  nextId(prefix: string): string
  /** Something that is seen has changed. */
  changed(): void
}

/** An empty workspace with these people. `changed` is called on everything that a person could see. */
export function workspaceOf(seed: Seed, now: () => number, changed: () => void): Workspace {
  let lastMicros = 0n
  let ids = 0
  return {
    ...structuredClone(seed),
    now,
    messages: [],
    ephemeral: [],
    views: [],
    files: new Map(),
    nextTs() {
      // In Slack the fraction tells messages of one second apart; it is no time.
      const second = BigInt(Math.floor(now() / 1000)) * 1_000_000n + 100n
      lastMicros = second > lastMicros ? second : lastMicros + 100n
      return `${lastMicros / 1_000_000n}.${String(lastMicros % 1_000_000n).padStart(6, '0')}`
    },
    nextId: (prefix) => `${prefix}0${(ids++).toString(36).toUpperCase().padStart(8, '0')}`,
    changed,
  }
}

/** @throws {Refused} `channel_not_found`, `not_in_channel`, `is_archived`: where the app may neither read nor write */
export function channelForApp(workspace: Workspace, id: unknown): SlackChannel {
  const channel = workspace.channels.find((one) => one.id === id)
  if (!channel) throw new Refused('channel_not_found')
  const isIn = channel.members.includes(workspace.app.bot)
  // One that is private is not even known to those who are not in it.
  if (!isIn) throw new Refused(channel.isPrivate ? 'channel_not_found' : 'not_in_channel')
  if (channel.isArchived) throw new Refused('is_archived')
  return channel
}

export function messageAt(workspace: Workspace, channel: string, ts: unknown): SlackMessage | undefined {
  return workspace.messages.find((one) => one.channel === channel && one.ts === ts)
}

/** Messages under one, oldest first. */
export function repliesTo(workspace: Workspace, { channel, ts }: SlackMessage): SlackMessage[] {
  return workspace.messages.filter((one) => one.channel === channel && one.threadTs === ts)
}

/** Posts as somebody. `thread`: of the message under which it stands, by its own or any of its replies' `ts`. */
export function post(
  workspace: Workspace,
  message: Pick<SlackMessage, 'channel' | 'user' | 'text' | 'blocks'> & {
    thread?: unknown
    metadata?: Json
    files?: SlackFile[]
  },
): SlackMessage {
  const { thread, metadata, files = [], ...content } = message
  const under = thread === undefined ? undefined : messageAt(workspace, content.channel, thread)
  if (thread !== undefined && !under) throw new Refused('thread_not_found')
  const posted: SlackMessage = {
    ts: workspace.nextTs(),
    ...content,
    ...(under && { threadTs: under.threadTs ?? under.ts }),
    ...(metadata && { metadata }),
    files,
    updates: 0,
  }
  workspace.messages.push(posted)
  workspace.changed()
  return posted
}

/** Takes a message away, as its author or an admin does; its replies stay, as in Slack. */
export function remove(workspace: Workspace, { channel, ts }: { channel: string; ts: string }): boolean {
  const at = workspace.messages.findIndex((one) => one.channel === channel && one.ts === ts)
  if (at < 0) return false
  workspace.messages.splice(at, 1)
  workspace.changed()
  return true
}

/** A message for one person. */
export function whisper(workspace: Workspace, message: Omit<EphemeralMessage, 'ts'>): EphemeralMessage {
  const said = { ts: workspace.nextTs(), ...message }
  workspace.ephemeral.push(said)
  workspace.changed()
  return said
}
