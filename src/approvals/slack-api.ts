/** The few methods of Slack that are used. Each throws `SlackRefused`, `SlackLimited` or `SlackUnanswered`. */

/** Blocks of Block Kit, a view: as Slack takes them, JSON. */
export type Blocks = readonly object[]

/** What a message carries for programs: by it a message is found whose answer was lost. */
export interface MessageMetadata {
  event_type: string
  event_payload: Record<string, string>
}

export interface OutgoingMessage {
  /** `C…` or `G…`. */
  channel: string
  /** What notifications and screen readers get; all there is where there are no blocks. */
  text: string
  blocks?: Blocks
  metadata?: MessageMetadata
}

/** A message as Slack keeps it. */
export interface StoredMessage {
  ts: string
  text: string
  metadata?: MessageMetadata
  files?: { name: string }[]
}

/** Which messages of a channel, or of a thread of it. */
export interface HistoryFilter {
  channel: string
  /** `ts` of the message whose thread is meant. */
  thread?: string
  /** Seconds since 1970, as `ts`. */
  oldest: string
  /** The same; absent: until now. */
  latest?: string
  /** `event_type` of the messages that are wanted; absent: all. */
  eventType?: string
}

/** A user of Slack, as far as it matters to who may decide. */
export interface SlackMember {
  id: string
  /** `T…`: where the account is at home. */
  workspace: string
  isDeactivated: boolean
  /** A guest, of one channel or of several. */
  isGuest: boolean
  isBot: boolean
  /** Of another organisation, through Slack Connect. */
  isStranger: boolean
  /** The name that others see: never an identity. */
  name: string
}

export interface SlackFile {
  channel: string
  /** `ts` of the message in whose thread it stands. */
  thread: string
  name: string
  title: string
  content: string
  /** What is said with it. */
  comment?: string
}

export interface SlackApi {
  /** @param thread `ts` of the message that it answers */
  postMessage(message: OutgoingMessage & { thread?: string }): Promise<{ ts: string }>
  /** Replaces text, blocks and metadata of an own message. */
  update(message: OutgoingMessage & { ts: string }): Promise<void>
  permalink(channel: string, ts: string): Promise<string>
  /** Messages of a channel or a thread, all of them between `oldest` and `latest`. */
  history(filter: HistoryFilter): Promise<StoredMessage[]>
  postEphemeral(message: OutgoingMessage & { user: string; thread?: string }): Promise<void>
  openView(triggerId: string, view: object): Promise<{ id: string }>
  updateView(id: string, view: object): Promise<void>
  userInfo(user: string): Promise<SlackMember>
  /** Ids of those who are in a user group (`S…`) now. */
  groupMembers(group: string): Promise<string[]>
  uploadFile(file: SlackFile): Promise<void>
}
