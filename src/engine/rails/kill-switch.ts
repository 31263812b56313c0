import { messageOf } from '../../playbook/message-of.ts'
import type { Control } from '../../run/store.ts'
import type { Rail } from './rail.ts'

/** `paused by alice at 2026-11-20T09:00:00.000Z: deployment freeze` */
export function pausedText({ by, at, reason }: Control): string {
  const who = ['paused', by && `by ${by}`, at && `at ${at}`].filter(Boolean).join(' ')
  return reason ? `${who}: ${reason}` : who
}

/** Whether a run was closed for this reason by the kill switch. */
export function isPausedText(reason: string): boolean {
  return /^paused\b/.test(reason)
}

/**
 * Why no change may start now, if none may: somebody paused it, or the switch cannot be read, which counts as paused.
 * Read strongly.
 */
export const killSwitch: Rail = async ({ ports, run }) => {
  const { store, progress } = ports
  try {
    const control = await store.control()
    return control.paused ? pausedText(control) : undefined
  } catch (error) {
    const message = messageOf(error)
    progress?.({ kind: 'warning', run, message: `the kill switch cannot be read: ${message}` })
    return 'paused: the kill switch cannot be read'
  }
}
