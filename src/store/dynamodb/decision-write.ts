import type { Decision } from '../../run/run.ts'
import type { DecisionResult } from '../../run/store.ts'
import { withDecision, withReason } from '../conditions.ts'
import { StoreError } from '../store-error.ts'
import { ATTEMPTS, type Connection, getItem, transact } from './connection.ts'
import { dueAttributes } from './indexes/due-runs.ts'
import { decisionList, number, runOf } from './items.ts'
import { runKey } from './keys.ts'
import { update } from './write-actions.ts'

/**
 * Records a decision on the run as it was read: what allows one changes only with the revision, and what stands against
 * one only with the decisions.
 * @param now ms since 1970, UTC
 */
export async function decide(
  connection: Connection,
  id: string,
  decision: Decision,
  now: number,
  expect?: { revision: number },
): Promise<DecisionResult> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const item = await getItem(connection, runKey(id))
    const run = item && runOf(item)
    const decided = withDecision(run, decision, now, expect)
    if ('refused' in decided) return decided.refused
    const { before, run: after, isDue } = decided
    const recorded = update(connection, {
      key: runKey(id),
      when: 'revision = :revision AND decisions = :known',
      set: {
        decisions: decisionList(after.decisions),
        ...(isDue && dueAttributes(id, now)),
      },
      values: { revision: number(before.revision), known: decisionList(before.decisions) },
    })
    if ((await transact(connection, [recorded])) === 'stored')
      return { kind: 'recorded', decisions: after.decisions }
  }
  throw new StoreError('busy', `run ${id} changed ${ATTEMPTS} times while it was decided; try again`)
}

/** Adds a reason to a decision that has none: see `RunStore.giveReason`. What a run came to by then may be stored. */
export async function giveReason(
  connection: Connection,
  id: string,
  by: string,
  reason: string,
): Promise<'given' | 'kept'> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const item = await getItem(connection, runKey(id))
    const run = item && runOf(item)
    const decisions = run && withReason(run, by, reason)
    if (!decisions) return 'kept'
    const given = update(connection, {
      key: runKey(id),
      when: 'decisions = :known',
      set: { decisions: decisionList(decisions) },
      values: { known: decisionList(run.decisions) },
    })
    if ((await transact(connection, [given])) === 'stored') return 'given'
  }
  throw new StoreError('busy', `run ${id} changed ${ATTEMPTS} times while a reason was given; try again`)
}
