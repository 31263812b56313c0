import { BadEvent } from '../../bad-event.ts'
import type { Finding } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'
import type { Told } from '../../wrapping.ts'
import type { SourceReader } from '../source.ts'
import { isAsff, readAsff } from './asff.ts'
import { insight, isInsight } from './insight.ts'
import { isOcsf, readOcsf } from './ocsf.ts'
import { findingOf } from './passed-on.ts'

/**
 * AWS Security Hub: imported findings and custom actions in ASFF, "Findings Imported V2" in OCSF, insight results. What
 * it passes on for another detector is that detector's finding.
 */
export const securityHub: SourceReader = {
  recognises: (body, told) => told.source === 'aws.securityhub' || isReport(body) || isInsight(body, told),
  read(body, told) {
    if (isInsight(body, told)) return insight(body, told)
    if (isReport(body) || isFindingEvent(told)) return readReport(body, told)
    const said = told.detailType ?? 'this event'
    throw new BadEvent('unknownShape', `${said} of Security Hub is not a finding`)
  },
}

/** Whether a body is a finding in ASFF or OCSF, of whatever product. */
export const isReport = (body: Fields): boolean => isAsff(body) || isOcsf(body)

const isFindingEvent = (told: Told): boolean =>
  /^(Security Hub Findings - (Imported|Custom Action)|Findings Imported V2)$/.test(told.detailType ?? '')

/** The finding in ASFF or OCSF. */
export function readReport(body: Fields, told: Told): Finding {
  return findingOf(isOcsf(body) ? readOcsf(body, told) : readAsff(body, told))
}
