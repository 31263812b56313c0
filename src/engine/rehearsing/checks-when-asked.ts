import type { Aws } from '../../aws/port.ts'
import type { Clock } from '../clock.ts'
import type { RehearsalChecks } from './rehearsal-checks.ts'

/** The checks of one rehearsal: their code is loaded when the first of them is asked for, which most runs never do. */
export function checksWhenAsked(aws: Aws, clock: Pick<Clock, 'sleep'>): () => Promise<RehearsalChecks> {
  let made: Promise<RehearsalChecks> | undefined
  const make = async () => (await import('./rehearsal-checks.ts')).rehearsalChecks(aws, clock)
  return () => {
    made ??= make()
    return made
  }
}
