import type { Manager } from '../../playbook/managed-by.ts'
import { DEFAULT_FIGHTS } from '../../policy/rules.ts'
import { durationMs } from '../../policy/written-durations.ts'
import type { Outcome, Run } from '../../run/run.ts'
import { limitsOf } from './limits-of.ts'
import type { Railed } from './rail.ts'

/** More are not told apart. */
const MOST = 1_000

const fixesOf = ({ playbook, key }: Pick<Run, 'playbook' | 'key'>): string => `fixes ${playbook} ${key}`

/** Notes that a run has put its resource right, so that one that comes back again and again is seen. */
export async function countFix({ run, ports, policy }: Railed, outcome: Outcome): Promise<void> {
  if (outcome !== 'remediated' || run.undoOf !== undefined) return
  const { within } = limitsOf(policy).fights ?? DEFAULT_FIGHTS
  const now = ports.clock.now()
  await ports.store.takeToken(fixesOf(run), { key: run.id, until: now + durationMs(within) }, MOST, now)
}

/**
 * Why a person shall look before this is done once more: somebody puts it back each time. Who that is is told by what
 * the detector saw of it, by CloudTrail, and by the marks of what manages the resource; and between which states it goes
 * back and forth. A person is asked whoever tells of it or not.
 */
export async function fightCaution(railed: Railed, managers: readonly Manager[]): Promise<string[]> {
  const { run, ports, policy } = railed
  if (run.undoOf !== undefined || run.intent !== 'apply') return []
  const { times, within } = limitsOf(policy).fights ?? DEFAULT_FIGHTS
  const before = await ports.store.tokens(fixesOf(run), ports.clock.now())
  if (before.length < times) return []
  // Fights are few: what is told of them is loaded with the first.
  const { fightText } = await import('./fight-text.ts')
  return fightText(railed, managers, { fixes: before, within })
}
