import { analyzerFindings } from './analyzer-findings.ts'
import { configResults } from './config-results.ts'
import type { Detector } from './detector.ts'
import { guardDutyFindings } from './guardduty-findings.ts'
import { hubFindings } from './hub-findings.ts'
import { inspectorFindings } from './inspector-findings.ts'

/** The detectors that can be asked for what is still open, in the order in which they are. */
export const DETECTORS: readonly Detector[] = [
  configResults,
  hubFindings,
  guardDutyFindings,
  analyzerFindings,
  inspectorFindings,
]
