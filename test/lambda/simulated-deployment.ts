import type { Context, SQSRecord } from 'aws-lambda'
import { offered } from '../../playbooks/offered.ts'
import { jobsFor } from '../../src/engine/jobs/jobs.ts'
import { type ConfigRules, configRules } from '../../src/engine/jobs/rule-facts.ts'
import type { EnginePorts, Progress, Waker } from '../../src/engine/ports.ts'
import type { Calendars } from '../../src/engine/rails/calendars.ts'
import { sweep } from '../../src/engine/sweeping.ts'
import { leave } from '../../src/engine/waits/leave.ts'
import { wokenAt } from '../../src/engine/waits/moments.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { askOnceADay } from '../../src/lambda/asking-detectors.ts'
import { dispatch } from '../../src/lambda/dispatch.ts'
import { MOST_RECEIVES, type Take, takingGroups } from '../../src/lambda/incoming/records.ts'
import { logger } from '../../src/lambda/observe.ts'
import type { KnownPlaybook } from '../../src/playbook/service/known-playbook.ts'
import {
  jobDeduplicationId,
  jobMessage,
  type Message,
  messageText,
  readMessage,
} from '../../src/queue/messages.ts'
import { queueWakes } from '../../src/queue/wakes.ts'
import { awsWithin, Killed, Life, storeWithin } from '../engine/killed-process.ts'
import { AUTO, calendarsOf, newWorld, unpatched, type World } from '../engine/simulated-world.ts'

const VISIBILITY_MS = 180_000
const DEDUPLICATION_MS = 300_000
const TIMEOUT_MS = 115_000
const SWEEP_MS = 300_000

interface Queued {
  id: string
  message: Message
  resource: string
  /** ms since 1970: when it can be received (again). */
  visibleAt: number
  received: number
}

// Messages that fail are told: here it is looked at what becomes of them.
logger.setLogLevel('SILENT')

/**
 * The deployed stack around the world, in memory: a FIFO queue with one group per resource that keeps SQS's promises
 * (order and one at a time within a group, deduplication, visibility), timers, and invocations that may be killed.
 */
export class Deployment {
  readonly world: World
  readonly queue: Queued[] = []
  /** What was received too often. */
  readonly deadLetters: Queued[] = []
  readonly timers: { at: number; message: Message; resource: string }[] = []
  /** Errors of invocations that failed otherwise than by being killed. */
  readonly errors: unknown[] = []
  /** What invocations told, but for what is told of every run. */
  readonly told: Progress[] = []
  /** Most messages of an invocation. */
  batch = 10
  /** Those of the version that is deployed. */
  playbooks: readonly KnownPlaybook[] = offered.playbooks
  readonly #sent = new Map<string, number>()
  readonly #rules: ConfigRules
  readonly #calendars: Calendars
  #invocations = 0

  constructor(world: World) {
    this.world = world
    this.#rules = configRules(world.aws, world.clock)
    this.#calendars = calendarsOf(world)
  }

  /** What intake does with findings. */
  async findings(...findings: Finding[]): Promise<void> {
    const { jobs } = await jobsFor(this.#ports(new Life()), findings, 'apply', {})
    for (const job of jobs) await this.send(jobMessage(job), job.target.resource, jobDeduplicationId(job))
  }

  async send(message: Message, resource: string, deduplicationId: string): Promise<void> {
    const now = this.world.clock.now()
    const before = this.#sent.get(deduplicationId)
    if (before !== undefined && now - before < DEDUPLICATION_MS) return
    this.#sent.set(deduplicationId, now)
    const id = `message-${this.#sent.size}`
    this.queue.push({ id, message: readMessage(messageText(message)), resource, visibleAt: now, received: 0 })
  }

  /** One invocation about the messages that can be received; true when there were any. */
  async invoke(life = new Life()): Promise<boolean> {
    const batch = this.#receive()
    if (batch.length === 0) return false
    const begin = () => {
      const ports = this.#ports(life)
      return async ({ body }: SQSRecord) => {
        try {
          await dispatch(ports, readMessage(body), this.waker(life))
        } catch (error) {
          if (!(error instanceof Killed)) this.errors.push(error)
          throw error
        }
      }
    }
    const putAnew: Take = ({ body, attributes, messageId }) =>
      life.around('queue.sendAnew', () =>
        this.send(readMessage(body), attributes.MessageGroupId!, `anew ${messageId}`),
      )
    const context = { getRemainingTimeInMillis: () => TIMEOUT_MS } as Context
    const { batchItemFailures } = await takingGroups(begin, putAnew)(
      { Records: batch.map(recordOf) },
      context,
    )
    // Who was killed answers nothing: everything comes again.
    const again = life.isOver ? batch.map(({ id }) => id) : batchItemFailures.map((one) => one.itemIdentifier)
    for (const one of batch) if (!again.includes(one.id)) this.queue.splice(this.queue.indexOf(one), 1)
    if (again.length > 0) this.world.aws.restart()
    return true
  }

  /** What a FIFO queue gives: in order, and nothing of a group of which something is out. */
  #receive(): Queued[] {
    const now = this.world.clock.now()
    const old = this.queue.filter(({ received, visibleAt }) => received >= MOST_RECEIVES && visibleAt <= now)
    for (const one of old) this.deadLetters.push(...this.queue.splice(this.queue.indexOf(one), 1))
    const out = new Set(this.queue.filter(({ visibleAt }) => visibleAt > now).map(({ resource }) => resource))
    const batch = this.queue.filter(({ resource }) => !out.has(resource)).slice(0, this.batch)
    for (const one of batch)
      Object.assign(one, { visibleAt: now + VISIBILITY_MS, received: one.received + 1 })
    return batch
  }

  async sweep(life = new Life()): Promise<void> {
    await sweep(this.#ports(life))
  }

  /** What the sweeper does beside: it asks the detectors of the account of the world, and of members. */
  async ask(life = new Life(), members: string[] = []): Promise<void> {
    const { account, region } = this.world.aws
    const accounts = { accounts: members, readRole: 'Read', changeRole: 'Change' }
    await askOnceADay(
      this.#ports(life),
      { account, region, partition: 'aws', members: accounts },
      { send: (message, resource, id) => life.around('queue.send', () => this.send(message, resource, id)) },
    )
  }

  /** Lets time pass, with the sweeper at work, until nothing is queued and no timer is left within `ms`. */
  async settle(ms = 3 * 3_600_000): Promise<void> {
    const { clock } = this.world
    const end = clock.now() + ms
    let nextSweep = clock.now() + SWEEP_MS
    while (clock.now() < end) {
      for (const timer of this.timers.filter(({ at }) => at <= clock.now())) {
        this.timers.splice(this.timers.indexOf(timer), 1)
        await this.send(timer.message, timer.resource, JSON.stringify(timer.message))
      }
      if (await this.invoke()) continue
      const times = [
        ...this.queue.map(({ visibleAt }) => visibleAt),
        ...this.timers.map(({ at }) => at),
        nextSweep,
      ]
      const next = Math.min(...times)
      clock.advance(Math.max(1, next - clock.now()))
      if (clock.now() < nextSweep) continue
      await this.sweep()
      nextSweep = clock.now() + SWEEP_MS
      const open = await this.world.store.list({ state: ['open', 'waiting'] })
      const waits = open.every(({ waitingFor }) => waitingFor === 'approval')
      if (waits && this.queue.length === 0 && this.timers.every(({ at }) => at > end)) return
    }
  }

  waker(life: Life): Waker {
    const { clock } = this.world
    const wakes = queueWakes({
      queue: {
        send: (message, resource, id) => life.around('queue.send', () => this.send(message, resource, id)),
      },
      clock,
    })
    return {
      ...wakes,
      later: (run) =>
        life.around('scheduler.create', async () => {
          const due = new Date(wokenAt(run)).toISOString()
          const message: Message = { kind: 'wake', run: run.id, why: 'timer', due }
          const known = this.timers.some((timer) => JSON.stringify(timer.message) === JSON.stringify(message))
          if (!known) this.timers.push({ at: Date.parse(due), message, resource: run.resource })
        }),
    }
  }

  #ports(life: Life): EnginePorts {
    const { world } = this
    this.#invocations += 1
    const around = <T>(what: string, work: () => Promise<T>) => life.around(what, work)
    return {
      aws: awsWithin(world, around),
      store: storeWithin(world.store, around),
      owners: {
        self: `invocation-${this.#invocations}`,
        alive: async () => true,
        release: async () => undefined,
      },
      clock: world.clock,
      ids: world.ids,
      playbooks: this.playbooks,
      configRules: this.#rules,
      calendars: this.#calendars,
      policy: world.policy,
      policyAt: async () => world.policy,
      patienceSeconds: 60,
      waits: leave(this.waker(life)),
      endsAt: world.clock.now() + TIMEOUT_MS,
      progress: (event) => {
        if (event.kind === 'warning' || event.kind === 'stuck') this.told.push(event)
      },
    }
  }
}

function recordOf({ id, message, resource, received }: Queued): SQSRecord {
  const attributes = { MessageGroupId: resource, ApproximateReceiveCount: String(received) }
  return { messageId: id, body: messageText(message), attributes } as SQSRecord
}

/** A patch run whose command has been sent, and whose timer is set, where nothing is arranged to disturb it. */
export async function patching(
  arrange: (aws: World['aws']) => void = () => undefined,
): Promise<{ world: World; deployment: Deployment }> {
  const world = newWorld(AUTO)
  arrange(world.aws)
  world.aws.ec2.addInstance('i-00000web')
  world.aws.ssm.addInstance('i-00000web', { MissingCount: 3 })
  const deployment = new Deployment(world)
  await deployment.findings(unpatched(world, 'i-00000web'))
  await deployment.invoke()
  return { world, deployment }
}
