import type { Finding } from '../findings/finding.ts'
import type { Target } from '../playbook/playbook.ts'
import type { Run } from './run.ts'

/** Id of the attack sequence or incident that a run is part of, as its detector has it; undefined where it is of none. */
export function incidentOf({ findings }: Pick<Run, 'findings'>): string | undefined {
  return findings.find(({ evidence }) => evidence.group !== undefined)?.evidence.group
}

/** How many resources of its kind the finding names that names most, this one among them: each has a run of its own. */
function resourcesAlike({ findings, target }: Pick<Run, 'findings' | 'target'>): number {
  return Math.max(1, ...findings.map((finding) => alikeIn(finding, target)))
}

function alikeIn({ resources }: Finding, target: Target): number {
  const own = resources.find(({ id, arn = id }) => id === target.id || arn === target.resource)
  return resources.filter(({ type }) => type === own?.type).length
}

/** What a run is part of, for a person: `incident 5042… (3 resources)`; undefined where it stands alone. */
export function partOf(run: Pick<Run, 'findings' | 'target'>): string | undefined {
  const incident = incidentOf(run)
  const alike = resourcesAlike(run)
  if (incident !== undefined) return `incident ${incident}${alike > 1 ? ` (${alike} resources)` : ''}`
  return alike > 1 ? `a finding about ${alike} resources` : undefined
}
