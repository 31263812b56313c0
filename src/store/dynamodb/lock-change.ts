import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Lock } from '../../run/store.ts'
import { type LockChange, lockAfter } from '../conditions.ts'
import { number, text } from './items.ts'
import { lockKey } from './keys.ts'
import type { Change } from './write-actions.ts'

/**
 * A change of a lock by a run, as an update of its item.
 * @param seen the lock as it was read; absent: it was not read, and is taken only where it is free
 * @param expires when a freed lock leaves the table
 */
export function lockChange(
  run: string,
  change: LockChange,
  seen: Lock | undefined,
  expires: AttributeValue,
): Change {
  const key = lockKey(change.resource)
  switch (change.op) {
    case 'take': {
      const before = seen ?? { epoch: change.epoch }
      const epoch = lockAfter(before, run, change)?.epoch ?? change.epoch
      const lease = {
        epoch: number(epoch),
        holder: text(run),
        leaseOwner: text(change.owner),
        leaseUntil: number(change.until),
      }
      return { key, ...asSeen(before), set: lease, remove: ['expires'] }
    }
    case 'renew':
      return {
        key,
        when: 'holder = :run AND leaseOwner = :owner',
        set: { leaseUntil: number(change.until) },
        values: { run: text(run), owner: text(change.owner) },
      }
    case 'release':
      return {
        key,
        when: 'holder = :run',
        set: { expires },
        also: ['epoch = epoch + :one'],
        remove: ['holder', 'leaseOwner', 'leaseUntil'],
        values: { run: text(run), one: number(1) },
      }
  }
}

/** That the lock is still as it was read. */
function asSeen({ epoch, lockedBy }: Lock): Pick<Change, 'when' | 'values'> {
  if (lockedBy)
    return {
      when: 'epoch = :epoch AND holder = :holder AND leaseOwner = :owner',
      values: { epoch: number(epoch), holder: text(lockedBy.run), owner: text(lockedBy.owner) },
    }
  const sameEpoch = epoch === 0 ? '(attribute_not_exists(PK) OR epoch = :epoch)' : 'epoch = :epoch'
  return { when: `${sameEpoch} AND attribute_not_exists(holder)`, values: { epoch: number(epoch) } }
}
