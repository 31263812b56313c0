/** What detectors were told of runs, as items of the run table. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { RunStore } from '../../run/store.ts'
import { type ToldEnd, toldName } from '../../run/told-detector.ts'
import { type Connection, queryPartition } from './connection.ts'
import { namedDynamo } from './error-names.ts'
import { number, text, textOf } from './items.ts'
import { TOLD_TO, toldIn, toldKey } from './keys.ts'

/**
 * One item a detector, by itself and without conditions: the last word stands, and whoever repeats it writes the same.
 * It goes by itself when the run has gone: that was there before, and is kept as long at least.
 */
export function toldItems(connection: Connection): Pick<RunStore, 'told' | 'putTold'> {
  const { client, table, retentionDays } = connection
  return {
    async told(run) {
      const items = await queryPartition(connection, toldIn(run), TOLD_TO)
      return items.map((item): ToldEnd => JSON.parse(textOf(item, 'body') ?? ''))
    },
    async putTold(run, told) {
      const expires = number(Math.ceil(Date.parse(told.at) / 1000) + 2 * retentionDays * 24 * 3600)
      const Item = { ...toldKey(run, toldName(told)), body: text(JSON.stringify(told)), expires }
      await namedDynamo(table, () => client.send(new PutItemCommand({ TableName: table, Item })))
    },
  }
}
