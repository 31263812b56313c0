import type { Finding } from '../findings/finding.ts'
import { foundByFindings } from '../run/found-by.ts'
import type { Decision } from '../run/run.ts'
import type { CommitResult, DecisionResult, RunStore } from '../run/store.ts'
import { asStored } from './as-stored.ts'
import { lockAfter, withDecision, withReason } from './conditions.ts'
import { answerWithoutWriting, COMMITTED, knownRun, type SealedCommit, sealed } from './sealed-commit.ts'
import { railsOf } from './stored-rails.ts'
import { DUE_PAGE, type Rows, type Tables } from './tables.ts'
import { changeTimeBox } from './time-boxes.ts'

/** The run store on any database that has rows and transactions. Errors: `StoreError`. */
export function runStore(tables: Tables): RunStore {
  return {
    get: async (run) => tables.read((rows) => rows.run(run)),
    newest: async (playbook, key) => tables.read((rows) => rows.newest(playbook, key)),
    runThatStarted: async (id) => tables.read((rows) => rows.runThatStarted(id)),
    lock: async (resource) => tables.read((rows) => rows.lock(resource)),
    list: async (filter = {}) => tables.read((rows) => rows.runs(filter)),
    due: async (now, { limit = DUE_PAGE, from } = {}) => tables.read((rows) => rows.due(now, limit, from)),
    foundBy: async (key, { limit } = {}) => tables.read((rows) => rows.foundBy(key, limit)),
    audit: async (run) => tables.read((rows) => rows.audit(run)),
    told: async (run) => tables.read((rows) => rows.told(run)),
    putTold: async (run, given) => {
      const told = asStored(given)
      return tables.write((rows) => rows.putTold(run, told))
    },
    attached: async (run) => tables.read((rows) => rows.attached(run)),
    timeBoxes: async (resource, entries) =>
      tables.read((rows) =>
        rows.timeBoxes(resource).filter(({ entry }) => !entries || entries.includes(entry)),
      ),
    timeBoxesOn: async (entry) => tables.read((rows) => rows.timeBoxesOn(entry)),
    timeBoxesDue: async (now) => tables.read((rows) => rows.timeBoxesDue(now)),
    commit: async (given) => {
      // As text now: the caller may change its run while the write waits.
      const whole = sealed(given)
      return tables.write((rows) => commit(rows, whole))
    },
    attach: async (run, given) => {
      const findings = asStored(given)
      return tables.write((rows) => attach(rows, run, findings))
    },
    decide: async (run, given, now, expect) => {
      const decision = asStored(given)
      return tables.write((rows) => decide(rows, run, decision, now, expect))
    },
    giveReason: async (run, by, reason) => tables.write((rows) => giveReason(rows, run, by, reason)),
    ...railsOf(tables),
    bookmark: async (name) => tables.read((rows) => rows.bookmark(name)),
    setBookmark: async (name, given) => {
      const place = asStored(given)
      return tables.write((rows) => rows.putBookmark(name, place))
    },
    close: () => tables.close(),
  }
}

function commit(rows: Rows, whole: SealedCommit): CommitResult {
  const { commit, newest, lock: lockOn, attached, standing } = rows
  const answer = answerWithoutWriting({ commit, newest, lock: lockOn, attached, run: standing }, whole)
  if (answer) return answer
  const {
    id,
    run,
    expect,
    lock,
    audit,
    timeBoxes = [],
    undone,
    alsoNewestOf = [],
    started = [],
    due,
    foundBy,
  } = whole.commit

  rows.putCommit(id, whole.digest)
  rows.putCommitted(run, whole.body, due)
  for (const key of foundBy?.drop ?? []) rows.dropFoundBy(key, run.id)
  for (const key of foundBy?.add ?? []) rows.putFoundBy(key, run.id)
  if (expect.newest !== undefined) rows.putNewest(run)
  for (const key of alsoNewestOf) rows.putNewest({ ...run, key })
  const locked = lock && lockAfter(rows.lock(lock.resource), run.id, lock)
  if (lock && locked) rows.putLock(lock.resource, locked)
  for (const entry of audit) rows.putAudit(run.id, entry)
  for (const command of started) rows.putStarted(command, run.id)
  for (const change of timeBoxes) changeTimeBox(rows, change)
  if (undone) rows.putRun({ ...knownRun(rows, undone.run), undoneBy: undone.by })
  return COMMITTED
}

function attach(rows: Rows, id: string, findings: Finding[]): 'attached' | 'closed' {
  const run = knownRun(rows, id)
  if (run.state === 'closed') return 'closed'
  for (const key of foundByFindings(run, findings)) rows.putFoundBy(key, id)
  for (const finding of findings) rows.putAttached(id, finding)
  return 'attached'
}

function decide(
  rows: Rows,
  id: string,
  decision: Decision,
  now: number,
  expect: { revision: number } | undefined,
): DecisionResult {
  const run = rows.run(id)
  const decided = withDecision(run, decision, now, expect)
  if ('refused' in decided) return decided.refused
  rows.putRun(decided.run)
  if (decided.isDue) rows.putDue(id, now)
  return { kind: 'recorded', decisions: decided.run.decisions }
}

function giveReason(rows: Rows, id: string, by: string, reason: string): 'given' | 'kept' {
  const run = rows.run(id)
  const decisions = run && withReason(run, by, reason)
  if (!decisions) return 'kept'
  rows.putRun({ ...run, decisions })
  return 'given'
}
