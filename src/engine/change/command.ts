import { findMark } from '../../aws/marks.ts'
import type { Json } from '../../playbook/json.ts'
import type { CommandStep } from '../../playbook/step.ts'
import type { Run } from '../../run/run.ts'
import type { Drive } from '../drive/drive.ts'
import { EndOfInvocation } from '../drive/out-of-time.ts'
import type { Change } from './kind.ts'
import { sendOptions } from './sending.ts'

/** A list of what was sent may lag behind: it is looked at for as long as a proof waits, and never for less (ms). */
const LEAST_MARK_PATIENCE_MS = 5_000

/** A call that starts something elsewhere: sent with one attempt, and looked for by its mark before it is sent again. */
export function commandChange(step: CommandStep): Change {
  return {
    async send(drive, call) {
      const { run, ports, place } = drive
      const marked = { ...call, input: { ...call.input, [step.mark.field]: markOf(run, step.id) } }
      const answer = await ports.aws.send(place, marked, { ...sendOptions(drive), attempts: 1 })
      return { status: 'applied', knownBy: 'answer', detail: idIn(answer, step.mark.id) }
    },
    async readBack(drive) {
      const patience = Math.max(drive.ports.patienceSeconds * 1000, LEAST_MARK_PATIENCE_MS)
      const detail = await findStarted(drive, step, patience)
      if (!detail) return { kind: 'todo', call: step.call }
      return { kind: 'done', result: { status: 'alreadyDone', knownBy: 'mark', detail } }
    },
    afterRefusal(kind) {
      if (kind === 'gone') return 'standsUnlessGone'
      // There is nothing to look for, and the SDK has tried such a call only once.
      return kind === 'throttled' || kind === 'retryable' ? 'again' : 'stands'
    },
    isCheckable: ({ ports }) => ports.aws.services.dryRunnable(step.call),
    detailInDoubt: () => ({}),
    shares: () => ({}),
    settlesWithin: step.settles.timeoutSeconds,
  }
}

/** The mark of a step's call: fixed by the write-ahead, so that a command sent twice can be told from two commands. */
export function markOf({ id, round }: Pick<Run, 'id' | 'round'>, step: string): string {
  return `${id}/${round}/${step}`
}

/** Ids of what the steps of a run have started, as far as they are known. */
export function startedBy({ plan, results }: Pick<Run, 'plan' | 'results'>): string[] {
  const commands = (plan?.steps ?? []).filter((step) => step.kind === 'command')
  return commands.flatMap(({ id, mark }) => {
    const detail = results.find(({ step }) => step === id)?.detail as Record<string, Json> | undefined
    return detail?.[mark.id] ? [String(detail[mark.id])] : []
  })
}

/** The id of what was started: `CommandId` lies in `Command.CommandId` of SSM's answer. */
function idIn(answer: Record<string, unknown>, key: string): Json {
  const nested = [answer, ...Object.values(answer)].find(
    (part): part is Record<string, unknown> => typeof part === 'object' && part !== null && key in part,
  )
  return { [key]: String(nested?.[key] ?? '') }
}

/**
 * Looks for what a step that is not idempotent started, by its mark; for as long as this invocation lasts at most.
 * @returns what is noted of it; undefined when it was not seen, in all of `patience` (ms)
 */
export async function findStarted(
  { run, ports, place }: Drive,
  { id, mark }: CommandStep,
  patience: number,
): Promise<Record<string, Json> | undefined> {
  const { aws, clock, endsAt = Number.POSITIVE_INFINITY } = ports
  const patienceMs = Math.min(patience, endsAt - clock.now())
  const sentAfter = Date.parse(run.changedAt ?? run.startedAt)
  const found = await findMark(aws, place, mark, markOf(run, id), { clock, sentAfter, patienceMs })
  if (found !== undefined) return { [mark.id]: found }
  // Not to be seen so far is no answer: what was sent must not be sent again.
  if (patienceMs < patience) throw new EndOfInvocation()
  return undefined
}
