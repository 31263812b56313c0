import { createEngine } from '../../engine/engine.ts'
import { configRules } from '../../engine/jobs/rule-facts.ts'
import { lookOnly } from '../../engine/look-only.ts'
import type { EnginePorts } from '../../engine/ports.ts'
import { changeCalendars } from '../../engine/rails/calendars.ts'
import { startRun } from '../../engine/start-runs.ts'
import { ulids } from '../../engine/system.ts'
import { stay } from '../../engine/waits/stay.ts'
import type { KnownPlaybook } from '../../playbook/service/known-playbook.ts'
import { DEFAULT_APPROVAL } from '../../policy/approvers.ts'
import { neverOf } from '../../policy/never.ts'
import type { LoadedPolicy, PolicyFromFile } from '../../policy/rules.ts'
import type { Run } from '../../run/run.ts'
import { memoryOwners, memoryStore } from '../../store/memory.ts'
import { type RecordedReads, recordingReader } from './recorded-reads.ts'
import type { TwinAws } from './twin-aws.ts'
import { virtualClock } from './virtual-clock.ts'

/** How long an undone twin is left alone: nobody comes back to it. */
const REST = 'PT1M'
/** Seconds of the virtual clock: what the emulators do not show at once they never show. */
const PATIENCE = 30

/** The engine on a twin: the real one, on a store and a clock of its own, where everything is allowed and approved. */
export interface TwinEngine {
  /** Looks and plans; nothing is changed. */
  plan(): Promise<{ run: Run; reads: RecordedReads }>
  /** Puts right what the run is about. */
  apply(): Promise<Run>
  undo(applied: Run): Promise<Run>
}

/**
 * @param run of the rehearsal: its playbook, target, findings and parameters are the twin's
 * @param policy of the rehearsal: what is never to be blocked is never planned there either
 */
export function twinEngine(
  run: Run,
  aws: TwinAws,
  { playbooks, policy }: { playbooks: readonly KnownPlaybook[]; policy: LoadedPolicy },
): TwinEngine {
  const clock = virtualClock()
  const allowed = allowing(run, policy)
  const { account, region, partition } = run
  const reads: RecordedReads = new Map()
  const ports: EnginePorts = {
    aws,
    store: memoryStore(),
    owners: memoryOwners('twin', new Set()),
    clock,
    ids: ulids(),
    playbooks,
    configRules: configRules(aws, clock),
    calendars: changeCalendars(aws, clock, async () => ({ account, region, partition })),
    policy: allowed,
    policyAt: async () => allowed,
    patienceSeconds: PATIENCE,
    waits: stay(async () => ({ kind: 'approve' })),
    overhear: (_run, reader) => recordingReader(reader, reads),
  }
  const engine = createEngine(ports)
  const playbook = playbooks.find(({ id }) => id === run.playbook)!
  const job = { playbook, target: run.target, findings: run.findings }
  return {
    async plan() {
      reads.clear()
      const ended: Run[] = []
      await lookOnly(ports, [job], { intent: 'plan', onEnd: (run) => void ended.push(run) })
      return { run: ended[0]!, reads: new Map(reads) }
    },
    async apply() {
      const [applied] = await startRun(ports, job)
      return applied!
    },
    async undo(applied) {
      const { runs } = await engine.undo(applied.id, { restFor: REST })
      return runs[0]!
    },
  }
}

/** All of it by itself, with the parameters of the run; no guard rail holds anything in an empty world. */
function allowing({ parameters }: Run, policy: LoadedPolicy): PolicyFromFile {
  const rule = {
    mode: 'auto' as const,
    parameters: (parameters ?? {}) as Record<string, unknown>,
    approval: { ...DEFAULT_APPROVAL },
    line: 1,
    text: '{ mode: auto }',
  }
  const { addresses } = neverOf(policy)
  return {
    kind: 'file',
    file: 'twin',
    policy: {
      version: 1,
      rules: [rule],
      exemptions: [],
      freezes: [],
      limits: {},
      never: { addresses, resources: [], roles: [], accounts: [] },
      configRules: [],
      tell: [],
    },
  }
}
