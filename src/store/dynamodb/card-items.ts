/** Cards as items of the run table. */
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Card, CardStore } from '../../run/card.ts'
import { type Connection, getItem, type Item, transact } from './connection.ts'
import { number, packed, text, textOf, unpacked } from './items.ts'
import { cardKey, cardOfRunKey, newestCardKey } from './keys.ts'
import { put, putAny, putNext } from './write-actions.ts'

/** A card is kept for so long after it was stored last: as long as approvals wait, and runs can be undone. */
const KEPT_DAYS = 400

/**
 * Where cards stand, in the run table. Each write is one transaction under conditions, with a request token: what was
 * stored although its answer was lost is no conflict when the SDK sends it again.
 */
export function dynamoCards(connection: Connection, clock: { now(): number }): CardStore {
  const card = async (id: string | undefined): Promise<Card | undefined> => {
    const body = id === undefined ? undefined : unpacked((await getItem(connection, cardKey(id)))?.body)
    return body === undefined ? undefined : JSON.parse(body)
  }
  return {
    card,
    cardOf: async (run) => card(textOf(await getItem(connection, cardOfRunKey(run)), 'cardId')),
    newestOf: async (channel, playbook) =>
      card(textOf(await getItem(connection, newestCardKey(channel, playbook)), 'cardId')),
    async put(given, joining = []) {
      const stored = { ...given, version: given.version + 1 }
      const expires = number(Math.ceil(clock.now() / 1000) + KEPT_DAYS * 24 * 3600)
      const actions = [
        written(connection, stored, expires),
        ...stored.runs
          .filter(({ run }) => joining.includes(run))
          .map(({ run, round }) => pointed(connection, run, { round, card: stored.id, expires })),
      ]
      if (actions.length > 1) actions.push(asNewest(connection, stored, expires))
      return (await transact(connection, actions)) === 'stored' ? stored : undefined
    },
  }
}

function written(connection: Connection, card: Card, expires: Item[string]): TransactWriteItem {
  const attributes = { body: packed(JSON.stringify(card)), expires }
  return putNext(connection, cardKey(card.id), {
    attributes,
    counter: 'cardVersion',
    read: card.version - 1,
  })
}

/** A run never goes back to the card of a round before. */
function pointed(
  connection: Connection,
  run: string,
  { round, card, expires }: { round: number; card: string; expires: Item[string] },
): TransactWriteItem {
  return put(connection, cardOfRunKey(run), {
    attributes: { cardId: text(card), cardRound: number(round), expires },
    when: 'attribute_not_exists(PK) OR cardId = :card OR cardRound < :round',
    values: { card: text(card), round: number(round) },
  })
}

function asNewest(connection: Connection, { id, channel, playbook }: Card, expires: Item[string]) {
  return putAny(connection, newestCardKey(channel, playbook), { cardId: text(id), expires })
}
