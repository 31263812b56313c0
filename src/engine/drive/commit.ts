import type { RemediationEvent } from '../../../state-machines/remediation.ts'
import type { Finding } from '../../findings/finding.ts'
import type { Json } from '../../playbook/json.ts'
import { foundBy } from '../../run/found-by.ts'
import type { AuditEntry, Run, WaitingFor } from '../../run/run.ts'
import type { Commit, CommitResult, RunStore } from '../../run/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { startedBy } from '../change/command.ts'
import { exemptionBy, exemptUntil } from '../decide/exempted-by-person.ts'
import { addFinding, covers } from '../jobs/evidence.ts'
import { timeBoxChanges } from '../undo/box-changes.ts'
import { boxedEntries } from '../undo/holders.ts'
import type { Drive } from './drive.ts'
import { iso } from './facts.ts'
import { leaseEnd, leaseMs } from './lease.ts'
import { isHeldByRail, type Position, stored } from './machine.ts'
import { become, record } from './record.ts'

/** Somebody else drives this run, or another run became the newest of its key: look at the store again. */
export class TakenOver extends Error {
  readonly run: string
  constructor(run: string) {
    super(`run ${run} is driven by somebody else`)
    this.name = 'TakenOver'
    this.run = run
  }
}

/** What the machine has to hear instead of a transition that was not stored. */
type NotStored = Extract<RemediationEvent, { type: 'busy' | 'stale' | 'lookAgain' }> | { type: 'again' }

/**
 * Stores a transition where the machine's tags ask for it: before the first change (claim: plan, before-state, undo
 * and lock in one transaction), when the run waits, and at the end. Reading states are not stored: their effects may
 * run again at will. Undefined: stored or nothing to store; else what the machine has to hear instead, and the run is
 * as it was.
 */
export async function persist(drive: Drive, from: Position, to: Position): Promise<NotStored | undefined> {
  const { run, ports } = drive
  const claims = to.locked && !from.locked
  const moved = movedTo(drive, from, to, claims)
  const starts = to.waiting && from.state !== 'checking'
  if (run.intent !== 'apply' || !(claims || starts || to.done)) {
    become(drive, moved)
    return undefined
  }
  if (isExempting(from, to)) await storeExemption(drive)
  const commit = await commitOf(run, { ...drive, run: moved }, from, to)
  const result = await commitSurely(ports.store, commit)
  if (result.kind === 'committed') {
    become(drive, commit.run)
    record(drive, { memory: { foundAs: foundBy(commit.run) } })
    if (commit.expect.newest !== undefined) record(drive, { memory: { newest: undefined } })
    if (claims && commit.lock?.op === 'take') record(drive, { memory: { leaseUntil: commit.lock.until } })
    return undefined
  }
  switch (result.on) {
    case 'lock':
      return { type: (await ports.store.lock(run.resource)).lockedBy ? 'busy' : 'stale' }
    case 'attached':
      await takeAttached(drive, to.done ? 'covered' : 'all')
      return to.done ? { type: 'again' } : { type: 'lookAgain' }
    default:
      throw new TakenOver(run.id)
  }
}

/** Stores a run between two transitions: who drives it until when, what was said of its wait. Throws `TakenOver`. */
export async function persistDriver(
  drive: Drive,
  more: {
    run?: Partial<Run>
    expect?: Partial<Commit['expect']>
    lock?: Commit['lock']
    /** What is told of it, in the audit. */
    events: readonly string[]
  },
): Promise<void> {
  const { run, ports } = drive
  const { self } = ports.owners
  const moved = { ...run, ...more.run, revision: run.revision + 1 }
  const at = iso(ports.clock.now())
  const commit: Commit = {
    id: `${run.id}-${run.revision + 1}`,
    run: moved,
    expect: { revision: run.revision, ...more.expect },
    ...(more.lock && { lock: more.lock }),
    due: dueAt({ ...drive, run: moved }, more.lock),
    audit: more.events.map((event) => ({ at, event, by: self })),
  }
  const result = await commitSurely(ports.store, commit)
  if (result.kind === 'conflict') throw new TakenOver(run.id)
  become(drive, commit.run)
}

/** A commit whose answer was lost is sent once more: its id tells whether it happened. */
async function commitSurely(store: RunStore, commit: Commit): Promise<CommitResult> {
  try {
    return await store.commit(commit)
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== 'busy') throw error
    return store.commit(commit)
  }
}

/** A run that a guard rail holds for weeks is asked again and again: of its way the end is kept. */
const LONGEST_PATH = 40

/** The run with its own words brought up to date with where it stands. */
function movedTo({ run: before, ports }: Drive, from: Position, to: Position, claims: boolean): Run {
  const { waitingFor: _, waitingUntil: __, heldBy, ...rest } = before
  const now = ports.clock.now()
  const run: Run = {
    ...rest,
    machine: stored(to),
    path: [...(before.path ?? [from.state]), to.state].slice(-LONGEST_PATH),
    state: to.done ? 'closed' : to.waiting ? 'waiting' : 'open',
    reason: to.context.reason || before.reason,
    // Stored with the claim: whoever takes the run up again must know since when a change may have been sent.
    ...(claims && { changedAt: iso(now) }),
  }
  if (to.waiting) return { ...run, ...waitOf(before, to, now), ...(isHeldByRail(to) && { heldBy }) }
  if (!to.done) return run
  const { outcome } = to.context
  const rests = outcome === 'undone' && !run.expiry ? run.restFor : undefined
  const exempt = isExempting(from, to) ? exemptUntil(before) : undefined
  const restUntil = rests ? iso(now + rests) : exempt
  return { ...run, outcome, endedAt: iso(now), ...(restUntil !== undefined && { restUntil }) }
}

/** Whether a person who was asked exempts it, and not the policy, which is asked about each finding. */
function isExempting({ state }: Position, { context: { outcome } }: Position): boolean {
  return state === 'asking' && outcome === 'exempted'
}

/** What a person exempts holds before the run has ended: whoever takes over the run ends it in the same way. */
async function storeExemption({ run, ports }: Drive): Promise<void> {
  const exemption = exemptionBy(run)
  if (exemption) await ports.store.putExemption(exemption)
}

/** What a waiting run waits for, and until when. */
function waitOf(run: Run, { state, timer }: Position, now: number): Partial<Run> {
  const { round } = run
  return {
    waitingFor: waitedFor(run, state),
    ...(timer && { waitingUntil: iso(now + timer.ms) }),
    ...(state === 'asking' && { round: round + 1, asked: { at: iso(now), level: 0 } }),
  }
}

function waitedFor({ heldBy }: Run, state: string): WaitingFor {
  switch (state) {
    case 'asking':
      return 'approval'
    case 'queued':
      return 'lock'
    case 'held':
    case 'stopped':
      return heldBy!.rail
    default:
      return 'settling'
  }
}

async function commitOf(before: Run, drive: Drive, from: Position, to: Position): Promise<Commit> {
  const { run, ports, newest, attached } = drive
  const revision = run.revision
  const commit: Commit = {
    id: `${run.id}-${revision + 1}`,
    run: { ...run, revision: revision + 1 },
    expect: { revision },
    audit: [auditOf(drive, to)],
    ...foundByChange(drive, before, run),
  }
  if (newest !== undefined && movesPointer(run, to)) {
    commit.expect.newest = newest
    if (drive.alsoNewestOf?.length) commit.alsoNewestOf = drive.alsoNewestOf
  }
  if (revision > 0) commit.expect.attached = attached
  if (to.locked && !from.locked) {
    const until = leaseEnd(drive)
    commit.lock = {
      op: 'take',
      resource: run.resource,
      epoch: drive.epoch!,
      owner: ports.owners.self,
      until,
    }
  } else if (to.locked && to.waiting) {
    // What was started goes on while nobody stays with it.
    const until = ports.clock.now() + leaseMs(run)
    commit.lock = { op: 'renew', resource: run.resource, owner: ports.owners.self, until }
    commit.started = startedBy(run)
  } else if (from.locked && !to.locked) {
    commit.lock = { op: 'release', resource: run.resource }
  }
  if (to.done) {
    const timeBoxes = await timeBoxChanges(drive)
    if (timeBoxes.length > 0) commit.timeBoxes = timeBoxes
    if (run.undoOf && run.outcome === 'undone' && isAllOfIt(drive))
      commit.undone = { run: run.undoOf, by: run.id }
  }
  if (!to.done) commit.due = dueAt(drive, commit.lock)
  return commit
}

/** When somebody has to see to a run that is stored with this change of its lock. */
function dueAt({ run, ports }: Drive, lock: Commit['lock']): number {
  const leaseUntil = lock && lock.op !== 'release' ? lock.until : undefined
  return ports.waits.dueAt(run, ports.clock.now(), leaseUntil)
}

/**
 * By what the run is found from now on, and no longer. What it was found by as it was stored counts: what it waited for
 * then it does not wait for any more by the time of its next commit.
 */
function foundByChange({ foundAs }: Drive, before: Run, after: Run): Pick<Commit, 'foundBy'> {
  const was = before.revision === 0 ? [] : [...new Set([...foundAs, ...foundBy(before)])]
  const is = foundBy(after)
  const add = is.filter((key) => !was.includes(key))
  const drop = was.filter((key) => !is.includes(key))
  return add.length + drop.length > 0 ? { foundBy: { add, drop } } : {}
}

/** Whether an undo is about all of its run: an unblocking takes out one entry, the run may have put in others. */
function isAllOfIt({ run: { unblocks }, original }: Drive): boolean {
  return unblocks === undefined || boxedEntries(original!).every((entry) => unblocks.includes(entry))
}

/** An undo becomes the newest run of its key when it changes something, not while it waits for a word. */
function movesPointer(run: Run, to: Position): boolean {
  return run.undoOf === undefined || to.locked
}

function auditOf({ run, ports }: Drive, to: Position): AuditEntry {
  const entry: AuditEntry = {
    at: iso(ports.clock.now()),
    event: to.done ? 'closed' : to.state,
    detail: {
      mode: run.mode,
      reason: run.reason,
      hash: run.plan?.hash ?? null,
      outcome: run.outcome,
      ...(run.tagChange && { tagChange: { ...run.tagChange } }),
      results: run.results.map(({ step, status, knownBy }) => ({
        step,
        status,
        evidence: knownBy ?? null,
      })),
    } as Json,
  }
  if (run.requestedBy) entry.by = run.requestedBy
  return entry
}

/**
 * Reads the findings that were attached meanwhile. A run that can still plan takes all of them; one that has changed
 * something takes those that it covers, and leaves the others to a new run.
 * @returns all that were attached
 */
export async function takeAttached(drive: Drive, which: 'all' | 'covered'): Promise<Finding[]> {
  const { run, ports } = drive
  const attached = await ports.store.attached(run.id)
  const findings = [...run.findings]
  for (const finding of attached) {
    if (which === 'all' || covers(run.findings, finding)) addFinding(findings, finding)
  }
  become(drive, { ...run, findings })
  record(drive, { memory: { attached: attached.length } })
  return attached
}
