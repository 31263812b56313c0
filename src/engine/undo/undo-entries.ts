import type { Json } from '../../playbook/json.ts'
import type { Plan } from '../../playbook/plan.ts'
import type { MergeStep, Step } from '../../playbook/step.ts'
import type { Run } from '../../run/run.ts'
import { makerOf } from '../../store/time-boxes.ts'
import { appliedSteps } from '../change/applied-steps.ts'
import { only } from '../change/set-merge.ts'
import { isBoxed } from '../change/time-boxed.ts'
import { undoSteps } from '../change/undo-steps.ts'
import type { Drive } from '../drive/drive.ts'
import { boxedEntries, type Holder, holdersOf, isOwn } from './holders.ts'

/** What becomes of the time-boxed entries that a run is to take back, by the live set and the registry of holders. */
export interface EntriesLook {
  steps: Step[]
  /** Observed now and wanted, of what the steps take out. */
  before: Json
  after: Json
  /** Entries that are over with this run: taken out by it, or not in the set any more. */
  over: string[]
  /** Which entries have their effect still, afterwards, and why: sentences. */
  still: string[]
  /** What there is to say about the others: sentences. */
  notes: string[]
  holders: Holder[]
}

/** Entries are held, but the run that put them there has left the store, and with it how they are taken out. */
export class MakerGone extends Error {
  constructor(entry: string, run: string) {
    super(`${entry} cannot be taken out: run ${run}, which put it there, is no longer in this store`)
    this.name = 'MakerGone'
  }
}

/** Undefined: the run never had to do with time-boxed entries. Errors: `MakerGone`. */
export async function lookAtEntries(drive: Drive, state: unknown): Promise<EntriesLook | undefined> {
  const { run, ports, playbook, expiring } = drive
  const original = drive.original!
  const entries = run.unblocks ?? expiring?.slice() ?? boxedEntries(original)
  if (entries.length === 0) return undefined
  const holders = await holdersOf(ports.store, run.resource, entries)
  const maker = await makerStep(drive, holders)
  const look: EntriesLook = { steps: [], before: null, after: null, over: [], still: [], notes: [], holders }
  const out: string[] = []
  for (const entry of entries) {
    const isIn = maker && playbook.status(only(maker.step, [entry]), state, maker.plan) === 'done'
    const its = holders.filter((holder) => holder.entry === entry)
    const why = isIn ? whyItStays(drive, entry, its) : undefined
    const covering = playbook.coveredBy?.(entry, state)
    if (why !== undefined) look.still.push(why)
    else {
      look.over.push(entry)
      if (isIn) out.push(entry)
      else look.notes.push(`${entry} is not in the set any more`)
      if (covering !== undefined) look.still.push(`${entry}: ${covering}`)
    }
  }
  if (!maker || out.length === 0) return look
  out.sort()
  const about: Plan = { ...maker.plan, steps: [only(maker.step, out)] }
  look.steps = undoSteps(drive, maker.step, null, () => out)
  look.before = playbook.observe(state, about)
  look.after = maker.plan.before
  return look
}

/**
 * Why an entry that is in the set is left there: others hold it, or it is not ours. A block that has ended is ours no
 * more: whoever has put the entry there since keeps it.
 */
function whyItStays({ run, ports, original }: Drive, entry: string, holders: Holder[]): string | undefined {
  if (holders.length === 0) return `${entry} stays: nobody holds it here, so somebody else has put it there`
  if (run.unblocks) return undefined
  const active = holders.filter(({ until }) => until > ports.clock.now())
  const others = run.expiry ? active : active.filter((holder) => !isOwn(holder, original!))
  if (others.length === 0) {
    const isMakers = !run.expiry || holders.some(({ madeBy }) => madeBy === original!.id)
    return isMakers ? undefined : `${entry} stays: another run put it there`
  }
  const who = others.map((other) => other.run).join(', ')
  return `${entry} stays: also held by ${who}; \`rectify unblock ${entry}\` takes it out for all`
}

/** The step that put entries into the set, as the plan of its run has it: the run's own, or that of who made them. */
async function makerStep(drive: Drive, holders: readonly Holder[]) {
  const own = boxedStep(drive.original!)
  if (own) return own
  const makers = [...Map.groupBy(holders, ({ entry }) => entry)].map(([entry, its]) => ({
    entry,
    maker: makerOf(its)!,
  }))
  for (const { maker } of makers) {
    const run = await drive.ports.store.get(maker)
    const found = run && boxedStep(run)
    if (found) return found
  }
  const [lost] = makers
  if (lost) throw new MakerGone(lost.entry, lost.maker)
  return undefined
}

function boxedStep(run: Run): { step: MergeStep; plan: Plan } | undefined {
  const step = appliedSteps(run).find(isBoxed)
  return step && run.plan ? { step, plan: run.plan } : undefined
}
