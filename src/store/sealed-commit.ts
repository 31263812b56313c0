import { hash } from 'node:crypto'
import type { Run } from '../run/run.ts'
import type { Commit, CommitResult, Lock } from '../run/store.ts'
import { knowsDecisions, lockAfter } from './conditions.ts'
import { MAX_RUN_BYTES, RunTooLarge, StoreError } from './store-error.ts'

/** A commit as it will be stored: nothing that the caller does from here on changes it. */
export interface SealedCommit {
  commit: Commit
  /** The run as JSON. */
  body: string
  /** Tells commits of the same id apart by all that they bring. */
  digest: string
}

/** What the conditions of a commit look at. */
export interface Stored {
  /** Digest of the commit with this id. */
  commit(id: string): string | undefined
  /** What is stored of a run. */
  run(id: string): Pick<Run, 'revision' | 'decisions'> | undefined
  newest(playbook: string, key: string): string | undefined
  lock(resource: string): Lock
  attached(run: string): { length: number }
}

/** Errors: `StoreError` of kind `misuse` for a commit that contradicts itself. */
export function sealed(given: Commit): SealedCommit {
  const { run, ...rest } = given
  const body = JSON.stringify(run)
  const conditions = JSON.stringify(rest)
  const commit: Commit = { ...JSON.parse(conditions), run: { ...run } }
  checkContract(commit)
  return { commit, body, digest: hash('sha256', conditions + body) }
}

function checkContract({ id, run, expect, undone }: Commit): void {
  if (run.revision !== expect.revision + 1)
    throw new StoreError(
      'misuse',
      `commit ${id} expects revision ${expect.revision} and writes ${run.revision}`,
    )
  if (undone?.run === run.id) throw new StoreError('misuse', `commit ${id} undoes its own run`)
}

/**
 * The answer to a commit that is not to be written, in the order of the contract: it is there already, or something
 * stands against it. Undefined: write it. Errors: `StoreError`, `RunTooLarge`.
 */
export function answerWithoutWriting(stored: Stored, { commit, body, digest }: SealedCommit) {
  const { id, run, expect, lock, undone } = commit
  const earlier = stored.commit(id)
  // The same id with other content is another driver of this run, which must not take our success for its own.
  if (earlier !== undefined) return earlier === digest ? COMMITTED : conflict('revision')

  const before = stored.run(run.id)
  if ((before?.revision ?? 0) !== expect.revision) return conflict('revision')
  if (!knowsDecisions(run, before)) return conflict('revision')
  if (expect.newest !== undefined && (stored.newest(run.playbook, run.key) ?? null) !== expect.newest)
    return conflict('newest')
  if (expect.attached !== undefined && stored.attached(run.id).length !== expect.attached)
    return conflict('attached')
  if (lock && !lockAfter(stored.lock(lock.resource), run.id, lock)) return conflict('lock')
  if (undone && !stored.run(undone.run)) throw unknownRun(undone.run)
  checkSize(stored, run, body)
  return undefined
}

export const COMMITTED: CommitResult = { kind: 'committed' }

function conflict(on: 'revision' | 'newest' | 'attached' | 'lock'): CommitResult {
  return { kind: 'conflict', on }
}

export function isLarge(body: string): boolean {
  return Buffer.byteLength(body) > MAX_RUN_BYTES
}

/** A run that holds its lock has written ahead what it changes: its results must be stored, whatever their size. */
function checkSize(stored: Stored, run: Run, body: string): void {
  if (isLarge(body) && stored.lock(run.resource).lockedBy?.run !== run.id)
    throw new RunTooLarge(run.id, Buffer.byteLength(body))
}

export function knownRun(stored: { run(id: string): Run | undefined }, id: string): Run {
  const run = stored.run(id)
  if (!run) throw unknownRun(id)
  return run
}

export function unknownRun(id: string): StoreError {
  return new StoreError('misuse', `no run ${id} in this store`)
}
