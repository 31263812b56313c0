import { receiver } from '../../../src/approvals/receiver/receive.ts'
import type { Attempt, ReceiverPorts, SlackPolicy } from '../../../src/approvals/receiver/receiver-ports.ts'
import type { SlackResponse } from '../../../src/approvals/receiver/slack-request.ts'
import { secretOf } from '../../../src/approvals/secrets.ts'
import type { SlackMember } from '../../../src/approvals/slack-api.ts'
import { SlackRefused, SlackUnanswered } from '../../../src/approvals/slack-errors.ts'
import type { Message } from '../../../src/queue/messages.ts'
import { queueWakes } from '../../../src/queue/wakes.ts'
import type { ApprovalTerms, Decision, Run } from '../../../src/run/run.ts'
import type { RunStore } from '../../../src/run/store.ts'
import { memoryStore } from '../../../src/store/memory.ts'
import { SimulatedClock } from '../../support/clock.ts'
import { samplePlan, sampleRun } from '../../support/sample-run.ts'
import {
  type Clicking,
  clickBody,
  commandBody,
  type Submitting,
  signed,
  submissionBody,
  type WireRequest,
} from '../../support/slack-requests.ts'

export const WORKSPACE = 'T0ACME'
export const CHANNEL = 'C0SECURITY'
export const RESPOND_TO = 'https://hooks.slack.com/actions/T0ACME/1/abc'

const MEMBER: Omit<SlackMember, 'id'> = {
  workspace: WORKSPACE,
  isDeactivated: false,
  isGuest: false,
  isBot: false,
  isStranger: false,
  name: 'somebody',
}

/** Whom Slack knows, by id. */
const MEMBERS: Record<string, Partial<SlackMember>> = {
  U0ANN: {},
  U0BEN: {},
  U0CAT: {},
  U0GUEST: { isGuest: true },
  U0GONE: { isDeactivated: true },
  U0ROBOT: { isBot: true },
  U0STRANGER: { isStranger: true },
  U0AFAR: { workspace: 'T0ELSEWHERE' },
  USLACKBOT: {},
}

export const approvalTerms = (more: Partial<ApprovalTerms> = {}): ApprovalTerms => ({
  channel: CHANNEL,
  workspace: WORKSPACE,
  approvers: ['U0ANN', 'U0BEN'],
  quorum: 1,
  expiresAfter: 'PT4H',
  onExpiry: 'decline',
  ...more,
})

const WHEN = '2026-11-22T12:00:00.000Z'

/** A run that has waited for a minute, and does for four hours. */
export function waitingRun({
  approval,
  ...more
}: Partial<Omit<Run, 'approval'>> & { approval?: Partial<ApprovalTerms> } = {}): Run {
  const { endedAt: _e, verifiedAt: _v, changedAt: _c, ...run } = sampleRun()
  return {
    ...run,
    state: 'waiting',
    waitingFor: 'approval',
    waitingUntil: '2026-11-22T16:00:00.000Z',
    mode: 'approve',
    outcome: null,
    results: [],
    revision: 1,
    round: 1,
    startedAt: '2026-11-22T11:59:00.000Z',
    asked: { at: WHEN, level: 0 },
    approval: approvalTerms(approval),
    ...more,
  }
}

/** Parts of the world that a test has fail, or be slow, or be another. */
export interface World {
  store: RunStore
  clock: SimulatedClock
  /** What the parameter of the signing secret holds. */
  secret: string
  groups: Record<string, string[]>
  policy: SlackPolicy | Error
  /** Thrown by the part of this name. */
  failing: Partial<Record<'queue' | 'respond' | 'users' | 'groups' | 'views' | 'secret', Error>>
  messages: Message[]
  told: { url: string; text: string }[]
  views: { trigger: string; view: { callback_id: string; private_metadata: string } }[]
  asked: string[]
  refusals: (Attempt & { why: string })[]
  done: Attempt[]
  failures: string[]
  /** As Slack would send a body now. */
  signed(body: string): WireRequest
  send(request: WireRequest): Promise<SlackResponse>
  click(clicking: Partial<Clicking> & { value: string }): Promise<SlackResponse>
  /** A click on one of a run's buttons. */
  press(action: string, run: Run, user?: string): Promise<SlackResponse>
  submit(submitting: Omit<Submitting, 'workspace'>): Promise<SlackResponse>
  /** What the command answers. */
  command(user: string, text: string): Promise<string>
  put(...runs: Run[]): Promise<void>
  /** A run that waits, and is stored. */
  waiting(...given: Parameters<typeof waitingRun>): Promise<Run>
  decisionsOf(run: Run): Promise<Decision[]>
  /** What people were told alone. */
  words(): string[]
}

/** A receiver on a store in memory, a directory that is made up, and a clock that stands. */
export function receiverWorld(): World {
  const clock = new SimulatedClock('2026-11-22T12:01:00.000Z')
  const world: World = {
    store: memoryStore(),
    clock,
    secret: 'signing-secret',
    groups: { S0ONCALL: ['U0CAT'] },
    policy: { workspace: WORKSPACE, operators: ['U0ANN'] },
    failing: {},
    messages: [],
    told: [],
    views: [],
    asked: [],
    refusals: [],
    done: [],
    failures: [],
    signed: (body) => signed({ secret: world.secret, now: clock.now() }, body),
    send: (request) => receive(request),
    click: ({ user = 'U0ANN', workspace = WORKSPACE, action = 'approve', ...more }) =>
      receive(world.signed(clickBody({ user, workspace, action, respondTo: RESPOND_TO, ...more }))),
    press: (action, run, user = 'U0ANN') => world.click({ user, action, value: buttonValue(run) }),
    submit: (submitting) => receive(world.signed(submissionBody({ workspace: WORKSPACE, ...submitting }))),
    async command(user, text) {
      const answer = await receive(world.signed(commandBody({ user, workspace: WORKSPACE, text })))
      return (answer.body as { text?: string } | undefined)?.text ?? ''
    },
    async put(...runs) {
      for (const run of runs) {
        const expect = { revision: run.revision - 1 }
        const result = await world.store.commit({ id: `${run.id}-${run.revision}`, run, expect, audit: [] })
        if (result.kind !== 'committed') throw new Error(`run ${run.id} was not stored: ${result.on}`)
      }
    },
    async waiting(...given) {
      const run = waitingRun(...given)
      await world.put(run)
      return run
    },
    decisionsOf: async ({ id }) => (await world.store.get(id))?.decisions ?? [],
    words: () => world.told.map(({ text }) => text),
  }
  const receive = receiver(portsOf(world))
  return world
}

function portsOf(world: World): ReceiverPorts {
  const { clock } = world
  const failed = (part: keyof World['failing']) => {
    const error = world.failing[part]
    if (error) throw error
  }
  const queue: ReceiverPorts['queue'] = {
    async send(message) {
      failed('queue')
      world.messages.push(message)
    },
  }
  return {
    playbooks: async () => ['ec2-close-open-ingress', 's3-block-public-access', 's3-require-tls'],
    // As late as it is asked for: a test may put another one in its place.
    get store() {
      return world.store
    },
    clock,
    queue,
    wakes: queueWakes({ queue, clock }),
    slack: {
      async userInfo(id) {
        world.asked.push(id)
        failed('users')
        const member = MEMBERS[id]
        if (!member) throw new SlackRefused('users.info', 'user_not_found')
        return { ...MEMBER, id, ...member }
      },
      async groupMembers(group) {
        world.asked.push(group)
        failed('groups')
        const members = world.groups[group]
        if (!members) throw new SlackRefused('usergroups.users.list', 'no_such_subteam')
        return members
      },
      async openView(trigger, view) {
        failed('views')
        world.views.push({ trigger, view: view as World['views'][number]['view'] })
        return { id: 'V0VIEW' }
      },
    },
    signingSecret: secretOf('/rectify/signing-secret', {
      clock,
      async read() {
        failed('secret')
        return world.secret
      },
    }),
    async policy() {
      if (world.policy instanceof Error) throw world.policy
      return world.policy
    },
    async respond(url, body) {
      failed('respond')
      world.told.push({ url, text: (body as { text: string }).text })
    },
    log: {
      refused: (attempt, why) => void world.refusals.push({ ...attempt, why }),
      done: (attempt) => void world.done.push(attempt),
      turnedAway: () => undefined,
      failed: (message) => void world.failures.push(message),
    },
  }
}

/** The value of a run's buttons. */
export const buttonValue = ({ id, plan }: Run): string => `${id}:${plan?.hash}`

/** Another plan than that of `waitingRun`. */
export const otherPlan = samplePlan({ after: { rules: ['another'] } })

export const SLOW = new SlackUnanswered('users.info', 'no answer within 900 ms')
