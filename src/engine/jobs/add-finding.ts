import type { Finding } from '../../findings/finding.ts'

/** Adds a finding, or its newer version instead of the one that is there. A file of its own: whoever carries runs on needs it. */
export function addFinding(findings: Finding[], finding: Finding): void {
  const known = findings.findIndex(({ id }) => id === finding.id)
  if (known < 0) findings.push(finding)
  else if (findings[known]!.version < finding.version) findings[known] = finding
}
