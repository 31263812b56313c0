import { createHash } from 'node:crypto'
import type { Finding } from '../findings/finding.ts'
import { knowsDecisions, lockAfter, refusal } from './conditions.ts'
import type { Decision, Run } from './run.ts'
import type { Commit, CommitResult, DecisionResult, HoldChange, RunStore } from './store.ts'
import { MAX_RUN_BYTES, RunTooLarge, StoreError } from './store-error.ts'
import type { Rows, Tables } from './tables.ts'

/** The run store on any database that has rows and transactions. Errors: `StoreError`. */
export function runStore(tables: Tables): RunStore {
  return {
    get: async (run) => tables.read((rows) => rows.run(run)),
    newest: async (playbook, key) => tables.read((rows) => rows.newest(playbook, key)),
    lock: async (resource) => tables.read((rows) => rows.lock(resource)),
    list: async (filter = {}) => tables.read((rows) => rows.runs(filter)),
    audit: async (run) => tables.read((rows) => rows.audit(run)),
    attached: async (run) => tables.read((rows) => rows.attached(run)),
    holds: async (resource, entries) =>
      tables.read((rows) => rows.holds(resource).filter(({ entry }) => !entries || entries.includes(entry))),
    holdsDue: async (now) => tables.read((rows) => rows.holdsDue(now)),
    commit: async (given) => {
      // As text now: the caller may change its run while the write waits.
      const { run, ...rest } = given
      const body = JSON.stringify(run)
      const conditions = JSON.stringify(rest)
      const whole: Commit = { ...JSON.parse(conditions), run: { ...run } }
      checkContract(whole)
      const digest = createHash('sha256').update(conditions).update(body).digest('hex')
      return tables.write((rows) => commit(rows, whole, body, digest))
    },
    attach: async (run, given) => {
      const findings = asStored(given)
      return tables.write((rows) => attach(rows, run, findings))
    },
    decide: async (run, given, now) => {
      const decision = asStored(given)
      return tables.write((rows) => decide(rows, run, decision, now))
    },
    close: () => tables.close(),
  }
}

/** A copy as it will come back from storage. Throws for what is not JSON, before anything is written. */
function asStored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}

function checkContract({ id, run, expect }: Commit): void {
  if (run.revision !== expect.revision + 1)
    throw new StoreError(
      'misuse',
      `commit ${id} expects revision ${expect.revision} and writes ${run.revision}`,
    )
}

function commit(rows: Rows, whole: Commit, body: string, digest: string): CommitResult {
  const { id, run, expect } = whole
  const earlier = rows.commit(id)
  // The same id with other content is another driver of this run, which must not take our success for its own.
  if (earlier !== undefined) return earlier === digest ? { kind: 'committed' } : conflict('revision')

  const stored = rows.run(run.id)
  if ((stored?.revision ?? 0) !== expect.revision) return conflict('revision')
  if (!knowsDecisions(run, stored)) return conflict('revision')
  if (expect.newest !== undefined && (rows.newest(run.playbook, run.key) ?? null) !== expect.newest)
    return conflict('newest')
  if (expect.attached !== undefined && rows.attached(run.id).length !== expect.attached)
    return conflict('attached')
  const lock = whole.lock && lockAfter(rows.lock(whole.lock.resource), run.id, whole.lock)
  if (whole.lock && !lock) return conflict('lock')
  const undone = whole.undone && knownRun(rows, whole.undone.run)
  checkSize(rows, run, body)

  rows.putCommit(id, digest)
  rows.putRun(run, body)
  if (expect.newest !== undefined) rows.putNewest(run)
  if (whole.lock && lock) rows.putLock(whole.lock.resource, lock)
  for (const entry of whole.audit) rows.putAudit(run.id, entry)
  for (const change of whole.holds ?? []) changeHold(rows, change)
  if (whole.undone && undone) rows.putRun({ ...undone, undoneBy: whole.undone.by })
  return { kind: 'committed' }
}

function conflict(on: 'revision' | 'newest' | 'attached' | 'lock'): CommitResult {
  return { kind: 'conflict', on }
}

/** A run that holds its lock has written ahead what it changes: its results must be stored, whatever their size. */
function checkSize(rows: Rows, run: Run, body: string): void {
  const bytes = Buffer.byteLength(body)
  if (bytes > MAX_RUN_BYTES && rows.lock(run.resource).held?.run !== run.id)
    throw new RunTooLarge(run.id, bytes)
}

function changeHold(rows: Rows, change: HoldChange): void {
  if (change.op === 'drop') {
    rows.dropHold(change)
    return
  }
  const { hold, onlyIfOurs } = change
  const ours = onlyIfOurs ? rows.holds(hold.resource).find(({ entry }) => entry === hold.entry) : hold
  if (ours) rows.putHold({ ...hold, madeBy: ours.madeBy })
}

function attach(rows: Rows, id: string, findings: Finding[]): 'attached' | 'closed' {
  if (knownRun(rows, id).state === 'closed') return 'closed'
  for (const finding of findings) rows.putAttached(id, finding)
  return 'attached'
}

function decide(rows: Rows, id: string, decision: Decision, now: number): DecisionResult {
  const run = rows.run(id)
  const refused = refusal(run, decision, now)
  if (refused || !run) return refused ?? { kind: 'notWaiting' }
  const decisions = [...run.decisions, { ...decision, round: run.round }]
  rows.putRun({ ...run, decisions })
  return { kind: 'recorded', decisions }
}

function knownRun(rows: Rows, id: string): Run {
  const run = rows.run(id)
  if (!run) throw new StoreError('misuse', `no run ${id} in this store`)
  return run
}
