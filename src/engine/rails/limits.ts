import { SEVERITIES } from '../../findings/finding.ts'
import type { Limits } from '../../policy/rules.ts'
import { heldByLimit } from '../../run/found-by.ts'
import type { Hold, Run } from '../../run/run.ts'
import { iso } from '../drive/facts.ts'
import { leaseMs } from '../drive/lease.ts'
import type { EnginePorts } from '../ports.ts'
import { runFoundBy } from '../run-called.ts'
import { limitsOf } from './limits-of.ts'
import type { Rail, Railed } from './rail.ts'

const HOUR_MS = 3_600_000

/** What a limit counts, and for how long each counts. */
export interface Limited {
  /** As the policy calls it. */
  limit: keyof Limits
  scope: string
  most: number
  /** How long one of them counts (ms). */
  ms: number
}

/** The limits that a run must keep to before it changes something, the narrowest first. */
export function limitedBy(
  limits: Limits,
  run: Pick<Run, 'account' | 'playbook' | 'plan' | 'undoOf'>,
): Limited[] {
  if (run.undoOf !== undefined) return []
  const of = (limit: keyof Limits, scope: string, ms = HOUR_MS): Limited[] => {
    const most = limits[limit]
    return typeof most === 'number' ? [{ limit, scope, most, ms }] : []
  }
  return [
    ...of('changesPerAccountPerHour', `changes account ${run.account}`),
    ...of('changesPerPlaybookPerHour', `changes playbook ${run.playbook}`),
    ...of('changesPerHour', 'changes'),
    // As long as nothing tells that it has ended: whoever dies with it gives it back with its lease.
    ...of('atOnce', AT_ONCE, leaseMs(run)),
  ]
}

export const AT_ONCE = 'runs at once'

/**
 * Takes the run's share of every limit, or of none. Asked last before the claim: what is taken is counted whether or not
 * AWS then lets the run change anything.
 */
export const limit: Rail = async (drive) => {
  const { run, ports } = drive
  const now = ports.clock.now()
  const taken: Limited[] = []
  for (const each of limitedBy(limitsOf(drive.policy), run)) {
    const answer = await ports.store.takeToken(
      each.scope,
      { key: run.id, until: now + each.ms },
      each.most,
      now,
    )
    if (answer.taken) {
      taken.push(each)
      continue
    }
    for (const { scope } of taken) await ports.store.dropToken(scope, run.id)
    return usedUp(each, answer.freeAt)
  }
  return undefined
}

function usedUp({ limit: name, scope, most }: Limited, freeAt: number): Hold {
  const what = name === 'atOnce' ? `${most} runs are at work` : `${most} changes within the hour`
  return { rail: 'limit', reason: `limit ${name}: ${what}`, until: iso(freeAt), scope }
}

/** Gives back what a run has taken that ends, or waits for its resource: all of it where it has changed nothing. */
export async function giveBack({ run, ports, policy }: Railed): Promise<void> {
  const isCounted = run.changedAt !== undefined
  for (const { limit: name, scope } of limitedBy(limitsOf(policy), run)) {
    if (name === 'atOnce' || !isCounted) await ports.store.dropToken(scope, run.id)
  }
}

/** The run that goes on first when one of those ends that may be at work at once; undefined where none is held. */
export async function nextOfLimits({
  store,
  policy,
}: Pick<EnginePorts, 'store' | 'policy'>): Promise<Run | undefined> {
  if (limitsOf(policy).atOnce === undefined) return undefined
  for (const severity of SEVERITIES.toReversed()) {
    const run = await runFoundBy(store, heldByLimit(severity))
    if (run?.heldBy?.scope === AT_ONCE) return run
  }
  return undefined
}
