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
 * the detector saw of it.
 */
export async function fightCaution({ run, ports, policy }: Railed): Promise<string[]> {
  if (run.undoOf !== undefined || run.intent !== 'apply') return []
  const { times, within } = limitsOf(policy).fights ?? DEFAULT_FIGHTS
  const before = await ports.store.tokens(fixesOf(run), ports.clock.now())
  if (before.length < times) return []
  const who = [...new Set(run.findings.flatMap(({ evidence }) => evidence.principal ?? []))]
  const by = who.length > 0 ? `by ${who.join(', ')}` : 'by somebody whom no detector names'
  return [`put right ${before.length} times within ${within}, and undone each time ${by}`]
}
