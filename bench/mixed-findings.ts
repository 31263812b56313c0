import { offered } from '../playbooks/offered.ts'
import type { Aws } from '../src/aws/port.ts'
import { createEngine, type Engine } from '../src/engine/engine.ts'
import { configRules } from '../src/engine/jobs/rule-facts.ts'
import { ulids } from '../src/engine/system.ts'
import { stay } from '../src/engine/waits/stay.ts'
import type { Finding } from '../src/findings/finding.ts'
import { parseText } from '../src/findings/read.ts'
import { checkedPolicy } from '../src/policy/file/load.ts'
import { memoryOwners, memoryStore } from '../src/store/memory.ts'
import { newWorld, type World } from '../test/engine/simulated-world.ts'
import { arranged, ruleOfCase } from '../test/support/case-per-playbook.ts'
import { configEvent } from './events.ts'
import { percentile, type Spread, spread } from './figures.ts'

export interface MixedFindings {
  playbooks: number
  /** ms from an event to its decided plans. */
  own: Spread & { p95: number }
  /** ms of processor time for an event, collecting garbage included: hardly moved by what else the machine does. */
  cpuMs: number
}

/** One playbook with something for it to put right, or to tell, as the first case of its own tests has it. */
interface Case {
  playbook: string
  world: World
  /** What AWS Config says as it says it; of other detectors, what their readers made of it. */
  event: string | Finding
}

/**
 * The engine's own time for one event, warm, where each is for another playbook: parse (what is of AWS Config), match,
 * look, plan, decide, as `rectify plan` does it, by one engine with all playbooks, loaded when they are needed. AWS
 * answers from memory at the port, by the models of the playbooks' tests, whose time is in it.
 */
export async function mixedFindings(events: number): Promise<MixedFindings> {
  const cases = offered.playbooks.map(({ id }) => caseFor(id))
  const handle = await handling(cases)
  for (const each of [...cases, ...cases, ...cases]) await handle(each)
  const times: number[] = []
  const before = process.cpuUsage()
  for (let n = 0; n < events; n++) {
    const start = performance.now()
    await handle(cases[n % cases.length]!)
    times.push(performance.now() - start)
  }
  const { user, system } = process.cpuUsage(before)
  return {
    playbooks: new Set(cases.slice(0, events).map(({ playbook }) => playbook)).size,
    own: { ...spread(times), p95: percentile(times, 95) },
    cpuMs: (user + system) / 1000 / events,
  }
}

function caseFor(playbook: string): Case {
  const world = newWorld()
  // The time of the product is measured, not that of the model of AWS: its checks of inputs are for tests.
  world.aws.asStrictAsAws = false
  const finding = arranged(playbook, world)
  if (!finding) throw new Error(`the tests of ${playbook} have no case`)
  const { source, type, evidence, resources } = finding
  // What else the rule said is not in its event.
  const isTold = source !== 'config' || Object.keys(evidence).length > 0
  if (isTold) return { playbook, world, event: finding }
  const rule = type.toLowerCase().replaceAll('_', '-')
  world.aws.config.add(rule, type)
  return { playbook, world, event: configEvent(rule, resources[0]!) }
}

/** Hands an event in, and has AWS be as its case says. */
async function handling(cases: readonly Case[]): Promise<(one: Case) => Promise<void>> {
  let now = cases[0]!.world
  const { clock } = now
  const aws: Aws = {
    services: now.aws.services,
    identity: () => now.aws.identity(),
    reaches: (account) => now.aws.reaches(account),
    changesAs: (account) => now.aws.changesAs(account),
    reader: (...given) => now.aws.reader(...given),
    send: (...given) => now.aws.send(...given),
  }
  const rules = cases.map(({ playbook }) => ruleOfCase(playbook) ?? '')
  const text = `version: 1\nrules:\n${rules.join('')}  - mode: auto\n`
  const policy = await checkedPolicy(text, '/bench/rectify.yaml', offered.playbooks)
  const engine: Engine = createEngine({
    aws,
    configRules: configRules(aws, clock),
    calendars: { ask: async () => ({ kind: 'open' }) },
    store: memoryStore(),
    owners: memoryOwners('bench', new Set()),
    clock,
    ids: ulids(),
    playbooks: offered.playbooks,
    policy,
    policyAt: async () => policy,
    patienceSeconds: 0,
    waits: stay(async () => ({ kind: 'leave' })),
  })
  return async ({ playbook, world, event }) => {
    now = world
    now.aws.calls.length = 0
    const findings = typeof event === 'string' ? parseText(event, 'bench').findings : [event]
    const { runs } = await engine.handle(findings, 'plan')
    const run = runs.find((each) => each.playbook === playbook)
    if (run?.outcome !== 'planned' && run?.outcome !== 'notified')
      throw new Error(`${playbook}: ${run?.outcome ?? 'no run'}: ${run?.reason}`)
  }
}
