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
  // Most runs change nothing: how that is done and proven is loaded with the first that does.
  async *change(drive) {
    const { change } = await import('./change.ts')
    return yield* change(drive)
  },
  // Few runs start something that ends elsewhere: how that is waited for is loaded with the first.
  async *settle(drive) {
    const { settle } = await import('./settle.ts')
    return yield* settle(drive)
  },
  async *verify(drive) {
    const { verify } = await import('./verify.ts')
    return yield* verify(drive)
  },
}
