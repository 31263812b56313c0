/** The writing of exemptions: each is an item, and is in that of its resource while it holds. */
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { StoredExemption } from '../../../run/store.ts'
import { asStored } from '../../as-stored.ts'
import { checkExemption, checkSame, holds } from '../../exemption-terms.ts'
import { StoreError } from '../../store-error.ts'
import type { Rails } from '../../stored-rails.ts'
import { byId } from '../../tables.ts'
import { ATTEMPTS, type Connection, getItem, getItems, type Item, query, transact } from '../connection.ts'
import { number, numberOf, packed, text, unpacked } from '../items.ts'
import { EXEMPT, exemptionKey, exemptKey, keyOf } from '../keys.ts'
import { secondsAfter } from '../retention.ts'
import { LISTING } from '../run-table.ts'
import { put, putNew, putNext } from '../write-actions.ts'
import { exemptionsIn } from './exemption-items.ts'

/** Puts, ends and lists them. */
export function exemptionRecords(
  connection: Connection,
): Pick<Rails, 'putExemption' | 'exemptions' | 'endExemption'> {
  return {
    async putExemption(given) {
      const exemption = asStored(given)
      checkExemption(exemption)
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const stored = await exemptionAt(connection, exemption.id)
        if (stored) return checkSame(stored, exemption)
        const actions = await putting(connection, exemption)
        if ((await transact(connection, actions)) === 'stored') return
      }
      throw overtaken(exemption.id)
    },
    async exemptions() {
      const found = await query(connection, {
        IndexName: LISTING,
        KeyConditionExpression: 'listed = :exempt',
        ExpressionAttributeValues: { ':exempt': text(EXEMPT) },
      })
      return byId((await getItems(connection, found.map(keyOf))).map(exemptionIn))
    },
    async endExemption(id, ended) {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const exemption = await exemptionAt(connection, id)
        if (!exemption) return 'unknown'
        if (exemption.ended) return 'alreadyEnded'
        const actions = await ending(connection, { ...exemption, ended })
        if ((await transact(connection, actions)) === 'stored') return 'ended'
      }
      throw overtaken(id)
    },
  }
}

async function putting(connection: Connection, exemption: StoredExemption): Promise<TransactWriteItem[]> {
  const { resource, until, at } = exemption
  const item = await getItem(connection, exemptKey(resource))
  // Those that have run out are only told from the item of their own.
  const others = exemptionsIn(item).filter((other) => holds(other, Date.parse(at)))
  return [
    putNew(connection, exemptionKey(exemption.id), recordOf(exemption, keptAfter(connection, [until]))),
    ofResource(connection, resource, item, {
      exemptions: exemption.ended ? others : [...others, exemption],
      at,
    }),
  ]
}

async function ending(
  connection: Connection,
  exemption: StoredExemption & Required<Pick<StoredExemption, 'ended'>>,
): Promise<TransactWriteItem[]> {
  const { id, resource, ended } = exemption
  const item = await getItem(connection, exemptKey(resource))
  return [
    put(connection, exemptionKey(id), {
      attributes: recordOf(exemption, keptAfter(connection, [ended.at])),
      // That nobody ended it meanwhile is a condition on those of its resource.
      when: 'attribute_exists(PK)',
    }),
    ofResource(connection, resource, item, {
      exemptions: exemptionsIn(item).filter((other) => other.id !== id),
      at: ended.at,
    }),
  ]
}

/** Those of a resource that hold since `at`, in the place of those that were read. */
function ofResource(
  connection: Connection,
  resource: string,
  before: Item | undefined,
  { exemptions, at }: { exemptions: readonly StoredExemption[]; at: string },
): TransactWriteItem {
  const expires = keptAfter(connection, [at, ...exemptions.map(({ until }) => until)])
  return putNext(connection, exemptKey(resource), {
    attributes: { body: packed(JSON.stringify(exemptions)), ...expires },
    counter: 'exemptVersion',
    read: numberOf(before, 'exemptVersion'),
  })
}

function recordOf(exemption: StoredExemption, expires: Item): Item {
  return {
    body: packed(JSON.stringify(exemption)),
    listed: text(EXEMPT),
    place: text(exemption.id),
    ...expires,
  }
}

/** So many days after the last of these moments, as runs after their end; never where one of them cannot be read. */
function keptAfter({ retentionDays }: Connection, moments: readonly string[]): Item {
  const last = Math.max(...moments.map((moment) => Date.parse(moment)))
  return Number.isFinite(last) ? { expires: number(secondsAfter(last, retentionDays)) } : {}
}

async function exemptionAt(connection: Connection, id: string): Promise<StoredExemption | undefined> {
  const item = await getItem(connection, exemptionKey(id))
  return item && exemptionIn(item)
}

/** Throws for an item that cannot be read: no leave to change anything. */
function exemptionIn(item: Item): StoredExemption {
  return JSON.parse(unpacked(item.body) ?? '')
}

function overtaken(id: string): StoreError {
  return new StoreError('busy', `exemption ${id} was overtaken ${ATTEMPTS} times; try again`)
}
