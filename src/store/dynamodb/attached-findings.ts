import type { Finding } from '../../findings/finding.ts'
import { foundByFindings } from '../../run/found-by.ts'
import { unknownRun } from '../sealed-commit.ts'
import { StoreError } from '../store-error.ts'
import { ATTEMPTS, type Connection, getItem, MAX_ACTIONS, queryPartition, transact } from './connection.ts'
import { findable } from './indexes/found-items.ts'
import { number, numberOf, runOf, text, textOf } from './items.ts'
import { FINDINGS, findingKey, partitionOf, runKey } from './keys.ts'
import { expiryOfPart } from './retention.ts'
import { putNew, update } from './write-actions.ts'

/**
 * Attaches findings to a run that is not closed, each id and version once, numbered in the order in which they come.
 * The run counts them: a commit that did not see one of them fails, and one that closes the run makes this fail.
 */
export async function attach(
  connection: Connection,
  run: string,
  findings: readonly Finding[],
): Promise<'attached' | 'closed'> {
  for (let refused = 0; refused < ATTEMPTS; ) {
    const item = await getItem(connection, runKey(run))
    if (!item) throw unknownRun(run)
    const ofRun = runOf(item)
    if (ofRun.state === 'closed') return 'closed'
    // Read after their number: what is attached in between makes the transaction fail, and not the same finding twice.
    const left = unknown(await attached(connection, run), findings)
    // Each with the key by which it finds the run, and the run.
    const fresh = left.slice(0, Math.floor((MAX_ACTIONS - 1) / 2))
    if (fresh.length === 0) return 'attached'
    const count = numberOf(item, 'attached')
    const expires = expiryOfPart(ofRun, connection.retentionDays)
    const stored = await transact(connection, [
      update(connection, {
        key: runKey(run),
        when: 'NOT begins_with(listed, :closed) AND attached = :count',
        set: { attached: number(count + fresh.length) },
        values: { closed: text('closed'), count: number(count) },
      }),
      ...fresh.map((finding, i) =>
        putNew(connection, findingKey(run, count + i + 1), { body: text(JSON.stringify(finding)), expires }),
      ),
      ...findable(connection, ofRun, foundByFindings(ofRun, fresh)),
    ])
    if (stored === 'refused') refused += 1
    else if (fresh.length === left.length) return 'attached'
  }
  throw new StoreError('busy', `run ${run} changed ${ATTEMPTS} times while findings were attached; try again`)
}

/** In the order in which they came. Strongly read. */
export async function attached(connection: Connection, run: string): Promise<Finding[]> {
  const items = await queryPartition(connection, partitionOf(run), FINDINGS)
  return items.map((item): Finding => JSON.parse(textOf(item, 'body') ?? ''))
}

/** Those that are not known yet, each id and version once. */
function unknown(known: readonly Finding[], findings: readonly Finding[]): Finding[] {
  const nameOf = ({ id, version }: Finding) => JSON.stringify([id, version])
  const seen = new Set(known.map(nameOf))
  return findings.filter((finding) => {
    const first = !seen.has(nameOf(finding))
    seen.add(nameOf(finding))
    return first
  })
}
