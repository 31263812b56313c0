import { continueRun } from '../../engine/continue-run.ts'
import { afterDecisions } from '../../engine/decide/after-decisions.ts'
import { decideAs } from '../../engine/decide/decide-as.ts'
import type { EnginePorts } from '../../engine/ports.ts'
import { unblockRun } from '../../engine/undo/unblocking.ts'
import { undoRun } from '../../engine/undo/undo-run.ts'
import type { Message } from '../../queue/messages.ts'
import type { Run } from '../../run/run.ts'

// Is there whenever this is loaded: said here, esbuild puts into one file what both need, and not into one for each mix.
import '../engine-ports.ts'

export { expireOf } from '../../engine/undo/expiry.ts'

type Asked = Extract<Message, { kind: 'undo' | 'unblock' }>

/** Carries out what a person asks for: what a run did is undone, or an entry that it put into a set is let go. */
export async function takeBack(ports: EnginePorts, message: Asked): Promise<void> {
  for (const run of await begun(ports, message))
    if (run.waitingFor === 'approval') await confirm(ports, run.id, message)
}

async function begun(ports: EnginePorts, message: Asked): Promise<Run[]> {
  if (message.kind === 'unblock') {
    const { run: madeBy, entry, restFor, by, as } = message
    return [await unblockRun(ports, { entry, madeBy }, { restFor, by, as })]
  }
  const { restFor, by, as } = message
  const { runs } = await undoRun(ports, message.run, { restFor, by, ...(as !== undefined && { as }) })
  return runs
}

/**
 * The person who asked for an undo, or an unblocking, has confirmed it by asking, if that person may decide about it: the
 * plan that came of it is what was wanted. Otherwise those are asked who may.
 */
async function confirm(
  ports: EnginePorts,
  id: string,
  { by, groups }: Pick<Asked, 'by' | 'groups'>,
): Promise<void> {
  const run = await ports.store.get(id)
  if (run?.waitingFor !== 'approval' || !run.plan) return
  const decided = await decideAs(ports, run, {
    verdict: 'approve',
    speaker: { by, ...(groups && { groups }) },
    hash: run.plan.hash,
    requesterMayApprove: true,
  })
  if (decided.kind === 'changed') return confirm(ports, id, { by, ...(groups && { groups }) })
  if (decided.kind !== 'recorded') return
  const happening = afterDecisions(decided.run)
  if (happening) await continueRun(ports, id, happening)
}
