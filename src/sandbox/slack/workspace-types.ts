/** A block, an element, a view as it was sent: its form has been checked, its content is nobody's business here. */
export type Json = Record<string, unknown>

export interface SlackUser {
  id: string
  /** The handle. */
  name: string
  realName: string
  /** Of the workspace that the person belongs to: another one for somebody of Slack Connect. */
  team: string
  title?: string
  deleted?: boolean
  isBot?: boolean
  /** A guest of several channels. */
  isRestricted?: boolean
  /** A guest of one channel. */
  isUltraRestricted?: boolean
  isStranger?: boolean
}

export interface UserGroup {
  id: string
  handle: string
  name: string
  users: string[]
  disabled?: boolean
}

export interface SlackChannel {
  id: string
  name: string
  topic?: string
  isPrivate?: boolean
  isArchived?: boolean
  /** Users who are in it, bots too. */
  members: string[]
}

/** Where something stands and what it says. */
interface Said {
  ts: string
  channel: string
  text: string
  blocks: Json[]
  /** Of the message under which it stands. */
  threadTs?: string
}

export interface SlackMessage extends Said {
  /** Who wrote it. */
  user: string
  metadata?: Json
  files: SlackFile[]
  /** How often it was changed. */
  updates: number
  /** Of the last change that shows as one. */
  editedTs?: string
}

/** Seen by one person only, and by no method of the API. */
export interface EphemeralMessage extends Said {
  /** Who sees it. */
  user: string
}

export interface SlackFile {
  id: string
  name: string
  title: string
  /** Bytes that were announced. */
  size: number
  content?: Buffer
  /** It has been shared: completed. */
  shared: boolean
}

/** A modal that a person has open. */
export interface SlackView {
  id: string
  /** Who has it open. */
  user: string
  view: Json
  hash: string
  /** What was said to be wrong with what was submitted last, by block id. */
  errors: Record<string, string>
  /** Of the view under it. */
  previous?: string
}

/** Why Slack refuses: its code, and what it says about it. */
export class Refused extends Error {
  readonly code: string
  readonly detail: Json
  constructor(code: string, detail: Json = {}) {
    super(code)
    this.code = code
    this.detail = detail
  }
}
