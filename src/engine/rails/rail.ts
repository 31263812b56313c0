import type { Drive } from '../drive/drive.ts'

/**
 * A guard rail: why this run may not change anything now; undefined when it may. Asked at the claim and before each
 * step, so it reads what holds at that moment. What it cannot read counts as a reason.
 */
export type Rail = (drive: Pick<Drive, 'run' | 'ports'>) => Promise<string | undefined>
