import type { Commit } from '../../run/store.ts'
import type { Stored } from '../sealed-commit.ts'
import { type Connection, getTogether, type Item } from './connection.ts'
import { lockOf, numberOf, runOf, textOf } from './items.ts'
import { commitKey, type Key, lockKey, nameOf, newestKey, runKey, timeBoxesKey } from './keys.ts'
import { type Bucket, bucketsOf } from './time-boxes/buckets.ts'
import { type LeavingRun, leavingRuns, neededUntil } from './time-boxes/kept-runs.ts'

/** What a commit's conditions look at, the holds that it changes, and the runs that these need. */
export interface Seen {
  stored: Stored
  buckets: Bucket[]
  /** When the last of the holds ends that the commit puts and that point to its own run, in ms. */
  until: number | undefined
  /** Other runs to which holds point that the commit puts, where they would leave before these end. */
  leaving: LeavingRun[]
}

/** Reads what the conditions look at, as of one moment: an earlier sending may still be on its way. */
export async function look(
  connection: Connection,
  { run, lock, timeBoxes = [], undone }: Commit,
): Promise<Seen> {
  const buckets = bucketsOf(timeBoxes)
  const keys = [
    commitKey(run.id, run.revision),
    runKey(run.id),
    newestKey(run.playbook, run.key),
    ...[...new Set([run.resource, lock?.resource ?? run.resource])].map(lockKey),
    ...(undone ? [runKey(undone.run)] : []),
    ...buckets.map(({ resource, bucket }) => timeBoxesKey(resource, bucket)),
  ]
  const items = await getTogether(connection, keys)
  const found = new Map(keys.map((key, i) => [nameOf(key), items[i]]))
  const itemOf = (key: Key): Item | undefined => found.get(nameOf(key))
  const earlier = itemOf(commitKey(run.id, run.revision))
  const stored: Stored = {
    commit: (id) => (textOf(earlier, 'commitId') === id ? textOf(earlier, 'digest') : undefined),
    run(id) {
      const item = itemOf(runKey(id))
      return item && runOf(item)
    },
    newest: (playbook, key) => textOf(itemOf(newestKey(playbook, key)), 'newestRun'),
    lock: (resource) => lockOf(itemOf(lockKey(resource))),
    attached: (id) => ({ length: numberOf(itemOf(runKey(id)), 'attached') }),
  }
  const withHolders = ({ resource, bucket }: Omit<Bucket, 'before'>): Bucket => ({
    resource,
    bucket,
    before: itemOf(timeBoxesKey(resource, bucket))?.holders,
  })
  const read = buckets.map(withHolders)
  const needed = neededUntil(read, timeBoxes)
  const until = needed.get(run.id)
  needed.delete(run.id)
  return { stored, buckets: read, until, leaving: await leavingRuns(connection, needed) }
}
