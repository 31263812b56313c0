import { durationMs } from '../../policy/written-durations.ts'
import { type Outcome, WENT_WRONG } from '../../run/run.ts'
import { iso } from '../drive/facts.ts'
import { leaseMs } from '../drive/lease.ts'
import { limitsOf } from './limits-of.ts'
import type { Rail, Railed } from './rail.ts'

/**
 * A playbook that failed too often rests: its breaker is open. After a time one run tries again; what becomes of that
 * closes the breaker, or lets the playbook rest once more.
 */

const failuresOf = (playbook: string): string => `failures ${playbook}`
const openOf = (playbook: string): string => `breaker ${playbook}`
const restOf = (playbook: string): string => `breaker rests ${playbook}`
const trialOf = (playbook: string): string => `breaker trial ${playbook}`

/** It is there as long as nobody has shown that the playbook works again. */
const OPEN_MS = 365 * 86_400_000
const IT = 'open'

export const breaker: Rail = async ({ run, ports, policy }) => {
  const { breaker: rule } = limitsOf(policy)
  if (rule === undefined || run.undoOf !== undefined) return undefined
  const { store, clock } = ports
  const { playbook } = run
  const now = clock.now()
  if ((await store.tokens(openOf(playbook), now)).length === 0) return undefined
  const [rest] = await store.tokens(restOf(playbook), now)
  const reason = `breaker of ${playbook}: ${rule.failures} runs went wrong`
  const scope = openOf(playbook)
  if (rest) return { rail: 'breaker', reason, until: iso(rest.until), scope }
  const trial = await store.takeToken(trialOf(playbook), { key: run.id, until: now + leaseMs(run) }, 1, now)
  if (trial.taken) return undefined
  return { rail: 'breaker', reason: `${reason}, and one tries again now`, until: iso(trial.freeAt), scope }
}

/** Another run may try again: this one is held by something else. */
export async function giveUpTrial({ run, ports, policy }: Railed): Promise<void> {
  if (limitsOf(policy).breaker !== undefined) await ports.store.dropToken(trialOf(run.playbook), run.id)
}

/** What the end of a run means for its playbook's breaker. */
export async function countForBreaker({ run, ports, policy }: Railed, outcome: Outcome): Promise<void> {
  const { breaker: rule } = limitsOf(policy)
  if (rule === undefined || run.undoOf !== undefined) return
  const { store } = ports
  const { id: key, playbook } = run
  const now = ports.clock.now()
  const isOpen = (await store.tokens(openOf(playbook), now)).length > 0
  if (outcome === 'remediated' && isOpen) {
    await store.clearTokens(failuresOf(playbook))
    await store.clearTokens(restOf(playbook))
    await store.clearTokens(openOf(playbook))
  }
  if (WENT_WRONG.includes(outcome) && run.changedAt !== undefined) {
    const failure = { key, until: now + durationMs(rule.within) }
    await store.takeToken(failuresOf(playbook), failure, rule.failures, now)
    const all = await store.tokens(failuresOf(playbook), now)
    if (isOpen || all.length >= rule.failures) {
      await store.clearTokens(restOf(playbook))
      const until = now + durationMs(rule.retryAfter)
      await store.takeToken(restOf(playbook), { key: IT, until }, 1, now)
      await store.takeToken(openOf(playbook), { key: IT, until: now + OPEN_MS }, 1, now)
    }
  }
  if (isOpen) await store.dropToken(trialOf(playbook), key)
}
