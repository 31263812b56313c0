import type { SlackCall } from './api/web-api.ts'
import type { Click, SlashCommand, Submission } from './interactions/interactions.ts'
import type { Interaction, Receiver } from './interactions/signed-request.ts'
import type { ControlForm } from './page/control-form.ts'
import type { SlackFaults } from './slack-faults.ts'
import type { SlackState } from './workspace-state.ts'

export interface SlackOptions {
  /** Default: a free one. */
  port?: number
  /** Default `T0ACME`. */
  workspace?: string
  /** Default: random ones. */
  token?: string
  signingSecret?: string
  /** Default: what the app's manifest asks for. */
  scopes?: string[]
  /** Where interactions are sent; can be set later. */
  receiver?: Receiver
  /** How fast in comparison with Slack's limits: 1 as Slack, 10 ten times as fast, 0 without any. Default 1. */
  rate?: number
  /** ms since 1970, UTC. Default the machine's clock. */
  now?: () => number
  /** How long the receiver may take, ms. Default Slack's 3000. */
  answerMs?: number
  /** How long a `trigger_id` lives, ms. Default Slack's 3000. */
  triggerMs?: number
}

export interface StandInSlack {
  /** For `slackApiUrl`: `http://127.0.0.1:PORT/api/` */
  api: string
  /** `http://127.0.0.1:PORT/page` */
  page: string
  /** The bot's; another one may be set: then the old one is `invalid_auth`. */
  token: string
  signingSecret: string
  /** `T…` */
  workspace: string
  /** `C…` of the channel that the app is in. */
  channel: string
  /** Ids by name. */
  users: Record<string, string>
  /** Ids by handle. */
  groups: Record<string, string>
  receiver: Receiver | undefined
  /** What is wrong with Slack; may be changed at any time. */
  faults: SlackFaults
  /** Calls of the Web API, oldest first. */
  calls: SlackCall[]
  state(): SlackState
  click(click: Click): Promise<Interaction>
  submit(submission: Submission): Promise<Interaction>
  /** Closes a modal as Escape does. */
  close(view: Omit<Submission, 'values'>): Promise<Interaction>
  command(command: SlashCommand): Promise<Interaction>
  /** What `POST {page}/control` does. @throws {Refused} for a message or people that there are not */
  control(form: ControlForm): void
  /** Back to how it was at the start, but for address, token, secret and receiver. */
  reset(): void
  stop(): Promise<void>
}
