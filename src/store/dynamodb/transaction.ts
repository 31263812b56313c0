import { createHash } from 'node:crypto'
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Run } from '../../run/run.ts'
import type { Commit, CommitResult } from '../../run/store.ts'
import { answerWithoutWriting, COMMITTED, isLarge, type SealedCommit, sealed } from '../sealed-commit.ts'
import { StoreError } from '../store-error.ts'
import { ATTEMPTS, type Connection, type Item, MAX_ACTIONS, transact } from './connection.ts'
import { dueAttributes } from './indexes/due-runs.ts'
import { findable, notFindable } from './indexes/found-items.ts'
import { decisionList, number, runAttributes, text } from './items.ts'
import { commitKey, listOf, newestKey, placeOf, runKey, startedKey } from './keys.ts'
import { lockChange } from './lock-change.ts'
import { expiryOfPart, expiryOfPointer, expiryOfRun } from './retention.ts'
import { look, type Seen } from './seen-rows.ts'
import { bucketWrites } from './time-boxes/buckets.ts'
import { keepRun } from './time-boxes/kept-runs.ts'
import { putAny, putNew, update } from './write-actions.ts'

/**
 * One transaction, and nothing is read before it where it can be helped: its conditions are what the commit expects.
 * When one of them fails, all that they look at is read as of one moment and answered by the same rules as in every
 * store. If nothing stands against the commit after all (a lease to take over from our own dead driver), it is sent
 * again, conditional on what was read.
 */
export async function commit(connection: Connection, given: Commit): Promise<CommitResult> {
  const whole = sealed(given)
  // From its text: the caller may change its run meanwhile.
  whole.commit.run = JSON.parse(whole.body)
  const lookFirst = (given.timeBoxes?.length ?? 0) > 0 || isLarge(whole.body)
  let seen = lookFirst ? await look(connection, whole.commit) : undefined
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = seen && answerWithoutWriting(seen.stored, whole)
    if (answer) return answer
    const actions = actionsOf(connection, whole, seen)
    if (actions.length > MAX_ACTIONS)
      throw new StoreError('tooLarge', `commit ${given.id} changes ${actions.length} items at once`)
    const token = (repetition: number) =>
      tokenOf(connection.table, given.id, whole.digest, attempt, repetition)
    if ((await transact(connection, actions, token)) === 'stored') return COMMITTED
    seen = await look(connection, whole.commit)
  }
  throw new StoreError('busy', `commit ${given.id} was overtaken ${ATTEMPTS} times; try again`)
}

/**
 * Most runs that one commit keeps for longer: a transaction takes 4 MB, a run up to 300 kB. What is left over has time
 * until its entries are held again.
 */
const MAX_KEPT = 10

/** Tokens are those of an account and region, whatever the table, and have at most 36 characters. */
function tokenOf(...parts: (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 36)
}

function actionsOf(
  connection: Connection,
  { commit, digest }: SealedCommit,
  seen: Seen | undefined,
): TransactWriteItem[] {
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
    foundBy,
  } = commit
  const expires = expiryOfPart(run, connection.retentionDays)
  const marker = { commitId: text(id), digest: text(digest), audit: text(JSON.stringify(audit)), expires }
  const actions = [
    runUpdate(connection, commit, seen),
    putNew(connection, commitKey(run.id, run.revision), marker),
  ]
  const dropped = notFindable(connection, run, foundBy?.drop ?? [])
  actions.push(...findable(connection, run, foundBy?.add ?? []), ...dropped.must)
  if (expect.newest !== undefined) actions.push(pointerUpdate(connection, commit, expect.newest))
  // Nobody becomes the newest of a key besides a run that has not ended.
  else if (run.state === 'closed' && expiryOfPointer(run, connection.retentionDays).outlasts)
    actions.push(pointerMove(connection, run))
  actions.push(...alsoNewestOf.map((key) => pointerMove(connection, { ...run, key })))
  actions.push(
    ...started.map((each) => putAny(connection, startedKey(each), { startedBy: text(run.id), expires })),
  )
  if (lock)
    actions.push(update(connection, lockChange(run.id, lock, seen?.stored.lock(lock.resource), expires)))
  if (undone)
    actions.push(
      update(connection, {
        key: runKey(undone.run),
        when: 'attribute_exists(PK)',
        set: { undoneBy: text(undone.by) },
      }),
    )
  actions.push(...bucketWrites(connection, seen?.buckets ?? [], timeBoxes))
  // An item takes one action.
  const leaving = (seen?.leaving ?? []).filter(({ id }) => id !== undone?.run)
  const kept = leaving.slice(0, MAX_KEPT).map((each) => keepRun(connection, each))
  const room = Math.max(0, MAX_ACTIONS - actions.length)
  return [...actions, ...[...kept, ...dropped.may].slice(0, room)]
}

function runUpdate(
  connection: Connection,
  { run, expect, due }: Commit,
  seen: Seen | undefined,
): TransactWriteItem {
  const when: string[] = []
  const values: Item = { zero: number(0) }
  if (expect.revision === 0) {
    when.push('attribute_not_exists(PK)')
  } else {
    when.push('revision = :revision', 'decisions = :decisions')
    values.revision = number(expect.revision)
    // Those that the writer knows; only after a look is it known that fewer are stored.
    values.decisions = decisionList(seen?.stored.run(run.id)?.decisions ?? run.decisions)
  }
  // A run that is not there has none attached, nor the attribute that says so.
  if (expect.attached !== undefined && expect.revision + expect.attached > 0) {
    when.push('attached = :attached')
    values.attached = number(expect.attached)
  }
  const expires = expiryOfRun(run, connection.retentionDays, seen?.until)
  const set: Item = {
    ...runAttributes(run),
    listed: text(listOf(run)),
    place: text(placeOf(run)),
    ...dueAttributes(run.id, due),
    ...(expires ? { expires } : {}),
  }
  return update(connection, {
    key: runKey(run.id),
    when: when.join(' AND '),
    set,
    also: ['attached = if_not_exists(attached, :zero)'],
    remove: ['undoneBy', 'expires', 'dueShard', 'duePlace'].filter((name) => !(name in set)),
    values,
  })
}

function pointerUpdate(connection: Connection, { run }: Commit, newest: string | null): TransactWriteItem {
  const { key, set } = pointerTo(connection, run)
  return update(
    connection,
    newest === null
      ? { key, when: 'attribute_not_exists(PK)', set }
      : { key, when: 'newestRun = :newest', set, values: { newest: text(newest) } },
  )
}

function pointerMove(connection: Connection, run: Run): TransactWriteItem {
  const { key, set } = pointerTo(connection, run)
  return putAny(connection, key, set)
}

function pointerTo(connection: Connection, run: Run) {
  const set = { newestRun: text(run.id), expires: expiryOfPointer(run, connection.retentionDays).expires }
  return { key: newestKey(run.playbook, run.key), set }
}
