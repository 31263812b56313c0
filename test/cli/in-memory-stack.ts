import { playbooks } from '../../playbooks/index.ts'
import type { Invocation } from '../../src/cli/program/invocation.ts'
import { runProgram } from '../../src/cli/program/program.ts'
import type { Stack } from '../../src/cli/stack/deployment.ts'
import type { Output } from '../../src/cli/terminal/output.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { configRules } from '../../src/engine/jobs/rule-facts.ts'
import type { EnginePorts } from '../../src/engine/ports.ts'
import { leave } from '../../src/engine/waits/leave.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { dispatch } from '../../src/lambda/dispatch.ts'
import type { Message } from '../../src/queue/messages.ts'
import { queueWakes } from '../../src/queue/wakes.ts'
import { plain } from '../../src/reports/paint.ts'
import type { Run } from '../../src/run/run.ts'
import { memoryCards } from '../../src/store/memory-cards.ts'
import { openGroup } from '../engine/approval-scenes.ts'
import { AUTO, calendarsOf, sshOpen, type World } from '../engine/simulated-world.ts'

const FUNCTIONS = 'arn:aws:sts::123456789012:assumed-role/rectify-runner/rectify'

/** A deployment in memory: its functions carry every message at once, unless they are told to rest. */
export interface MemoryStack extends Stack {
  /** Every message that was put into the runs queue, with its deduplication id. */
  readonly messages: { message: Message; deduplicationId: string }[]
  readonly events: { event: unknown; nonce: string }[]
  /** Whether messages are carried when they come. */
  awake: boolean
  /** As if these findings had come in. */
  arrive(findings: Finding[]): Promise<Run[]>
}

/** @param rules name → `source` that the rule takes in */
export function memoryStack(
  world: World,
  rules: Record<string, string> = { ConfigRule: 'aws.config', GuardDutyRule: 'aws.guardduty' },
): MemoryStack {
  const { aws, store, clock } = world
  const stack: MemoryStack = {
    name: 'prod',
    aws,
    store,
    cards: memoryCards(),
    clock,
    messages: [],
    events: [],
    awake: true,
    runs: {
      async send(message, _resource, deduplicationId) {
        stack.messages.push({ message, deduplicationId })
        if (stack.awake) await asFunctions(() => dispatch(ports, message, waker))
      },
    },
    intake: {
      put: async (event, nonce) => void stack.events.push({ event: JSON.parse(event), nonce }),
    },
    async matching(event) {
      const { source } = event as { source?: string }
      return Object.keys(rules).filter((name) => rules[name] === source)
    },
    arrive: (findings) => asFunctions(async () => (await createEngine(ports).handle(findings, 'apply')).runs),
    close: async () => undefined,
  }
  const waker = { ...queueWakes({ queue: stack.runs, clock }), later: async () => undefined }
  const ports: EnginePorts = {
    aws,
    store,
    owners: { self: 'function', alive: async () => true, release: async () => undefined },
    clock,
    ids: world.ids,
    playbooks,
    configRules: configRules(aws, clock),
    calendars: calendarsOf(world),
    policy: world.policy,
    policyAt: async () => world.policy,
    patienceSeconds: 60,
    waits: leave(waker),
  }

  /** What the functions do, they do under their own name. */
  async function asFunctions<T>(work: () => Promise<T>): Promise<T> {
    const person = aws.caller
    aws.caller = { ...person, arn: FUNCTIONS }
    try {
      return await work()
    } finally {
      aws.caller = person
    }
  }

  return stack
}

/** A deployment in which a run waits for a person. */
export async function asking(policy?: string) {
  const world = openGroup(policy)
  const stack = memoryStack(world)
  const [run] = await stack.arrive([sshOpen(world, 'sg-0web')])
  return { world, stack, id: run!.id, hash: run!.plan!.hash }
}

/** A deployment that has closed a group by itself. */
export async function closed() {
  const world = openGroup(AUTO)
  const stack = memoryStack(world)
  const [run] = await stack.arrive([sshOpen(world, 'sg-0web')])
  return { world, stack, id: run!.id }
}

export interface Called {
  status: number
  document: Record<string, unknown>
  text: string
  notes: string
}

/** Calls the program in this process, with `--stack` answered by this deployment. */
export async function callOn(stack: Stack, ...args: string[]): Promise<Called> {
  const called: Called = { status: 0, document: {}, text: '', notes: '' }
  const output: Output = {
    json: false,
    paint: plain,
    notePaint: plain,
    interactive: false,
    updating: false,
    result(document, text) {
      called.document = JSON.parse(JSON.stringify(document))
      called.text = text()
    },
    lines: async () => true,
    say: () => undefined,
    note(line) {
      called.notes += `${line}\n`
    },
    status: () => undefined,
    asking: (question) => question(),
    flushed: async () => true,
  }
  const invocation: Invocation = {
    env: {},
    cwd: import.meta.dirname,
    output,
    shared: {},
    status: 0,
    findStack: async () => stack,
  }
  called.status = await runProgram([...args, '--stack', stack.name], invocation)
  return called
}

/** The one run of a document. */
export function onlyRun({ document }: Called): Record<string, unknown> {
  const runs = document.runs as Record<string, unknown>[]
  if (runs.length !== 1) throw new Error(`${runs.length} runs`)
  return runs[0]!
}
