import type { ParseResult, RejectionCode } from '../../findings/finding.ts'
import type { TriageOne } from '../../reports/triage/triage-json.ts'

/** What was read, as lines of JSON: a finding or a rejection each, in the order of the input. */
export interface TriagedLines {
  text: string
  /** Why some could not be read. */
  unread: RejectionCode[]
}

/** The results of some documents as lines. Pure. */
export function triagedLines(results: readonly ParseResult[], one: TriageOne): TriagedLines {
  let text = ''
  const unread = new Set<RejectionCode>()
  for (const { findings, rejected } of results) {
    for (const finding of findings) text += `${JSON.stringify(one(finding))}\n`
    for (const rejection of rejected) {
      text += `${JSON.stringify({ rejected: rejection })}\n`
      unread.add(rejection.code)
    }
  }
  return { text, unread: [...unread] }
}
