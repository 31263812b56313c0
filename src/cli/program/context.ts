import type { ClientOptions, TracedCall } from '../../aws/clients.ts'
import type { Aws, Place } from '../../aws/port.ts'
import type { RoleOptions } from '../../aws/roles.ts'
import type { Engine } from '../../engine/engine.ts'
import type { EnginePorts } from '../../engine/ports.ts'
import { checksWhenAsked } from '../../engine/rehearsing/checks-when-asked.ts'
import type { TrafficQuestion } from '../../engine/rehearsing/traffic/cut-traffic.ts'
import type { WireCount } from '../../engine/rehearsing/wire-count.ts'
import { systemClock, ulids } from '../../engine/system.ts'
import type { Collection } from '../../playbook/service/collection.ts'
import type { KnownPlaybook } from '../../playbook/service/known-playbook.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import { interruptedText } from '../../reports/run/interrupted-text.ts'
import type { Run } from '../../run/run.ts'
import type { RunStore } from '../../run/store.ts'
import { type Late, lateFindings } from '../../writeback/late-findings.ts'
import { collectEarly, keepYoungHeap } from '../early-collection.ts'
import { ownOfCaller } from '../stack/own-of-caller.ts'
import { clockSkewOn } from '../terminal/clock-advice.ts'
import { uponInterruption } from '../terminal/interruption.ts'
import { progressOn } from '../terminal/progress.ts'
import { terminalAnswers } from '../terminal/terminal.ts'
import { traceText } from '../terminal/trace.ts'
import { loadCollection, titlesOf } from './catalogue.ts'
import { callersPlace, patienceSeconds, regionOf, stateFolder } from './environment.ts'
import { fail } from './failure.ts'
import type { Invocation } from './invocation.ts'
import { sameWay } from './same-way.ts'

/** An engine on real ports, for one command. */
export interface Context {
  engine: Engine
  aws: Aws
  store: RunStore
  /** Findings that came after the end of the run that they ask for, as they come. */
  late: readonly Late[]
  /** Frees the store and tells others that this process drives nothing any more. */
  close(): Promise<void>
}

/** What only commands need that drive runs: it is loaded when one does. */
async function engineParts() {
  const [engine, hand, rules, seldom, calendars, owners, policies] = await Promise.all([
    import('../../engine/engine.ts'),
    import('../../engine/waits/stay.ts'),
    import('../../engine/jobs/rule-facts.ts'),
    import('../../engine/seldom-asked.ts'),
    import('../../engine/rails/calendars.ts'),
    import('../../store/sqlite/process-owners.ts'),
    import('../../policy/file/load.ts'),
  ])
  return { ...engine, ...hand, ...rules, ...seldom, ...calendars, ...owners, ...policies }
}

/** What is otherwise about an engine than most commands have it. */
export interface Otherwise {
  /** AWS with more reach than the caller's own credentials, which are given. */
  widen?: (own: Aws) => Promise<Aws>
  /** Most calls under way at once; default: as everywhere. */
  concurrency?: number
  /** Counts what is asked of AWS. */
  wire?: WireCount
  /** What flow logs are asked about what a rehearsed plan cuts off; absent: nothing. */
  traffic?: TrafficQuestion
  /** As in the engine's ports. */
  overhear?: EnginePorts['overhear']
  /** For work that changes nothing, which tells itself how far it is, and sees to its own interruption and memory. */
  isSilent?: true
}

/**
 * Builds the engine from options and environment. Loads the AWS clients, so commands call it after everything that
 * can be refused without them.
 *
 * @param policy decides new runs; a stored run is decided by the file that it remembers, unless `--policy` names another
 * @param region of what the command is about; default that of the newest stored run
 */
export async function openEngine(
  invocation: Invocation,
  playbooks: readonly KnownPlaybook[],
  policy: LoadedPolicy,
  region?: string,
  { widen = async (own) => own, isSilent, concurrency, wire, traffic, overhear }: Otherwise = {},
): Promise<Context> {
  const patience = patienceSeconds(invocation)
  const { shared, output } = invocation
  collectEarly()
  if (!isSilent) keepYoungHeap()
  const { createEngine, stay, configRules, seldomAsked, changeCalendars, processOwners, loadPolicy } =
    await engineParts()
  invocation.fault = (error) => fail(error, invocation, process.argv)
  const store = await openStore(invocation)
  const about = async () => region ?? (await store.list({ limit: 1 }))[0]?.region
  const uncounted = await widen(await openAws(invocation, about, concurrency, wire))
  const aws = wire?.counting(uncounted, true) ?? uncounted
  const besides = wire?.counting(uncounted, false) ?? uncounted
  const owners = processOwners(stateFolder(invocation))
  const seen = new Map<string, Run>()
  const tell = progressOn(output, { hasStatus: !isSilent })
  const { ports, found: late } = lateFindings<EnginePorts>({
    aws,
    store,
    owners,
    clock: systemClock,
    ids: ulids(),
    playbooks,
    configRules: configRules(aws, systemClock),
    calendars: changeCalendars(aws, systemClock, async () => callersPlace(invocation, await aws.identity())),
    ...seldomAsked(aws, () => homeOf(aws), systemClock),
    policy,
    policyAt: async (file) => (shared.policy === undefined ? loadPolicy(file, playbooks) : policy),
    own: ownOfCaller(invocation),
    ...(overhear && { overhear }),
    checks: checksWhenAsked(besides, systemClock, traffic),
    patienceSeconds: patience,
    waits: stay(terminalAnswers(shared, output, titlesOf(playbooks))),
    progress(event) {
      const isOfRun = event.kind === 'state' || event.kind === 'closed'
      if (isOfRun && event.run.intent === 'apply') seen.set(event.run.id, event.run)
      tell(event)
    },
  })
  const engine = createEngine(ports)
  const saysWhatWasDone = () => {
    output.status('')
    output.note(interruptedText([...seen.values()], output.notePaint, sameWay(invocation)))
  }
  const off = isSilent ? () => undefined : uponInterruption(saysWhatWasDone)
  return {
    engine,
    aws: besides,
    store,
    late,
    async close() {
      off()
      output.status('')
      await owners.release()
      await store.close()
    },
  }
}

/** The caller's account, in a region of its partition. */
async function homeOf(aws: Aws): Promise<Place> {
  const { account, partition } = await aws.identity()
  const { regionIn } = await import('../../aws/sts-region.ts')
  return { account, partition, region: regionIn(partition) }
}

/** The local runs. Reading makes no folder. */
export async function openStore(invocation: Invocation): Promise<RunStore> {
  const { sqliteStore } = await import('../../store/sqlite/sqlite-store.ts')
  return sqliteStore(stateFolder(invocation))
}

/**
 * AWS with the caller's own credentials.
 * @param about a region of what the command is about, see `SdkOptions`
 * @param concurrency most calls under way at once, see `ClientOptions`
 * @param wire counts the calls
 */
export async function openAws(
  invocation: Invocation,
  about?: () => Promise<string | undefined>,
  concurrency?: number,
  wire?: WireCount,
): Promise<Aws> {
  return awsOf(invocation, (await loadCollection(invocation)).services, { about, concurrency, wire })
}

/** AWS for who is called only: no playbook is read, so that none can be in the way. */
export async function openIdentity(invocation: Invocation): Promise<Aws> {
  return awsOf(invocation, [])
}

/** AWS for telling detectors how runs ended. */
export async function openDetectors(invocation: Invocation): Promise<Aws> {
  return awsOf(invocation, (await import('../../writeback/detector-services.ts')).DETECTOR_SERVICES)
}

/** AWS by roles in other accounts, which the caller's own credentials enter. */
export async function openMembers(
  invocation: Invocation,
  roles: Pick<RoleOptions, 'roleFor' | 'externalId' | 'concurrency'>,
  wire?: WireCount,
): Promise<Aws> {
  const { rolesAws } = await import('../../aws/roles.ts')
  const { services } = await loadCollection(invocation)
  return rolesAws({ ...clientOptions(invocation, services, wire), ...roles })()
}

async function awsOf(
  invocation: Invocation,
  services: Collection['services'],
  {
    about,
    concurrency,
    wire,
  }: {
    about?: (() => Promise<string | undefined>) | undefined
    concurrency?: number | undefined
    wire?: WireCount | undefined
  } = {},
): Promise<Aws> {
  const { sdkAws } = await import('../../aws/sdk.ts')
  return sdkAws({
    ...clientOptions(invocation, services, wire),
    ...(about && { about }),
    ...(concurrency !== undefined && { concurrency }),
  })
}

function clientOptions(
  invocation: Invocation,
  services: Collection['services'],
  wire?: WireCount,
): ClientOptions {
  const { shared, output } = invocation
  const region = regionOf(invocation)
  const told = [
    ...(wire ? [(call: TracedCall) => wire.call(call)] : []),
    ...(shared.verbose ? [(call: TracedCall) => output.note(traceText(call))] : []),
  ]
  return {
    services,
    ...(shared.endpointUrl !== undefined && { endpoint: shared.endpointUrl }),
    ...(shared.profile !== undefined && { profile: shared.profile }),
    ...(region !== undefined && { region }),
    clockSkew: clockSkewOn(output),
    ...(told.length > 0 && {
      trace: (call) => {
        for (const tell of told) tell(call)
      },
    }),
  }
}
