import type { Run } from '../../run/run.ts'
import { type ToldEnd, toldName } from '../../run/told-detector.ts'
import { type Paint, visible } from '../paint.ts'

/** What was odd about a run's end, and which detectors could not be told of it. */
export function warningsOf({ warnings = [] }: Pick<Run, 'warnings'>, told: readonly ToldEnd[]): string[] {
  const untold = told.filter(({ ok }) => !ok)
  return [
    ...warnings,
    ...untold.map((end) => `${toldName(end)} was not told: ${end.reason ?? 'no reason is known'}`),
  ]
}

/** `securityhub RESOLVED`, and why where nothing was said; one row for each detector that was told. */
export function toldRows(told: readonly ToldEnd[], paint: Paint): string[][] {
  return told
    .filter(({ ok }) => ok)
    .map((end) => {
      const { said = '', reason, at } = end
      const why = reason === undefined ? '' : ` (${visible(reason)})`
      return ['told', `${visible(toldName(end))}: ${visible(said)}${why} ${paint.faint(at)}`]
    })
}

/** As `--json` shows it: of a late finding only its id. */
export function toldJson({ late, ...end }: ToldEnd) {
  return { ...end, ...(late && { finding: late.id }) }
}
