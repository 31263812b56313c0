import type { Report } from '../../engine/ports.ts'
import { Refused } from '../../engine/refusals.ts'
import { runCalled } from '../../engine/run-called.ts'
import { ulids } from '../../engine/system.ts'
import { begunUnblock, type HeldEntry } from '../../engine/undo/unblocking.ts'
import type { Run } from '../../run/run.ts'
import type { Invocation } from '../program/invocation.ts'
import { confirmed } from '../terminal/confirmed.ts'
import type { Stack } from './deployment.ts'
import { follow } from './follow.ts'
import { CONFIRMED_AT_REVISION } from './undo-on-stack.ts'
import { waitsForOthers } from './waits-for-others.ts'

/**
 * Has a deployment take an entry out of all sets in which it is held: asks, sends one request per set in the caller's
 * name, and follows the runs that come of it.
 * @param restFor ISO 8601 duration: how long what was taken back is left alone
 * @throws Refused when nobody says yes, or nothing has come of it after three minutes
 */
export async function unblockOnStack(
  invocation: Invocation,
  stack: Stack,
  held: readonly HeldEntry[],
  restFor: string,
): Promise<Report> {
  const { output } = invocation
  const makers = await Promise.all(held.map(({ madeBy }) => runCalled(stack.store, madeBy)))
  if (!(await confirmed(invocation, 'Take it out of all of them?')))
    throw new Refused(makers[0]!, 'not unblocked: nobody said yes to it; --yes does')
  const { arn: by } = await stack.aws.identity()
  const ids = ulids()
  const runs: Run[] = []
  for (const { entry, resource, madeBy } of held) {
    const as = ids.next()
    const begun = await begunUnblock(stack.store, { entry, resource })
    await stack.runs.send({ kind: 'unblock', run: madeBy, entry, restFor, by, as }, resource, `unblock-${as}`)
    output.note(`asked stack ${stack.name} to take ${entry} out of ${resource}, as ${by}`)
    const { id, revision } = begun ?? { id: as, revision: CONFIRMED_AT_REVISION }
    const run = await follow(id, revision, stack, invocation, waitsForOthers(by))
    if (run) runs.push(run)
  }
  if (runs.length > 0) return { runs, ignored: [] }
  throw new Refused(makers[0]!, 'nothing has come of it yet: `rectify runs` shows when it has')
}
