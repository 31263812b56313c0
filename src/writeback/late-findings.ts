import type { Finding } from '../findings/finding.ts'
import type { Run } from '../run/run.ts'
import { isSameReport, mayBeTold } from './run-words.ts'

/** Findings that came after the end of a run which had proven what they ask for. */
export interface Late {
  run: Run
  findings: readonly Finding[]
}

/** What an engine tells, as far as it is looked at here. */
interface Telling {
  progress?(event: { kind: string; run?: Run; findings?: readonly Finding[] }): void
}

/** Ports that note the late findings of which detectors are to be told something; `found` grows as they come. */
export function lateFindings<P extends object>(ports: P): { ports: P; found: Late[] } {
  const found: Late[] = []
  const { progress } = ports as Telling
  const noting: Telling = {
    progress(event) {
      progress?.(event)
      const { kind, run, findings = [] } = event
      if (kind !== 'covered' || run === undefined || !mayBeTold(run)) return
      const late = findings.filter((finding) => !run.findings.some((known) => isSameReport(known, finding)))
      if (late.length > 0) found.push({ run, findings: late })
    },
  }
  return { ports: { ...ports, ...noting }, found }
}
