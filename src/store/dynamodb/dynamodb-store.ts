import { setTimeout as sleep } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { AuditEntry } from '../../run/run.ts'
import type { RunStore } from '../../run/store.ts'
import type { Rails } from '../stored-rails.ts'
import { DUE_PAGE } from '../tables.ts'
import { attach, attached } from './attached-findings.ts'
import { type Connection, connected, getItem, queryPartition, transact } from './connection.ts'
import { decide, giveReason } from './decision-write.ts'
import { dueRuns } from './indexes/due-runs.ts'
import { listRuns } from './indexes/listing.ts'
import { lockOf, runOf, text, textOf } from './items.ts'
import {
  bookmarkKey,
  COMMITS,
  FOUND_AT,
  foundIn,
  lockKey,
  newestKey,
  partitionOf,
  runKey,
  startedKey,
} from './keys.ts'
import { controlItems } from './rails/control-items.ts'
import { exemptionItems } from './rails/exemption-items.ts'
import { RETENTION_DAYS } from './retention.ts'
import { timeBoxesDue, timeBoxesOf, timeBoxesOn } from './time-boxes/buckets.ts'
import { toldItems } from './told-items.ts'
import { commit } from './transaction.ts'
import { putAny } from './write-actions.ts'

export interface DynamoOptions {
  /** Days that a closed run is kept. Default 90. */
  retentionDays?: number
  /** Waits before the nth repetition, n from 1. Default: up to 25 ms × 2ⁿ, at most a second, by chance. */
  pause?: (repetition: number) => Promise<void>
}

/** The table as a store, and what takes its runs over, talk to it. */
export function connectionTo(client: DynamoDBClient, table: string, options: DynamoOptions = {}): Connection {
  const { retentionDays = RETENTION_DAYS, pause = jitter } = options
  return connected({ client, table, retentionDays, pause })
}

/**
 * The run store of a deployed stack: a table as `RUN_TABLE` describes it, laid out as `keys.ts` says.
 * Every write is a transaction with a request token and with conditions, reads are strong; only `list` and `timeBoxesDue`
 * find their items by an index that may lag for a moment. Nothing scans. Errors: `StoreError`.
 * @param client stays the caller's, to close as well
 */
export function dynamoStore(client: DynamoDBClient, table: string, options: DynamoOptions = {}): RunStore {
  const connection = connectionTo(client, table, options)
  return {
    async get(id) {
      const item = await getItem(connection, runKey(id))
      return item && runOf(item)
    },
    newest: async (playbook, key) => textOf(await getItem(connection, newestKey(playbook, key)), 'newestRun'),
    runThatStarted: async (id) => textOf(await getItem(connection, startedKey(id)), 'startedBy'),
    due: (now, { limit = DUE_PAGE, from } = {}) => dueRuns(connection, now, limit, from),
    async foundBy(by, { limit } = {}) {
      const items = await queryPartition(connection, foundIn(by), FOUND_AT, limit)
      return items.flatMap((item) => textOf(item, 'foundRun') ?? [])
    },
    lock: async (resource) => lockOf(await getItem(connection, lockKey(resource))),
    commit: (given) => commit(connection, given),
    attach: (run, findings) => attach(connection, run, findings),
    attached: (run) => attached(connection, run),
    decide: (run, decision, now, expect) => decide(connection, run, decision, now, expect),
    giveReason: (run, by, reason) => giveReason(connection, run, by, reason),
    list: (filter = {}) => listRuns(connection, filter),
    ...toldItems(connection),
    async audit(run) {
      const commits = await queryPartition(connection, partitionOf(run), COMMITS)
      return commits.flatMap((item): AuditEntry[] => JSON.parse(textOf(item, 'audit') ?? '[]'))
    },
    timeBoxes: (resource, entries) => timeBoxesOf(connection, resource, entries),
    timeBoxesOn: (entry) => timeBoxesOn(connection, entry),
    timeBoxesDue: (now) => timeBoxesDue(connection, now),
    ...controlItems(connection),
    ...loadedLate(connection),
    ...exemptionItems(connection),
    async bookmark(name) {
      const body = textOf(await getItem(connection, bookmarkKey(name)), 'body')
      return body === undefined ? undefined : JSON.parse(body)
    },
    async setBookmark(name, place) {
      await transact(connection, [
        putAny(connection, bookmarkKey(name), { body: text(JSON.stringify(place)) }),
      ])
    },
    close: async () => undefined,
  }
}

/**
 * What only those need who limit or exempt something: a function that starts reads all that it has loaded by then.
 */
function loadedLate(
  connection: Connection,
): Omit<Rails, 'control' | 'setControl' | 'controls' | 'setControlOf' | 'allControls' | 'exemptionsOf'> {
  const tokens = async () => (await import('./rails/token-items.ts')).tokenItems(connection)
  const records = async () => (await import('./rails/exemption-records.ts')).exemptionRecords(connection)
  return {
    takeToken: async (...asked) => (await tokens()).takeToken(...asked),
    dropToken: async (...asked) => (await tokens()).dropToken(...asked),
    tokens: async (...asked) => (await tokens()).tokens(...asked),
    clearTokens: async (...asked) => (await tokens()).clearTokens(...asked),
    putExemption: async (...asked) => (await records()).putExemption(...asked),
    exemptions: async () => (await records()).exemptions(),
    endExemption: async (...asked) => (await records()).endExemption(...asked),
  }
}

async function jitter(repetition: number): Promise<void> {
  await sleep(Math.random() * Math.min(1000, 25 * 2 ** repetition))
}
