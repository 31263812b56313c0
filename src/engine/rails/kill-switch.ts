import { messageOf } from '../../playbook/message-of.ts'
import { heldBy } from '../../run/found-by.ts'
import type { Run } from '../../run/run.ts'
import type { Control, PauseScope, RunStore } from '../../run/store.ts'
import { runsFoundBy } from '../run-called.ts'
import type { Rail, Railed } from './rail.ts'

/** What a pause may be about that stops everything. */
export const EVERYTHING: PauseScope = 'all'
export const ofPlaybook = (id: string): PauseScope => `playbook:${id}`
export const ofAccount = (id: string): PauseScope => `account:${id}`

/** `paused by alice at 2026-11-20T09:00:00.000Z: deployment freeze`, `paused for account 123456789012 by …` */
export function pausedText({ by, at, reason }: Control, scope: PauseScope = EVERYTHING): string {
  const about = scope === EVERYTHING ? undefined : `for ${scope.replace(':', ' ')}`
  const who = ['paused', about, by && `by ${by}`, at && `at ${at}`].filter(Boolean).join(' ')
  return reason ? `${who}: ${reason}` : who
}

/** The pauses that would hold a run, the widest first. */
export const pausesOf = ({ playbook, account }: Pick<Run, 'playbook' | 'account'>): PauseScope[] => [
  EVERYTHING,
  ofPlaybook(playbook),
  ofAccount(account),
]

/** Runs that a pause has held and that none of these holds, the one that has waited longest first. */
export async function noLongerHeld(
  store: Pick<RunStore, 'foundBy' | 'get'>,
  paused: ReadonlySet<PauseScope>,
): Promise<Run[]> {
  const found = await runsFoundBy(store, heldBy('pause'))
  return found.filter(
    (run) => run.heldBy?.rail === 'pause' && !pausesOf(run).some((scope) => paused.has(scope)),
  )
}

/**
 * Somebody paused everything, the playbook or the account; or that cannot be read, which counts as paused. Read strongly.
 */
export const killSwitch: Rail<Pick<Railed, 'run' | 'ports'>> = async ({ ports, run }) => {
  const { store, progress } = ports
  const scopes = pausesOf(run)
  try {
    const controls = await store.controls(scopes)
    const scope = scopes.find((one) => controls.get(one)?.paused)
    return scope === undefined
      ? undefined
      : { rail: 'pause', reason: pausedText(controls.get(scope)!, scope), scope }
  } catch (error) {
    const message = messageOf(error)
    progress?.({ kind: 'warning', run, message: `the kill switch cannot be read: ${message}` })
    return { rail: 'pause', reason: 'paused: the kill switch cannot be read' }
  }
}
