import { playbooks } from '../playbooks/index.ts'
import { createEngine } from '../src/engine/engine.ts'
import { configRules } from '../src/engine/jobs/rule-facts.ts'
import { systemClock, ulids } from '../src/engine/system.ts'
import { stay } from '../src/engine/waits/stay.ts'
import { parseText } from '../src/findings/read.ts'
import { parsePolicy } from '../src/policy/file/load.ts'
import { memoryOwners, memoryStore } from '../src/store/memory.ts'
import { AwsModel } from '../test/support/aws-model.ts'
import { eventText, sshEvent } from './events.ts'
import { type Spread, spread } from './figures.ts'

export interface PerEvent {
  playbook: string
  /** ms from the text of the event to the finding. */
  parse: Spread
  /** ms from the text of the event to the decided plan. */
  plan: Spread
}

const RESOURCES = 50
const INSTANCE = 'i-0f1e2d3c4b5a69788'
const instance = (n: number) => `i-${String(n).padStart(17, '0')}`
const POLICY = `version: 1
rules:
  - when: { playbook: wafv2-block-attacker-ip }
    mode: auto
    parameters: { ports: any }
  - mode: auto
`

/**
 * The engine's own time for one event, warm: parse, match, look, plan, decide, as `rectify plan` does it. AWS is
 * answered from memory at the port, so nothing of network, signing or XML is in it.
 */
export async function perEvent(events: number): Promise<PerEvent[]> {
  const patch = eventText('config-compliance-patch.json')
  const snapshots = eventText('config-compliance-public-snapshots-of-account.json')
  const attack = eventText('guardduty-ssh-brute-force-target.json')
  return [
    await measure('ec2-close-open-ingress', events, (n) => sshEvent(`sg-${n % RESOURCES}`)),
    await measure('ec2-unshare-public-snapshot', events, () => snapshots),
    await measure('wafv2-block-attacker-ip', events, (n) =>
      attack.replaceAll('45.83.64.11', `45.83.64.${n % 250}`),
    ),
    await measure('ssm-patch-instance', events, (n) => patch.replaceAll(INSTANCE, instance(n % RESOURCES))),
  ]
}

async function measure(playbook: string, events: number, eventOf: (n: number) => string): Promise<PerEvent> {
  const aws = account()
  const policy = parsePolicy(POLICY, '/bench/rectify.yaml', playbooks)
  const engine = createEngine({
    aws,
    configRules: configRules(aws, systemClock),
    calendars: { ask: async () => ({ kind: 'open' }) },
    store: memoryStore(),
    owners: memoryOwners('bench', new Set()),
    clock: systemClock,
    ids: ulids(),
    playbooks,
    policy,
    policyAt: async () => policy,
    patienceSeconds: 0,
    waits: stay(async () => ({ kind: 'leave' })),
  })
  const parse: number[] = []
  const plan: number[] = []
  const warmUp = Math.ceil(events / 4)
  for (let n = 0; n < warmUp + events; n++) {
    const text = eventOf(n)
    aws.calls.length = 0
    const start = performance.now()
    const { findings } = parseText(text, 'bench')
    const parsed = performance.now()
    const { runs } = await engine.handle(findings, 'plan')
    const planned = performance.now()
    const run = runs.find((one) => one.playbook === playbook)
    if (run?.outcome !== 'planned')
      throw new Error(`${playbook}: ${run?.outcome ?? 'no run'}: ${run?.reason}`)
    if (n < warmUp) continue
    parse.push(parsed - start)
    plan.push(planned - start)
  }
  return { playbook, parse: spread(parse), plan: spread(plan) }
}

/** An account with something to do for each playbook, and as much beside it that is in order. */
function account(): AwsModel {
  const aws = new AwsModel(systemClock)
  // The time of the product is measured, not that of the model of AWS: its checks of inputs are for tests.
  aws.asStrictAsAws = false
  for (let n = 0; n < RESOURCES; n++) {
    aws.groups.add(`sg-${n}`, [
      { from: 22, cidr: '0.0.0.0/0', description: 'temporary' },
      { from: 22, cidr6: '::/0' },
      { from: 22, cidr: '10.0.0.0/8', description: 'office' },
      { from: 443, cidr: '0.0.0.0/0' },
      { egress: true, protocol: '-1', cidr: '0.0.0.0/0' },
    ])
    aws.ec2.addInterface(`eni-${n}`, [`sg-${n}`])
    aws.ec2.addSnapshot(`snap-${n}`, n === 0 ? [{ Group: 'all' }] : [])
    aws.ec2.addInstance(instance(n))
    aws.ssm.addInstance(instance(n))
  }
  const set = aws.wafv2.addSet('rectify-block-v4', ['192.0.2.1/32'])
  const balancer = `arn:aws:elasticloadbalancing:${aws.region}:${aws.account}:loadbalancer/app/web/1`
  aws.wafv2.addBlockingAcl('web', set, [balancer])
  return aws
}
