import { findMark } from '../../aws/marks.ts'
import type { ApiCall } from '../../playbook/api.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Json } from '../../playbook/json.ts'
import type { Merge, Step } from '../../playbook/plan.ts'
import type { StepResult } from '../../run/run.ts'
import { inspect, type Session } from '../drive/driven.ts'
import { EndOfInvocation } from '../drive/hand-on.ts'
import { markOf } from './mark.ts'

/** A failing read-back is tried again so often, after this pause (ms), before the step is left in doubt. */
const READ_BACKS = 3
const READ_BACK_PAUSE_MS = 2_000
/** A list of what was sent may lag behind: it is looked at for as long as a proof waits, and never for less (ms). */
const LEAST_MARK_PATIENCE_MS = 5_000

/** What is noted of a step that took effect. */
export type Applied = Pick<StepResult, 'status' | 'evidence' | 'detail'>

/** What the live resource says of a step; `todo` comes with the call for what is left. */
export type ReadBack =
  | { kind: 'done'; result: Applied }
  | { kind: 'gone' }
  | { kind: 'conflict' }
  | { kind: 'todo'; call: ApiCall }
  /** Neither the answer of its call nor the live resource can be had: it may have taken effect. */
  | { kind: 'inDoubt'; error: AwsError }

/** In doubt after a change: what does the live resource say? Where it cannot be read, the step stays in doubt. */
export async function readBack(session: Session, step: Step): Promise<ReadBack> {
  for (let tries = 1; ; tries++) {
    try {
      return await readOnce(session, step)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      if (tries >= READ_BACKS || error.kind === 'denied') return { kind: 'inDoubt', error }
      await session.ports.clock.sleep(READ_BACK_PAUSE_MS)
    }
  }
}

async function readOnce(session: Session, step: Step): Promise<ReadBack> {
  const { playbook } = session
  if (step.retry === 'readFirst' && step.mark) {
    const detail = await findStarted(session, step, patienceMs(session))
    if (!detail) return { kind: 'todo', call: step.call }
    return { kind: 'done', result: { status: 'alreadyDone', evidence: 'mark', detail } }
  }
  const seen = await inspect(session, false)
  if (!seen) return { kind: 'gone' }
  switch (playbook.status(step, seen.state, session.run.plan!)) {
    case 'done':
      return { kind: 'done', result: { status: 'alreadyDone', evidence: 'readBack', ...detailInDoubt(step) } }
    case 'conflict':
      return { kind: 'conflict' }
    case 'partly': {
      if (!step.subset || !playbook.remaining) return { kind: 'todo', call: step.call }
      const left = playbook.remaining(step, seen.state)
      return { kind: 'todo', call: { ...step.call, input: { ...step.call.input, [step.subset]: left } } }
    }
    case 'todo':
      return { kind: 'todo', call: step.call }
  }
}

/**
 * Looks for what a step that is not idempotent started, by its mark; for as long as this invocation lasts at most.
 * @returns what is noted of it; undefined when it was not seen, in all of `patience` (ms)
 */
export async function findStarted(
  { run, ports, place }: Session,
  { id, mark }: Step,
  patience: number,
): Promise<Record<string, Json> | undefined> {
  if (!mark) return undefined
  const { aws, clock, endsAt = Number.POSITIVE_INFINITY } = ports
  const patienceMs = Math.min(patience, endsAt - clock.now())
  const sentAfter = Date.parse(run.changedAt ?? run.startedAt)
  const found = await findMark(aws, place, mark, markOf(run, id), { clock, sentAfter, patienceMs })
  if (found !== undefined) return { [mark.id]: found }
  // Not to be seen so far is no answer: what was sent must not be sent again.
  if (patienceMs < patience) throw new EndOfInvocation()
  return undefined
}

const patienceMs = ({ ports }: Session): number =>
  Math.max(ports.patienceSeconds * 1000, LEAST_MARK_PATIENCE_MS)

/** In doubt, the entries that were absent in the stored `before` are ours: the plan adds only such. */
export function inDoubtEntries({ add, remove }: Merge): { added: string[]; removed: string[] } {
  return { added: add, removed: remove }
}

export function detailInDoubt({ merge }: Step): { detail?: Json } {
  return merge ? { detail: inDoubtEntries(merge) } : {}
}
