import { durationMs } from '../../../policy/written-durations.ts'
import type { Reads, Run } from '../../../run/run.ts'

/** What the runs of a rehearsal say of the real thing in one account and region. */
export interface PlaceTally {
  account: string
  region: string
  /** Plans that would act or ask. */
  plans: number
  /** Calls that change something. */
  changes: number
  /** Dry runs that the real thing would send again before it changes anything or asks. */
  dryRuns: number
  /** Sets that are read before they are written. */
  sets: number
  /** Most calls that one of its runs makes one after the other. */
  chain: number
  /** What was read, by IAM action. */
  reads: Map<string, ReadTally>
  /** The actions of which each proof reads one at least: by all that it may read, how many proofs. */
  proofs: Map<string, number>
}

/** How often the runs read something. */
export interface ReadTally {
  /** In the looks of all of them. */
  looks: number
  /** In the looks of those that ask, which look again before the change. */
  again: number
  /** In the looks of those that act by themselves, which look again where their look is old by then. */
  maybeAgain: number
  /** In proofs, at most. */
  proofs: number
}

/** What somebody waits for before a run ends. */
export interface RealWait {
  /** A phrase: `a person's word`. */
  for: string
  plans: number
  /** At most so long; null where nobody can tell. */
  seconds: number | null
}

/** What is counted of the real thing run by run: it holds none. */
export class RealTally {
  readonly #places = new Map<string, PlaceTally>()
  readonly #waits = new Map<string, RealWait>()
  /** Plans that would act or ask of which nobody has counted what they read. */
  uncounted = 0

  get places(): PlaceTally[] {
    return [...this.#places.values()]
  }

  get waits(): RealWait[] {
    return [...this.#waits.values()]
  }

  /** @param does undefined where nothing would be changed: it would be looked at all the same */
  add(run: Run, does: 'act' | 'ask' | undefined): void {
    const asks = does === 'ask'
    this.#addReads(run, does)
    if (does === undefined || run.plan === null) return
    const { steps, late } = run.plan
    const place = this.#at(run, run.region)
    if (run.reads === undefined) this.uncounted += 1
    place.plans += 1
    place.changes += steps.length
    place.sets += steps.filter(({ kind }) => kind === 'merge').length
    // As the machine has it: the engine tries a plan of several steps, and what it asks about.
    const tries = asks || steps.length > 1
    if (tries) place.dryRuns += new Set(run.results.flatMap((one) => (isDryRun(one) ? one.step : []))).size
    place.chain = Math.max(place.chain, LOOK_AND_PROOF + steps.length + (asks ? 1 : 0) + (tries ? 1 : 0))
    if (asks) this.#wait("a person's word", msOf(run.approval?.expiresAfter))
    for (const step of steps)
      if (step.kind === 'command')
        this.#wait(`${step.call.service}:${step.call.operation} to end`, step.settles.timeoutSeconds * 1000)
    if (late !== undefined) this.#wait(`AWS to show it: ${late}`, null)
    const { wouldHold } = run
    if (wouldHold) this.#wait(`a ${wouldHold.rail} to let it go`, untilMs(wouldHold.until, run.startedAt))
  }

  #addReads({ account, region, reads }: Run, does: 'act' | 'ask' | undefined): void {
    if (reads === undefined) return
    for (const [where, action, count] of eachOf(reads.look)) {
      const tally = this.#readsAt({ account, region: where }, action)
      tally.looks += count
      if (does === 'ask') tally.again += count
      if (does === 'act') tally.maybeAgain += count
    }
    if (does === undefined) return
    const proof = eachOf(reads.proof)
    for (const [where, action, count] of proof)
      this.#readsAt({ account, region: where }, action).proofs += count
    const own = [...new Set(proof.flatMap(([where, action]) => (where === region ? action : [])))].sort()
    const { proofs } = this.#at({ account }, region)
    proofs.set(own.join(' '), (proofs.get(own.join(' ')) ?? 0) + 1)
  }

  #readsAt(place: { account: string; region: string }, action: string): ReadTally {
    const { reads } = this.#at(place, place.region)
    const tally = reads.get(action) ?? { looks: 0, again: 0, maybeAgain: 0, proofs: 0 }
    reads.set(action, tally)
    return tally
  }

  #at({ account }: Pick<Run, 'account'>, region: string): PlaceTally {
    const key = `${account} ${region}`
    const place = this.#places.get(key) ?? {
      ...{ account, region, plans: 0, changes: 0, dryRuns: 0, sets: 0, chain: 0 },
      reads: new Map(),
      proofs: new Map(),
    }
    this.#places.set(key, place)
    return place
  }

  #wait(what: string, ms: number | null): void {
    const known = this.#waits.get(what)
    const seconds = ms === null ? null : Math.max(ms / 1000, known?.seconds ?? 0)
    this.#waits.set(what, { for: what, plans: (known?.plans ?? 0) + 1, seconds })
  }
}

const LOOK_AND_PROOF = 2

/** Whether AWS was asked by the very call. */
const isDryRun = ({ by, status }: Run['results'][number]): boolean =>
  by === 'DryRun' || status === 'dryRunOk' || status === 'dryRunDenied'

const msOf = (duration: string | undefined): number | null =>
  duration === undefined ? null : durationMs(duration)

function untilMs(until: string | undefined, from: string): number | null {
  return until === undefined ? null : Math.max(0, Date.parse(until) - Date.parse(from))
}

function eachOf(reads: Reads): [region: string, action: string, count: number][] {
  return Object.entries(reads).flatMap(([region, actions]) =>
    Object.entries(actions).map(([action, count]): [string, string, number] => [region, action, count]),
  )
}
