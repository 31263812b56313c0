import type { Answers, EffectName } from '../../../state-machines/effects.ts'
import type { Drive } from '../drive/drive.ts'
import type { Effect } from '../drive/facts.ts'
import { dryRun } from './dry-run.ts'
import { lookFor } from './look-for.ts'
import { recheck } from './recheck.ts'

/** What the machine's effects do. `change` and only `change` changes anything. */
export const EFFECTS: { [E in EffectName]: (drive: Drive) => Effect<Answers[E]> } = {
  look: lookFor,
  dryRun,
  recheck,
  async *change(drive) {
    const { change } = await import('../changing.ts')
    return yield* change(drive)
  },
  async *settle(drive) {
    const { settle } = await import('../changing.ts')
    return yield* settle(drive)
  },
  async *verify(drive) {
    const { verify } = await import('../changing.ts')
    return yield* verify(drive)
  },
}
