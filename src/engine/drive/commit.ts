import type { RemediationEvent } from '../../../state-machines/remediation.ts'
import type { Json } from '../../playbook/json.ts'
import type { AuditEntry, Run } from '../../run/run.ts'
import type { Commit, CommitResult, RunStore } from '../../run/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { addFinding } from '../jobs/jobs.ts'
import { covers } from '../jobs/newest.ts'
import { holdsOf } from '../undo/box-changes.ts'
import { boxedEntries } from '../undo/holders.ts'
import { iso, type Session } from './driven.ts'
import { leaseEnd, leaseMs } from './lease.ts'
import { type Position, stored } from './machine.ts'

/** Somebody else drives this run, or another run became the newest of its key: look at the store again. */
export class TakenOver extends Error {
  readonly run: string
  constructor(run: string) {
    super(`run ${run} is driven by somebody else`)
    this.name = 'TakenOver'
    this.run = run
  }
}

type Refused = Extract<RemediationEvent, { type: 'busy' | 'stale' | 'lookAgain' }> | { type: 'again' }

/**
 * Stores a transition where the machine's tags ask for it: before the first change (claim: plan, before-state, undo
 * and lock in one transaction), when the run waits, and at the end. Reading states are not stored: their effects may
 * run again at will. Undefined: stored or nothing to store; else what the machine has to hear instead.
 */
export async function store(session: Session, from: Position, to: Position): Promise<Refused | undefined> {
  const { run, ports } = session
  const before = { ...run }
  describe(session, to)
  const claims = to.locked && !from.locked
  // Stored with the claim: whoever takes the run up again must know since when a change may have been sent.
  if (claims) run.changedAt = iso(ports.clock.now())
  const starts = to.waiting && from.state !== 'checking'
  if (run.intent !== 'apply' || !(claims || starts || to.done)) return undefined

  const commit = await commitOf(session, from, to)
  const result = await commitOnce(ports.store, commit)
  if (result.kind === 'committed') {
    run.revision = commit.run.revision
    if (commit.expect.newest !== undefined) delete session.newest
    if (claims && commit.lock?.op === 'take') session.leaseUntil = commit.lock.until
    return undefined
  }
  replace(run, before)
  switch (result.on) {
    case 'lock':
      return { type: (await ports.store.lock(run.resource)).held ? 'busy' : 'stale' }
    case 'attached':
      await takeAttached(session, to.done ? 'covered' : 'all')
      return to.done ? { type: 'again' } : { type: 'lookAgain' }
    default:
      throw new TakenOver(run.id)
  }
}

/** A commit whose answer was lost is sent once more: its id tells whether it happened. */
export async function commitOnce(store: RunStore, commit: Commit): Promise<CommitResult> {
  try {
    return await store.commit(commit)
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== 'busy') throw error
    return store.commit(commit)
  }
}

/** The transition did not happen: the run is as it was. */
function replace(run: Run, before: Run): void {
  for (const key of Object.keys(run)) if (!(key in before)) Reflect.deleteProperty(run, key)
  Object.assign(run, before)
}

/** Brings the run's own words up to date with where it stands. */
function describe({ run, ports }: Session, to: Position): void {
  run.machine = stored(to)
  run.state = to.done ? 'closed' : to.waiting ? 'waiting' : 'open'
  delete run.waitingFor
  delete run.waitingUntil
  if (to.context.reason) run.reason = to.context.reason
  if (to.waiting) {
    run.waitingFor = to.state === 'asking' ? 'approval' : to.state === 'queued' ? 'lock' : 'settling'
    if (to.timer) run.waitingUntil = iso(ports.clock.now() + to.timer.ms)
    if (to.state === 'asking') run.round += 1
  }
  if (to.done) {
    run.outcome = to.context.outcome
    run.endedAt = iso(ports.clock.now())
    if (run.outcome === 'undone' && !run.expiry && run.holdFor) {
      run.holdUntil = iso(ports.clock.now() + run.holdFor)
    }
  }
}

async function commitOf(session: Session, from: Position, to: Position): Promise<Commit> {
  const { run, ports, newest, attached } = session
  const revision = run.revision
  const commit: Commit = {
    id: `${run.id}-${revision + 1}`,
    run: { ...run, revision: revision + 1 },
    expect: { revision },
    audit: [auditOf(session, to)],
  }
  if (newest !== undefined && movesPointer(run, to)) {
    commit.expect.newest = newest
    if (session.alsoNewestOf?.length) commit.alsoNewestOf = session.alsoNewestOf
  }
  if (revision > 0) commit.expect.attached = attached
  if (to.locked && !from.locked) {
    const until = leaseEnd(session)
    commit.lock = {
      op: 'take',
      resource: run.resource,
      epoch: session.epoch!,
      owner: ports.owners.self,
      until,
    }
  } else if (to.locked && to.waiting) {
    // What was started goes on while nobody stays with it.
    const until = ports.clock.now() + leaseMs(run)
    commit.lock = { op: 'renew', resource: run.resource, owner: ports.owners.self, until }
  } else if (from.locked && !to.locked) {
    commit.lock = { op: 'release', resource: run.resource }
  }
  if (to.done) {
    const holds = await holdsOf(session)
    if (holds.length > 0) commit.holds = holds
    if (run.undoOf && run.outcome === 'undone' && isAllOfIt(session))
      commit.undone = { run: run.undoOf, by: run.id }
  }
  return commit
}

/** Whether an undo is about all of its run: an unblocking takes out one entry, the run may have put in others. */
function isAllOfIt({ run: { unblocks }, original }: Session): boolean {
  return unblocks === undefined || boxedEntries(original!).every((entry) => unblocks.includes(entry))
}

/** An undo becomes the newest run of its key when it changes something, not while it waits for a word. */
function movesPointer(run: Run, to: Position): boolean {
  return run.undoOf === undefined || to.locked
}

function auditOf({ run, ports }: Session, to: Position): AuditEntry {
  const entry: AuditEntry = {
    at: iso(ports.clock.now()),
    event: to.done ? 'closed' : to.state,
    detail: {
      mode: run.mode,
      reason: run.reason,
      hash: run.plan?.hash ?? null,
      outcome: run.outcome,
      results: run.results.map(({ step, status, evidence }) => ({
        step,
        status,
        evidence: evidence ?? null,
      })),
    } as Json,
  }
  if (run.requestedBy) entry.by = run.requestedBy
  return entry
}

/**
 * Reads the findings that were attached meanwhile. A run that can still plan takes all of them; one that has changed
 * something takes those that it covers, and leaves the others to a new run.
 */
export async function takeAttached(session: Session, which: 'all' | 'covered'): Promise<void> {
  const { run, ports } = session
  const attached = await ports.store.attached(run.id)
  session.attached = attached.length
  const known = [...run.findings]
  for (const finding of attached) {
    if (which === 'all' || covers(known, finding)) addFinding(run.findings, finding)
  }
}
