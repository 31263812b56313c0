import { SEVERITIES, type Severity } from '../../findings/finding.ts'
import type { SeverityCondition } from '../rules.ts'

/** Whether a severity is one of those that a condition names. */
export function severityHolds(condition: SeverityCondition, severity: Severity): boolean {
  return severitiesOf(condition).includes(severity)
}

/** The severities that a condition names; all without one. */
export function severitiesOf(condition: SeverityCondition | undefined): readonly Severity[] {
  if (condition === undefined) return SEVERITIES
  if (Array.isArray(condition)) return condition
  return SEVERITIES.slice(SEVERITIES.indexOf(condition.atLeast))
}
