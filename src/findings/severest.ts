import { type Finding, SEVERITIES, type Severity } from './finding.ts'

/** Of the findings of a run the highest severity. */
export function severestOf(findings: readonly Pick<Finding, 'severity'>[]): Severity {
  return (
    SEVERITIES.findLast((severity) => findings.some((finding) => finding.severity === severity)) ??
    'INFORMATIONAL'
  )
}
