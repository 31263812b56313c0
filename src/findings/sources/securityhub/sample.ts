import { at, mayBeSet } from '../../fields.ts'
import { inventedName } from '../guardduty/sample-marks.ts'
import type { Report } from './report.ts'

/**
 * Whether a report is of a sample finding: by its marks, or by its invented title and resources (GuardDuty user guide,
 * "Sample findings").
 * @param marked what has ASFF's field `Sample`: the finding itself, or what OCSF has no place for
 */
export function isSample(
  marked: unknown,
  { own, title, resources }: Pick<Report, 'own' | 'title' | 'resources'>,
): boolean {
  const marks = [at(marked, 'sample'), ...MARKS.map((name) => own[name])]
  return (
    marks.some(mayBeSet) ||
    /^\[?SAMPLE\b/.test(title) ||
    resources.some(({ id }) => inventedName(id) !== undefined)
  )
}

const MARKS = ['aws/guardduty/service/additionalInfo/sample', 'additionalInfo/sample']
