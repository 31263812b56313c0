import type { Hold } from '../../run/run.ts'
import type { Drive } from '../drive/drive.ts'

/** What a guard rail may ask about. */
export type Railed = Pick<Drive, 'run' | 'ports' | 'policy'>

/**
 * A guard rail: what holds this run now; undefined when it may go on. Asked before the claim and before each step, so
 * it reads what holds at that moment. What it cannot read holds the run.
 */
export type Rail<Asked = Railed> = (drive: Asked) => Promise<Hold | undefined>
