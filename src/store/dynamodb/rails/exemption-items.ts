/**
 * Exemptions as items of the run table: each by itself, listed by an index, and once more those of a resource that hold,
 * in one item, so that what is read before each change is one key and joins the other reads of its tick.
 */
import type { StoredExemption } from '../../../run/store.ts'
import { holds } from '../../exemption-terms.ts'
import type { Rails } from '../../stored-rails.ts'
import { byId } from '../../tables.ts'
import { type Connection, getItem, type Item } from '../connection.ts'
import { unpacked } from '../items.ts'
import { exemptKey } from '../keys.ts'

/** What is read of them before each change. */
export function exemptionItems(connection: Connection): Pick<Rails, 'exemptionsOf'> {
  return {
    async exemptionsOf(spellings, now) {
      const resources = [...new Set(spellings)].map((resource) => getItem(connection, exemptKey(resource)))
      const found = (await Promise.all(resources)).flatMap(exemptionsIn)
      return byId(found.filter((exemption) => holds(exemption, now)))
    },
  }
}

/** Those of an item of a resource. Throws for one that cannot be read: no leave to change anything. */
export function exemptionsIn(item: Item | undefined): StoredExemption[] {
  return item ? JSON.parse(unpacked(item.body) ?? '') : []
}
