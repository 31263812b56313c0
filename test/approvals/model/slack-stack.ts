import { playbooks } from '../../../playbooks/index.ts'
import { receiver } from '../../../src/approvals/receiver/receive.ts'
import { responder } from '../../../src/approvals/respond.ts'
import { secretOf } from '../../../src/approvals/secrets.ts'
import { slackClient } from '../../../src/approvals/slack-client.ts'
import { configRules } from '../../../src/engine/jobs/rule-facts.ts'
import type { EnginePorts } from '../../../src/engine/ports.ts'
import { leave } from '../../../src/engine/waits/leave.ts'
import { wokenAt } from '../../../src/engine/waits/moments.ts'
import type { Message } from '../../../src/queue/messages.ts'
import { queueWakes } from '../../../src/queue/wakes.ts'
import type { Run } from '../../../src/run/run.ts'
import { isDecided } from '../../../src/run/tally.ts'
import type { ReceiverAnswer, SignedRequest } from '../../../src/sandbox/slack/interactions/signed-request.ts'
import type { StandInSlack } from '../../../src/sandbox/slack/stand-in.ts'
import { awsWithin, Life, storeWithin } from '../../engine/killed-process.ts'
import { calendarsOf, newWorld, type World } from '../../engine/simulated-world.ts'
import { Deployment } from '../../lambda/simulated-deployment.ts'
import { CardsInMemory } from './cards-in-memory.ts'
import { Ledger } from './ledger.ts'
import { iamArn, loaded, POLICIES } from './people-and-policies.ts'

const SWEEP_MS = 300_000

/** The whole deployment with its Slack in one process, on one clock; each part may die between any two things it does. */
export class SlackStack {
  readonly world: World = newWorld(POLICIES[0]!.text)
  readonly deployment = new Deployment(this.world)
  readonly cards: CardsInMemory
  readonly ledger = new Ledger(this.world, POLICIES[0]!)
  readonly slack: StandInSlack
  /** Stored states of runs that the notifier has not taken yet. */
  readonly stream: Run[] = []
  /** All that was ever put into the runs queue. */
  readonly sent: { message: Message; resource: string }[] = []
  readonly refusals: { action: string; user: string; why: string }[] = []
  readonly failures: string[] = []
  /** Of whoever takes the next request of Slack. */
  receiving = new Life()
  #nextSweep: number | undefined
  readonly #secret
  readonly #images = new Map<string, string>()

  constructor(slack: StandInSlack) {
    const { world, deployment } = this
    this.slack = slack
    this.cards = new CardsInMemory(world.clock, slack)
    this.#secret = secretOf('secret', { clock: world.clock, read: async () => slack.signingSecret })
    const plain = world.store
    world.store = this.ledger.watched(plain, () => this.#streamed(plain))
    const send = world.aws.send.bind(world.aws)
    world.aws.send = async (place, call, options) => {
      const { DryRun = false } = call.input as { DryRun?: boolean }
      await this.ledger.sent(call.operation, call.input, DryRun || options?.dryRun === true)
      return send(place, call, options)
    }
    const put = deployment.send.bind(deployment)
    deployment.send = async (message, resource, id) => {
      this.sent.push({ message, resource })
      await put(message, resource, id)
    }
  }

  get clock() {
    return this.world.clock
  }

  setPolicy(index: number): void {
    this.world.policy = loaded[index]!
    this.ledger.policy = POLICIES[index]!
  }

  async #streamed(store: World['store']): Promise<void> {
    for (const run of await store.list()) {
      const image = JSON.stringify(run)
      if (this.#images.get(run.id) === image) continue
      this.#images.set(run.id, image)
      this.stream.push(JSON.parse(image))
    }
  }

  /** The function that hears Slack. */
  async receive(request: SignedRequest): Promise<ReceiverAnswer> {
    const life = this.receiving
    const around = <T>(what: string, work: () => Promise<T>) => life.around(what, work)
    const queue = {
      send: (...given: Parameters<Deployment['send']>) =>
        around('queue.send', () => this.deployment.send(...given)),
    }
    const api = slackClient({ token: this.slack.token, apiUrl: this.slack.api, timeoutMs: 900 })
    const respond = responder(this.slack.api, 900)
    const { status, body } = await receiver({
      store: storeWithin(this.world.store, around),
      clock: this.clock,
      playbooks: async () => ['ec2-close-open-ingress'],
      queue,
      wakes: queueWakes({ queue, clock: this.clock }),
      slack: {
        userInfo: (user) => around('slack.userInfo', () => api.userInfo(user)),
        groupMembers: (group) => around('slack.groupMembers', () => api.groupMembers(group)),
        openView: (trigger, view) => around('slack.openView', () => api.openView(trigger, view)),
      },
      signingSecret: this.#secret,
      policy: async () => ({}),
      respond: (url, text) => around('respond', () => respond(url, text)),
      log: {
        refused: ({ action, user }, why) => void this.refusals.push({ action, user, why }),
        done: () => undefined,
        turnedAway: (_, code) => void this.failures.push(`turned away with ${code}`),
        failed: (message, _, error) => {
          if (!life.isOver && message === 'a request of Slack failed')
            this.failures.push(`${message}: ${error}`)
        },
      },
    })({ ...request, path: '/' })
    return { status: life.isOver ? 502 : status, body: body && !life.isOver ? JSON.stringify(body) : '' }
  }

  /** The command line beside the deployment, in the hands of somebody. */
  cli(who: string, life: Life): EnginePorts {
    const { world, deployment } = this
    const around = <T>(what: string, work: () => Promise<T>) => life.around(what, work)
    const caller = { account: world.aws.account, arn: iamArn(who), partition: 'aws' }
    return {
      aws: { ...awsWithin(world, around), identity: async () => caller },
      store: storeWithin(world.store, around),
      owners: { self: 'cli', alive: async () => true, release: async () => undefined },
      clock: world.clock,
      ids: world.ids,
      playbooks,
      configRules: configRules(world.aws, world.clock),
      calendars: calendarsOf(world),
      policy: { kind: 'none' },
      policyAt: async () => ({ kind: 'none' }),
      patienceSeconds: 0,
      waits: leave({ ...deployment.waker(life), later: async () => undefined }),
    }
  }

  /** The notifier takes what the stream has; a record of which it dies comes again. */
  async notify(life = new Life()): Promise<boolean> {
    const any = this.stream.length > 0
    while (this.stream.length > 0) {
      await this.cards.notify(this.stream[0]!, life)
      this.stream.shift()
    }
    return any
  }

  /** All that can be done without time going by but for that of the work itself. */
  async drain(): Promise<boolean> {
    let any = false
    for (let busy = true; busy; any ||= busy) {
      busy = await this.fireTimers()
      busy = (await this.deployment.invoke()) || busy
      busy = (await this.notify()) || busy
      for (const group of this.cards.groups())
        busy = (await this.cards.invoke(this.world.store, group)) || busy
    }
    return any
  }

  async fireTimers(): Promise<boolean> {
    const { timers } = this.deployment
    const due = timers.filter(({ at }) => at <= this.clock.now())
    for (const timer of due) {
      timers.splice(timers.indexOf(timer), 1)
      await this.deployment.send(timer.message, timer.resource, JSON.stringify(timer.message))
    }
    return due.length > 0
  }

  /** Lets so much time pass as it takes until nothing is under way, and `ms` at least. */
  async settle(ms = 0): Promise<void> {
    const until = this.clock.now() + ms
    for (let step = 0; ; step++) {
      if (step > 3_000) throw new Error('it never comes to rest')
      await this.drain()
      if (this.clock.now() >= until && (await this.isAtRest())) return
      await this.#untilNext()
    }
  }

  /** Lets time pass, whatever is under way. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms
    for (;;) {
      await this.drain()
      if (this.clock.now() >= until) return
      await this.#untilNext(until)
    }
  }

  /** Moves the clock to the next thing that happens by itself. */
  async #untilNext(until = Number.POSITIVE_INFINITY): Promise<void> {
    const now = this.clock.now()
    this.#nextSweep ??= now + SWEEP_MS
    const times = [
      until,
      this.#nextSweep,
      ...this.deployment.timers.map(({ at }) => at),
      ...this.deployment.queue.map(({ visibleAt }) => visibleAt),
      ...this.cards.queue.map(({ visibleAt }) => visibleAt),
    ]
    this.clock.advance(Math.max(0, Math.min(...times.filter((time) => time > now)) - now))
    if (this.clock.now() < this.#nextSweep) return
    await this.deployment.sweep()
    this.#nextSweep = this.clock.now() + SWEEP_MS
  }

  async isAtRest(): Promise<boolean> {
    const { deployment, cards, stream, world, clock } = this
    if (deployment.queue.length + cards.queue.length + stream.length > 0) return false
    const open = await world.store.list({ state: ['open', 'waiting'] })
    return open.every((run) => run.waitingFor === 'approval' && !isDecided(run) && wokenAt(run) > clock.now())
  }
}
