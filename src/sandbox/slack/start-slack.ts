import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { loopbackServer } from '../loopback-server.ts'
import type { Slack } from './api/method.ts'
import type { Gate } from './api/web-api.ts'
import { click, close, command, type Line, say, submit } from './interactions/interactions.ts'
import { TRIGGER_MS, tickets } from './interactions/tickets.ts'
import type { ControlForm } from './page/control-form.ts'
import { listeners } from './page/listeners.ts'
import { rateLimits } from './rate-limits.ts'
import { faultState } from './slack-faults.ts'
import { routes, serve } from './slack-routes.ts'
import { seedOf } from './slack-seed.ts'
import type { SlackOptions, StandInSlack } from './stand-in.ts'
import { remove, workspaceOf } from './workspace.ts'
import { stateOf } from './workspace-state.ts'
import { Refused } from './workspace-types.ts'

/** As few as the app's manifest asks for. */
const SCOPES = [
  'chat:write',
  'users:read',
  'usergroups:read',
  'files:write',
  'channels:history',
  'groups:history',
  'commands',
]

const ANSWER_MS = 3_000

/**
 * A workspace of Slack on this machine: the Web API as `@slack/web-api` speaks it, held against Slack's own limits; people
 * who click, signed as Slack signs; and a page that shows it all. On loopback only.
 */
export async function startSlack(options: SlackOptions = {}): Promise<StandInSlack> {
  const pages = listeners()
  const clock = { base: options.now ?? Date.now, aheadMs: 0 }
  const now = () => clock.base() + clock.aheadMs
  const seed = () => workspaceOf(seedOf(options.workspace), now, pages.tell)
  const slack: Slack = {
    workspace: seed(),
    tickets: tickets(now, options.triggerMs ?? TRIGGER_MS),
    url: '',
  }
  const scopes = options.scopes ?? SCOPES
  const limits = rateLimits(options.rate ?? 1, now)
  const gate: Gate = { slack, token: () => stand.token, scopes, limits, faults: faultState(), calls: [] }

  const server = await loopbackServer(options.port ?? 0, (incoming, outgoing) => route(incoming, outgoing))
  slack.url = server.url
  const line: Line = {
    slack,
    receiver: () => stand.receiver,
    secret: () => stand.signingSecret,
    timeoutMs: options.answerMs ?? ANSWER_MS,
  }
  const stand: StandInSlack = {
    ...addressesOf(slack, options),
    receiver: options.receiver,
    faults: gate.faults.faults,
    calls: gate.calls,
    state: () => stateOf(slack.workspace, gate.faults.faults, gate.calls),
    click: (given) => click(line, given),
    submit: (given) => submit(line, given),
    close: (given) => close(line, given),
    command: (given) => command(line, given),
    say: (given) => say(line, given),
    control(form) {
      if (form.reset) stand.reset()
      clock.aheadMs += form.advanceMs ?? 0
      set(stand, gate, form)
      pages.tell()
    },
    reset() {
      slack.workspace = seed()
      slack.tickets.reset()
      gate.faults.reset()
      limits.reset()
      limits.scale = options.rate ?? 1
      clock.aheadMs = 0
      gate.calls.length = 0
      pages.tell()
    },
    async stop() {
      pages.end()
      await server.stop()
    },
  }
  const answer = routes(stand, gate, pages)
  const route: RequestListener = (incoming, outgoing) => serve(answer, incoming, outgoing)
  return stand
}

/** What a client, a receiver and a script need to know. */
function addressesOf({ url, workspace: { team, users, groups } }: Slack, options: SlackOptions) {
  return {
    api: `${url}/api/`,
    page: `${url}/page`,
    token: options.token ?? `xoxb-${randomBytes(12).toString('hex')}`,
    signingSecret: options.signingSecret ?? randomBytes(16).toString('hex'),
    workspace: team.id,
    channel: 'C0SECOPS',
    users: Object.fromEntries(users.filter(({ isBot }) => !isBot).map(({ name, id }) => [name, id])),
    groups: Object.fromEntries(groups.map(({ handle, id }) => [handle, id])),
  }
}

/** @throws {Refused} `user_not_found`, `no_such_subteam`, `message_not_found` */
function set(stand: StandInSlack, { slack: { workspace }, limits, faults }: Gate, form: ControlForm): void {
  const { down, ...others } = form.faults ?? {}
  Object.assign(faults.faults, others, down !== undefined && { down: down ?? undefined })
  if (form.rate !== undefined) limits.scale = form.rate
  const { receiver = stand.receiver, token = stand.token, signingSecret = stand.signingSecret } = form
  Object.assign(stand, { receiver, token, signingSecret })
  for (const { id, ...flags } of form.users ?? []) {
    const user = workspace.users.find((one) => one.id === id)
    if (!user) throw new Refused('user_not_found')
    Object.assign(user, flags)
  }
  for (const { id, users: members } of form.groups ?? []) {
    const group = workspace.groups.find((one) => one.id === id)
    if (!group) throw new Refused('no_such_subteam')
    group.users = members
  }
  if (form.deleteMessage && !remove(workspace, form.deleteMessage)) throw new Refused('message_not_found')
}
