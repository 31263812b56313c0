import { messageOf } from '../../playbook/message-of.ts'
import type { Control } from '../../run/store.ts'
import type { Rail, Railed } from './rail.ts'

/** `paused by alice at 2026-11-20T09:00:00.000Z: deployment freeze` */
export function pausedText({ by, at, reason }: Control): string {
  const who = ['paused', by && `by ${by}`, at && `at ${at}`].filter(Boolean).join(' ')
  return reason ? `${who}: ${reason}` : who
}

/** Somebody paused it, or the switch cannot be read, which counts as paused. Read strongly. */
export const killSwitch: Rail<Pick<Railed, 'run' | 'ports'>> = async ({ ports, run }) => {
  const { store, progress } = ports
  try {
    const control = await store.control()
    return control.paused ? { rail: 'pause', reason: pausedText(control) } : undefined
  } catch (error) {
    const message = messageOf(error)
    progress?.({ kind: 'warning', run, message: `the kill switch cannot be read: ${message}` })
    return { rail: 'pause', reason: 'paused: the kill switch cannot be read' }
  }
}
