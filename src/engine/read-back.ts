import { findMark } from '../aws/marks.ts'
import type { ApiCall } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import type { Json } from '../playbook/json.ts'
import type { Merge, Step } from '../playbook/plan.ts'
import type { StepResult } from '../store/run.ts'
import { markOf } from './mark.ts'
import { inspect, type Session } from './session.ts'

/** A failing read-back is tried again so often, after this pause (ms), before the step is left in doubt. */
const READ_BACKS = 3
const READ_BACK_PAUSE_MS = 2_000
/** How long the list of sent commands may lag behind (ms). */
const MARK_PATIENCE_MS = 5_000

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
  const { ports, place, playbook } = session
  if (step.retry === 'readFirst' && step.mark) {
    const id = await findMark(ports.aws, place, step.mark, markOf(session.run, step.id), {
      clock: ports.clock,
      patienceMs: MARK_PATIENCE_MS,
    })
    if (id === undefined) return { kind: 'todo', call: step.call }
    return {
      kind: 'done',
      result: { status: 'alreadyDone', evidence: 'mark', detail: { [step.mark.id]: id } },
    }
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

/** In doubt, the entries that were absent in the stored `before` are ours: the plan adds only such. */
export function inDoubtEntries({ add, remove }: Merge): { added: string[]; removed: string[] } {
  return { added: add, removed: remove }
}

export function detailInDoubt({ merge }: Step): { detail?: Json } {
  return merge ? { detail: inDoubtEntries(merge) } : {}
}
