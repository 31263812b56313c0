import { durationMs } from '../../policy/written-durations.ts'
import { type Outcome, WENT_WRONG } from '../../run/run.ts'
import { iso } from '../drive/facts.ts'
import { limitsOf } from './limits-of.ts'
import type { Railed } from './rail.ts'

/** What exempts a resource by itself is called so. */
export const BY_ITSELF = 'rectify'

/**
 * Counts a run that went wrong against the attempts of its playbook on its resource. After the last of them the resource
 * is exempted from that playbook by itself, as AWS Config does; the exemption is called as the run is.
 * @returns a warning for the run that was the last
 */
export async function countAttempt(
  { run, ports, policy }: Railed,
  outcome: Outcome,
  reason: string,
): Promise<string | undefined> {
  const { attempts } = limitsOf(policy)
  if (attempts === undefined || run.undoOf !== undefined) return undefined
  if (!WENT_WRONG.includes(outcome) || run.changedAt === undefined) return undefined
  const { store, clock } = ports
  const { playbook, key, resource, id } = run
  const now = clock.now()
  const scope = `attempts ${playbook} ${key}`
  const until = now + durationMs(attempts.within)
  await store.takeToken(scope, { key: id, until }, attempts.times, now)
  if ((await store.tokens(scope, now)).length < attempts.times) return undefined
  const why = `${attempts.times} attempts went wrong within ${attempts.within}, the last (run ${id}): ${reason}`
  await store.putExemption({
    // Whoever closes the run once more, because a process died on the way, gives no second one.
    id,
    resource,
    playbook,
    owner: BY_ITSELF,
    reason: why,
    until: iso(until),
    by: BY_ITSELF,
    at: iso(now),
    origin: 'attempts',
  })
  return `${attempts.times} attempts went wrong: ${playbook} leaves ${resource} alone until ${iso(until)}`
}
