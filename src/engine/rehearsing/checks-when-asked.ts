import type { Aws } from '../../aws/port.ts'
import type { Clock } from '../clock.ts'
import type { RehearsalChecks } from './rehearsal-checks.ts'
import type { TrafficQuestion } from './traffic/cut-traffic.ts'

/**
 * The checks of one rehearsal: their code is loaded when the first of them is asked for, which most runs never do.
 * @param traffic what flow logs are asked; left out: nothing
 */
export function checksWhenAsked(
  aws: Aws,
  clock: Pick<Clock, 'sleep' | 'now'>,
  traffic?: TrafficQuestion,
): () => Promise<RehearsalChecks> {
  let made: Promise<RehearsalChecks> | undefined
  const make = async () => {
    const { rehearsalChecks } = await import('./rehearsal-checks.ts')
    const checks = rehearsalChecks(aws, clock)
    if (traffic === undefined) return checks
    const { trafficOf } = await import('./traffic/cut-traffic.ts')
    return { ...checks, traffic: trafficOf(aws, clock, traffic) }
  }
  return () => {
    made ??= make()
    return made
  }
}
