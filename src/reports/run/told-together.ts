import type { Finding } from '../../findings/finding.ts'
import { incidentOf } from '../../run/incident.ts'
import type { Run } from '../../run/run.ts'
import { type Paint, visible } from '../paint.ts'

/** Runs that are told together: those of an incident, or else of a finding; or one that stands alone. */
export interface ToldTogether {
  runs: Run[]
  /** What they have in common; only of several. */
  about?: { finding: Finding; incident?: string }
}

/**
 * Runs with those of the same incident or finding beside them, each group where its first run stood. A run that has
 * several findings is told with the first of them that another run has, too.
 */
export function toldTogether(runs: readonly Run[]): ToldTogether[] {
  const counts = new Map<string, number>()
  for (const key of runs.flatMap(keysOf)) counts.set(key, (counts.get(key) ?? 0) + 1)
  const shared = (run: Run) => keysOf(run).find((key) => counts.get(key)! > 1) ?? `run ${run.id}`
  return [...Map.groupBy(runs, shared)].map(([key, together]) => {
    const [first] = together
    const finding = first?.findings.find((each) => keysOfFinding(each).includes(key))
    if (together.length === 1 || !first || !finding) return { runs: together }
    const incident = finding.evidence.group
    return { runs: together, about: { finding, ...(incident !== undefined && { incident }) } }
  })
}

/** By what runs belong together, the strongest bond first. */
function keysOf(run: Run): string[] {
  const incident = incidentOf(run)
  const findings = run.findings.map(({ id }) => `finding ${id}`)
  return [...new Set([...(incident === undefined ? [] : [`incident ${incident}`]), ...findings])]
}

const keysOfFinding = ({ id, evidence: { group } }: Finding) => [
  `finding ${id}`,
  ...(group === undefined ? [] : [`incident ${group}`]),
]

/** Above the runs of one finding: what it says, and how many they are. */
export function togetherText({ runs, about }: ToldTogether, paint: Paint): string {
  if (!about) return ''
  const { finding, incident } = about
  const { source, type, severity, title } = finding
  const what = incident === undefined ? 'one finding' : `incident ${visible(incident)}`
  return [
    `${paint.strong(`${source} ${visible(type)} ${severity}`)}: ${runs.length} runs of ${what}`,
    ...(title === type ? [] : [`  ${visible(title)}`]),
  ].join('\n')
}
