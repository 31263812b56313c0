import type { Finding, FindingStatus } from '../../findings/finding.ts'

/** What ends a finding, whoever said so. */
const CLOSING: readonly FindingStatus[] = ['resolved', 'archived', 'suppressed', 'muted', 'passed']

/**
 * Says of a finding as what it was closed later, by another word about the same one among these: a folder of events, or what is
 * delivered once more, has both, and the older is no reason to act. Pure.
 */
export function closedSince(findings: readonly Finding[]): (finding: Finding) => FindingStatus | undefined {
  const last = new Map<string, Finding>()
  for (const finding of findings) {
    if (!CLOSING.includes(finding.status)) continue
    const known = last.get(nameOf(finding))
    if (known === undefined || known.version < finding.version) last.set(nameOf(finding), finding)
  }
  return (finding) => {
    const closing = last.get(nameOf(finding))
    return closing !== undefined && finding.version < closing.version ? closing.status : undefined
  }
}

const nameOf = ({ source, id }: Finding): string => `${source} ${id}`
