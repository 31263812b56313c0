import type { Run } from '../../run/run.ts'
import type { ToldEnd } from '../../run/told-detector.ts'
import { type Paint, visible } from '../paint.ts'

/** What was odd about a run's end, and which detectors could not be told of it. */
export function warningsOf({ warnings = [] }: Pick<Run, 'warnings'>, told: readonly ToldEnd[]): string[] {
  const untold = told.filter(({ ok }) => !ok)
  return [
    ...warnings,
    ...untold.map(({ to, reason = 'no reason is known' }) => `${to} was not told: ${reason}`),
  ]
}

/** `securityhub RESOLVED`, and why where nothing was said; one row for each detector that was told. */
export function toldRows(told: readonly ToldEnd[], paint: Paint): string[][] {
  return told
    .filter(({ ok }) => ok)
    .map(({ to, said = '', reason, at }) => {
      const why = reason === undefined ? '' : ` (${visible(reason)})`
      return ['told', `${to}: ${visible(said)}${why} ${paint.faint(at)}`]
    })
}
