import { createHash } from 'node:crypto'
import { ulid } from 'ulid'
import { BadRequest } from '../../engine/refusals.ts'
import { begunUndo, undoable } from '../../engine/undo/undoable.ts'
import { elapsed, groundsOf } from '../../policy/approvers.ts'
import { escaped } from '../card/escape.ts'
import { notApprover, runShownTo } from './decide-by-slack.ts'
import type { Sender } from './interaction.ts'
import type { ReceiverPorts } from './receiver-ports.ts'
import { type Refused, refused, UNKNOWN_RUN } from './refusal.ts'
import { speakerFor } from './who-speaks.ts'

/** How long what was taken back is left alone, as by the command line. */
const REST_FOR = 'PT24H'

/** A request by what makes it this one: sent again, it has the same. */
export interface Seal {
  /** ms since 1970, UTC, as it was signed. */
  at: number
  signature: string
}

export type Undo = { kind: 'asked'; as: string } | Refused

/**
 * Asks the runs queue to take a run back, in the name of one of those who may decide about it. The run that undoes it
 * has an id that follows from the request: the same one coming twice is one undo.
 */
export async function undoBySlack(
  ports: ReceiverPorts,
  sender: Sender,
  id: string,
  seal: Seal,
): Promise<Undo> {
  const { store, queue, clock } = ports
  const run = await runShownTo(ports, sender, id)
  if (!run?.approval) return UNKNOWN_RUN
  const since = elapsed(run, clock.now())
  const speaking = await speakerFor(ports, sender, run.approval, since)
  if (speaking.kind === 'refused') return speaking
  const { speaker } = speaking
  if (!groundsOf(run.approval, speaker, since)) return notApprover(run, clock.now())
  if (run.undoneBy !== undefined) return refused('again', 'This has been undone already.')
  try {
    await undoable(store, run.id)
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error
    return refused('notUndoable', escaped(error.message))
  }
  if (await begunUndo(store, run)) return refused('again', 'This is being undone already.')
  const as = idFrom(seal, run.id)
  const { by, groups = [] } = speaker
  const asks = { by, as, ...(groups.length > 0 && { groups: [...groups] }) }
  const message = { kind: 'undo', run: run.id, restFor: REST_FOR, ...asks } as const
  await queue.send(message, run.resource, `${run.id}-undo-${as}`)
  return { kind: 'asked', as }
}

/** A ULID that follows from a request. */
function idFrom({ at, signature }: Seal, run: string): string {
  const bytes = createHash('sha256').update(`${signature} ${run}`).digest().values()
  return ulid(at, () => (bytes.next().value ?? 0) / 256)
}
