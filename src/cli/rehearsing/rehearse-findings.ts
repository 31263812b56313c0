import { join } from 'node:path'
import type { Listed } from '../../engine/asking/detector-listing.ts'
import { BadRequest } from '../../engine/refusals.ts'
import { WireCount } from '../../engine/rehearsing/wire-count.ts'
import { systemClock } from '../../engine/system.ts'
import { messageOf } from '../../playbook/message-of.ts'
import { type KnownPlaybook, loaded } from '../../playbook/service/known-playbook.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import type { RehearsalSink } from '../../reports/rehearsal/sink.ts'
import { collectEarly } from '../early-collection.ts'
import { type EventInput, inputs } from '../input/events-input.ts'
import { refuseWithoutDetectors } from '../input/from-detectors.ts'
import { manualFinding } from '../input/manual-finding.ts'
import { lookUpPolicy } from '../input/policy-lookup.ts'
import { inputOf, namedBy, type Selection } from '../input/selection.ts'
import { trafficIn } from '../input/traffic-option.ts'
import { loadPlaybooks, playbookCalled, titlesOf } from '../program/catalogue.ts'
import { type Context, openEngine } from '../program/context.ts'
import { callersPlace, stateFolder } from '../program/environment.ts'
import { exitStatus } from '../program/exit-status.ts'
import type { Invocation } from '../program/invocation.ts'
import { type Stoppable, stoppable } from '../terminal/interruption.ts'
import type { Output } from '../terminal/output.ts'
import { incompleteListing, listedLine } from './detector-words.ts'
import { inAllSinks } from './in-all-sinks.ts'
import { Journal } from './journal.ts'
import { type Lost, saysNothing, tellingWhenLost } from './losing-access.ts'
import {
  BEGINNING,
  fromDetectors,
  fromFiles,
  inWindows,
  joinedPortions,
  mustBeReadable,
  oneAhead,
  type Portion,
  type Reached,
} from './portions.ts'
import { ProgressTally } from './progress-tally.ts'
import { ReadingProgress } from './reading-progress.ts'
import { CALLS_AT_ONCE, rehearseAll, WINDOW } from './rehearse-all.ts'
import type { Rehearsed, RehearseOptions } from './rehearse-options.ts'
import { isRepeatable, sameAs } from './same-as.ts'
import { openTwins, type Twinning } from './twinning.ts'
import { type WhomToAsk, whomToAsk } from './whom-to-ask.ts'

/**
 * How much of what lives may come on top before it is collected. Little lives here, and each finding leaves much behind: as
 * early as elsewhere collecting it takes a fifth more processor time, and with 100 it takes 409 MB for 100,000 findings.
 */
const HEAP_GROWTH_PERCENT = 60

/** What is known before anything is asked of AWS. */
interface About {
  invocation: Invocation
  options: RehearseOptions
  playbooks: readonly KnownPlaybook[]
  policy: LoadedPolicy
  files: readonly EventInput[]
  only: Selection['only']
  /** Absent where it could not go on: what is named, or read from a pipe. */
  journal?: Journal
  twins?: Twinning
}

/**
 * Rehearses what event files hold, and what detectors say is open; what it comes to is given as it is known, and not kept.
 * Whoever interrupts it gets what was done until then, and can go on later (`--resume`).
 */
export async function rehearseFindings(
  invocation: Invocation,
  events: string[],
  options: RehearseOptions,
  sink: RehearsalSink,
): Promise<Rehearsed> {
  refuseWithoutDetectors(options)
  const playbooks = await loadPlaybooks(invocation)
  const only = namedBy(events, options, playbooks, options.from !== undefined)
  const files = [...inputs(events, inputOf(invocation))]
  mustBeReadable(files)
  const policy = await lookUpPolicy(invocation, playbooks)
  const journal = await journalOf(invocation, { events, options, files, policy, only })
  const { output } = invocation
  const twins = options.twin && (await openTwins(invocation, { playbooks, policy }))
  const about: About = {
    ...{ invocation, options, playbooks, policy, files, only },
    ...(journal && { journal }),
    ...(twins && { twins }),
  }
  const stop = stoppable(() =>
    output.note('interrupted: what is under way is ended, and reported; once more ends it at once'),
  )
  try {
    return await rehearse(about, sink, stop)
  } finally {
    stop.off()
    output.status('')
    await twins?.stop()
  }
}

async function journalOf(
  invocation: Invocation,
  {
    events,
    options,
    files,
    policy,
    only,
  }: Pick<About, 'options' | 'policy' | 'only'> & { events: string[]; files: readonly EventInput[] },
): Promise<Journal | undefined> {
  const { output } = invocation
  const { resume } = options
  if (only || !isRepeatable(files)) {
    if (!resume) return undefined
    const what = only ? 'a rehearsal of one resource' : 'what is read from a pipe'
    throw new BadRequest('usage', `${what} cannot be gone on with: leave --resume out`)
  }
  const folder = join(stateFolder(invocation), 'rehearsals')
  const same = await sameAs(invocation, events, options, policy)
  if (resume) {
    const journal = await Journal.found(folder, same)
    output.note(`going on with the rehearsal that was begun ${journal.begun}`)
    return journal
  }
  if (await Journal.isThere(folder, same))
    output.note('this begins anew; an interrupted rehearsal of the same is there: --resume goes on with it')
  return Journal.begun(folder, same, systemClock.now())
}

async function rehearse(about: About, sink: RehearsalSink, stop: Stoppable): Promise<Rehearsed> {
  const { invocation, options, playbooks, policy, files, only, journal, twins } = about
  const { output, shared } = invocation
  const tally = new ProgressTally()
  const progress = new ReadingProgress(output, tally, files)
  const from = journal?.from ?? BEGINNING
  const ofFiles = await peeked(fromFiles(progress.counting(files), from))
  const region = ofFiles.first?.findings[0]?.region ?? only?.resource.split(':')[3]
  let whom: WhomToAsk | undefined
  let lost: Lost | undefined
  const wire = new WireCount()
  const engine = await openEngine(invocation, playbooks, policy, region, {
    isSilent: true,
    concurrency: CALLS_AT_ONCE,
    wire,
    ...trafficIn(options, stop.signal),
    ...(twins && { overhear: twins.overhear }),
    async widen(own) {
      if (options.from) whom = await whomToAsk(invocation, own, options, wire)
      return tellingWhenLost(whom?.aws ?? own, (why) => {
        lost ??= why
        stop.stop()
      })
    },
  })
  collectEarly(HEAP_GROWTH_PERCENT)
  let listed: Listed | undefined = from.listed
  const onPage = (page: Listed) => {
    listed = page
    progress.page(page)
  }
  const ports = { aws: engine.aws, clock: systemClock }
  const then = (reached: Reached) =>
    whom ? fromDetectors(ports, whom.listing, reached, onPage) : portionsOf([])
  const all = only ? portionsOf([await named(about, engine)]) : joinedPortions(ofFiles.all, then, from)
  const windows = inWindows(progress.reading(all), WINDOW, stop.signal)
  const started = Date.now()
  try {
    const { isWhole, reached } = await rehearseAll({
      engine: engine.engine,
      windows: whom ? oneAhead(windows) : windows,
      from,
      sink: inAllSinks([sink], () => progress.tell()),
      tally,
      until: stop.signal,
      isVoid: (run) => saysNothing(run, lost),
      options: { ...(shared.includeSamples && { includeSamples: true }), ...(only && { only }) },
      ...(journal && { journal }),
      ...(twins && { complete: (run) => twins.twinned(run, engine.aws, stop.signal) }),
    })
    if (lost) throw lost
    output.status('')
    if (tally.runs > 1)
      output.note(`rehearse: ${tally.runs} runs in ${((Date.now() - started) / 1000).toFixed(1)} s`)
    return {
      ...(await ended(about, { whom, listed, isWhole, reached, tally, stop })),
      wire: wire.isEmpty ? [] : wire.entries((await engine.aws.identity()).account),
    }
  } catch (error) {
    if (tally.runs > 0 && journal) await kept(journal, tally.runs, output)
    throw error
  } finally {
    await engine.close()
  }
}

/** What was done until a fault is worth as much as after an interruption; that it cannot be kept hides no fault. */
async function kept(journal: Journal, runs: number, output: Output): Promise<void> {
  try {
    await journal.store()
    output.note(`${runs} runs are kept: the same command with --resume goes on with them`)
  } catch (error) {
    output.note(output.notePaint.warn(`warning: the ${runs} runs so far are not kept: ${messageOf(error)}`))
  }
}

/** What it came to, as a whole. */
async function ended(
  { invocation, playbooks, journal }: About,
  how: {
    whom: WhomToAsk | undefined
    listed: Listed | undefined
    isWhole: boolean
    reached: Reached
    tally: ProgressTally
    stop: Stoppable
  },
): Promise<Rehearsed> {
  const { whom, listed, isWhole, reached, tally, stop } = how
  const { output } = invocation
  const isAll = isWhole && listed?.next === undefined
  // All of it is kept until it is reported.
  if (!isAll) {
    if (isWhole) await journal?.window(reached)
    await journal?.store()
  }
  const asked = listed?.asked ?? []
  for (const one of asked) {
    const line = listedLine(one)
    output.note(one.state === 'unread' ? output.notePaint.warn(`warning: ${line}`) : line)
  }
  const goOn = journal ? 'the same command with --resume goes on' : 'begin anew'
  const interrupted = isWhole
    ? []
    : [`It was interrupted after ${tally.runs} runs: what follows is about these; ${goOn}.`]
  const listing =
    whom && listed ? incompleteListing(listed, whom.listing, { closed: whom.closed, isWhole }) : []
  const incomplete = [...interrupted, ...listing]
  const unread = asked.filter(({ state }) => state === 'unread').length
  return {
    at: new Date().toISOString(),
    titles: titlesOf(playbooks),
    incomplete,
    asked,
    ...(isAll && journal && { journal }),
    status: stop.status() ?? exitStatus('rehearse', { ...tally.ended, unread }),
  }
}

/** The finding that a person makes by naming a resource, as all that there is. */
async function named({ invocation, only, playbooks }: About, { aws }: Context): Promise<Portion> {
  const { playbook: id, resource } = only!
  const place = await callersPlace(invocation, await aws.identity(), resource)
  const playbook = await loaded(playbookCalled(id, playbooks))
  const findings = [manualFinding(playbook, resource, place, systemClock.now())]
  return { findings, rejected: [], reached: BEGINNING }
}

async function* portionsOf(portions: readonly Portion[]): AsyncGenerator<Portion> {
  yield* portions
}

/** The same, of which the first is known already. */
async function peeked(all: AsyncGenerator<Portion>) {
  const { value: first } = (await all.next()) as IteratorResult<Portion, undefined>
  async function* whole() {
    if (first) yield first
    yield* all
  }
  return { first, all: whole() }
}
