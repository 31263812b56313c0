import type { PolicyRecord, PolicyRecords } from '../../policy-record.ts'
import { type Connection, getItem, type Item, transact } from '../connection.ts'
import { text, textOf } from '../items.ts'
import { policyKey } from '../keys.ts'
import { putNext } from '../write-actions.ts'

/** Which version of a policy is in force, as an item of the run table. @param object `BUCKET/KEY` */
export function policyItems(connection: Connection, object: string): PolicyRecords {
  const key = policyKey(object)
  return {
    read: async () => policyRecordIn(await getItem(connection, key)) ?? { revision: 0 },
    async write({ revision, ...record }) {
      const stored: PolicyRecord = { ...record, revision: revision + 1 }
      const attributes = { body: text(JSON.stringify(stored)) }
      const action = putNext(connection, key, { attributes, counter: 'policyRevision', read: revision })
      return (await transact(connection, [action])) === 'stored'
    },
  }
}

/** The record in an item, or in its image on the table's stream. */
export function policyRecordIn(item: Item | undefined): PolicyRecord | undefined {
  const body = item && textOf(item, 'body')
  return body === undefined ? undefined : JSON.parse(body)
}
