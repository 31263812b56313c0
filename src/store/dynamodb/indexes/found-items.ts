import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { mayBeLeft } from '../../../run/found-by.ts'
import type { Run } from '../../../run/run.ts'
import type { Connection } from '../connection.ts'
import { text } from '../items.ts'
import { foundKey } from '../keys.ts'
import { expiryOfPart } from '../retention.ts'
import { putAny, removeAny } from '../write-actions.ts'

/** Actions by which a run is found by these keys. */
export function findable(connection: Connection, run: Run, keys: readonly string[]): TransactWriteItem[] {
  const found = { foundRun: text(run.id), expires: expiryOfPart(run, connection.retentionDays) }
  return keys.map((key) => putAny(connection, foundKey(key, run), found))
}

/** Actions by which a run is no longer found by these keys: those that must be, and those for which there need not be room. */
export function notFindable(
  connection: Connection,
  run: Run,
  keys: readonly string[],
): { must: TransactWriteItem[]; may: TransactWriteItem[] } {
  const removing = (some: readonly string[]) => some.map((key) => removeAny(connection, foundKey(key, run)))
  return {
    must: removing(keys.filter((key) => !mayBeLeft(key))),
    may: removing(keys.filter(mayBeLeft)),
  }
}
