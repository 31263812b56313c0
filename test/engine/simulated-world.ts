import { playbooks } from '../../playbooks/index.ts'
import { offered } from '../../playbooks/offered.ts'
import type { Aws } from '../../src/aws/port.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { configRules } from '../../src/engine/jobs/rule-facts.ts'
import type { OwnParts } from '../../src/engine/own/own-parts.ts'
import type { Answer, EnginePorts, Progress } from '../../src/engine/ports.ts'
import { type Calendars, changeCalendars } from '../../src/engine/rails/calendars.ts'
import { stay } from '../../src/engine/waits/stay.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import { addressRange } from '../../src/policy/address-range.ts'
import { parsePolicy } from '../../src/policy/file/load.ts'
import type { LoadedPolicy } from '../../src/policy/rules.ts'
import type { Run } from '../../src/run/run.ts'
import type { RunStore } from '../../src/run/store.ts'
import { memoryOwners, memoryStore } from '../../src/store/memory.ts'
import { AwsModel } from '../support/aws-model.ts'
import { countingIds, SimulatedClock } from '../support/clock.ts'

/** AWS, a store and a clock that several engines (processes) share. */
export interface World {
  aws: AwsModel
  clock: SimulatedClock
  store: RunStore
  /** Living owners; taking one out is the death of its process. */
  living: Set<string>
  ids: ReturnType<typeof countingIds>
  policy: LoadedPolicy
  /** Transactions that were committed, by commit id. */
  commits: string[]
}

export const AUTO = 'version: 1\nrules:\n  - mode: auto\n'
export const APPROVE = 'version: 1\nrules:\n  - mode: approve\n'

export function policyOf(text: string): LoadedPolicy {
  return parsePolicy(text, '/policies/rectify.yaml', playbooks, addressRange)
}

export function newWorld(policy: string | 'none' = AUTO): World {
  const clock = new SimulatedClock()
  const commits: string[] = []
  const store = memoryStore()
  const counted: RunStore = {
    ...store,
    async commit(commit) {
      const result = await store.commit(commit)
      if (result.kind === 'committed') commits.push(commit.id)
      return result
    },
  }
  return {
    aws: new AwsModel(clock),
    clock,
    store: counted,
    living: new Set(),
    ids: countingIds(),
    policy: policy === 'none' ? { kind: 'none' } : policyOf(policy),
    commits,
  }
}

/** Calendars as a new process asks for them, in the account and region of the world. */
export function calendarsOf(world: World, aws: Aws = world.aws): Calendars {
  const { account, region } = world.aws
  return changeCalendars(aws, world.clock, async () => ({ account, region, partition: 'aws' }))
}

export interface Process {
  engine: Engine
  owner: string
  progress: Progress[]
}

let processes = 0

/** A process that works on the world. */
export function start(
  world: World,
  more: {
    answer?: (run: Run) => Answer
    store?: RunStore
    aws?: Aws
    patience?: number
    policyAt?: () => LoadedPolicy
    playbooks?: readonly AnyPlaybook[]
    organization?: EnginePorts['organization']
    taggedPlaces?: EnginePorts['taggedPlaces']
    trail?: EnginePorts['trail']
    own?: OwnParts
    checks?: EnginePorts['checks']
    overhear?: EnginePorts['overhear']
  } = {},
): Process {
  processes += 1
  const owner = `process-${processes}`
  const progress: Progress[] = []
  const aws = more.aws ?? world.aws
  const ports: EnginePorts = {
    aws,
    configRules: configRules(aws, world.clock),
    calendars: calendarsOf(world, aws),
    store: more.store ?? world.store,
    owners: memoryOwners(owner, world.living),
    clock: world.clock,
    ids: world.ids,
    playbooks: more.playbooks ?? offered.playbooks,
    policy: world.policy,
    ...(more.organization && { organization: more.organization }),
    ...(more.taggedPlaces && { taggedPlaces: more.taggedPlaces }),
    ...(more.trail && { trail: more.trail }),
    policyAt: async () => more.policyAt?.() ?? world.policy,
    ...(more.own && { own: more.own }),
    ...(more.checks && { checks: more.checks }),
    ...(more.overhear && { overhear: more.overhear }),
    patienceSeconds: more.patience ?? 60,
    waits: stay(async (run) => more.answer?.(run) ?? { kind: 'leave' }),
    progress: (event) => void progress.push(event),
  }
  return { engine: createEngine(ports), owner, progress }
}

/** The process is gone without a word. */
export function kill(world: World, process: Process): void {
  world.living.delete(process.owner)
  world.aws.restart()
}

/** A finding in the account and region of the model, observed now. */
export function finding(world: World, about: Partial<Finding> & Pick<Finding, 'source' | 'type'>): Finding {
  const observedAt = about.observedAt ?? world.clock.iso()
  return {
    id: `${about.type}/${about.resources?.[0]?.id ?? 'account'}`,
    version: `${observedAt}#0001`,
    title: about.type,
    severity: 'MEDIUM',
    status: 'active',
    account: world.aws.account,
    region: world.aws.region,
    partition: 'aws',
    resources: [],
    observedAt,
    evidence: {},
    ...about,
  }
}

export const sshOpen = (world: World, group: string, more: Partial<Finding> = {}): Finding =>
  finding(world, {
    source: 'config',
    type: 'INCOMING_SSH_DISABLED',
    resources: [{ type: 'AWS::EC2::SecurityGroup', id: group }],
    ...more,
  })

/** With the rule's parameters as intake reads them: none, so that its defaults hold. */
export const commonPortsOpen = (world: World, group: string, more: Partial<Finding> = {}): Finding =>
  finding(world, {
    source: 'config',
    type: 'RESTRICTED_INCOMING_TRAFFIC',
    resources: [{ type: 'AWS::EC2::SecurityGroup', id: group }],
    evidence: { ruleParameters: {} },
    ...more,
  })

const snapshotsPublic = (world: World, resource: { type: string; id: string }): Finding =>
  finding(world, {
    source: 'config',
    type: 'EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK',
    resources: [resource],
  })

/** The rule is one of the account: which snapshots it means it does not say. */
export const publicSnapshots = (world: World): Finding =>
  snapshotsPublic(world, { type: 'AWS::::Account', id: world.aws.account })

export const publicSnapshot = (world: World, snapshot: string): Finding =>
  snapshotsPublic(world, { type: 'AWS::EC2::Snapshot', id: snapshot })

export const unpatched = (world: World, instance: string): Finding =>
  finding(world, {
    source: 'config',
    type: 'EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK',
    resources: [{ type: 'AWS::SSM::PatchCompliance', id: `AWS::SSM::ManagedInstanceInventory/${instance}` }],
  })

export const attack = (world: World, addresses: string[], more: Partial<Finding> = {}): Finding =>
  finding(world, {
    source: 'guardduty',
    type: 'UnauthorizedAccess:EC2/MaliciousIPCaller.Custom',
    id: `attack-${addresses.join('-')}`,
    resources: [{ type: 'AWS::EC2::Instance', id: 'i-0web' }],
    evidence: {
      role: 'TARGET',
      remotes: addresses.map((address) => ({ address, localPort: 443, direction: 'INBOUND' as const })),
      ports: [443],
    },
    ...more,
  })
