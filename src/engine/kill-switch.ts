import type { EnginePorts } from './engine.ts'

/**
 * Why no change may start now, if none may: somebody paused it, or the switch cannot be read, which counts as paused.
 * Read strongly at the claim and before each step.
 */
export async function pausedBy({
  store,
  progress,
}: Pick<EnginePorts, 'store' | 'progress'>): Promise<string | undefined> {
  try {
    const { paused, by, at, reason } = await store.control()
    if (!paused) return undefined
    return ['paused', by && `by ${by}`, at && `at ${at}`, reason && `: ${reason}`].filter(Boolean).join(' ')
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    progress?.({ kind: 'warning', message: `the kill switch cannot be read: ${message}` })
    return 'paused: the kill switch cannot be read'
  }
}
