import type { Finding, FindingResource } from '../../findings/finding.ts'
import { partitionOf } from '../../findings/region.ts'
import { version } from '../../findings/version.ts'
import { matchesType } from '../../playbook/matchers.ts'
import { targetOf } from '../../playbook/resource/target.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import type { WrittenFinding } from './cases-schema.ts'

/**
 * The finding that a case describes without an event, and the one playbook that it is about where a person named it. Where
 * no type of the resource is written, it is of the kind of those who answer. Pure.
 * @param now ms since 1970, UTC
 * @returns `notUnderstood`: why the resource is none of the playbook that is named
 */
export function findingOf(
  written: WrittenFinding,
  playbooks: readonly PlaybookHead[],
  now: number,
): { finding: Finding; only?: string } | { notUnderstood: string } {
  const { playbook, severity, account, region, resource: words } = written
  const source = written.source ?? 'manual'
  const type = written.type ?? playbook ?? ''
  const place = { account, region, partition: partitionOf(region) }
  const answering = playbooks.filter(
    ({ id, answers }) => id === playbook || answers.some((matcher) => matchesType(matcher, { source, type })),
  )
  const resources = resourcesOf(words, written.resourceType, answering, place)
  const [first] = answering
  if (resources.length === 0 && playbook !== undefined && first) {
    const { notUnderstood } = targetOf(first, words, place)
    return { notUnderstood: notUnderstood ?? `"${words}" is no ${first.resource}` }
  }
  const observedAt = new Date(now).toISOString()
  const finding: Finding = {
    id: `case/${source}/${type}/${words}`,
    version: version(observedAt),
    ...{ source, type, title: `${type}: ${words}`, severity, status: 'active', ...place },
    resources: resources.length > 0 ? resources : [otherResource(words)],
    observedAt,
    evidence: written.public ? { isPublic: true } : {},
  }
  return { finding, ...(playbook !== undefined && { only: playbook }) }
}

/** The resource as each kind that it can be. */
function resourcesOf(
  words: string,
  type: string | undefined,
  answering: readonly PlaybookHead[],
  place: Parameters<typeof targetOf>[2],
): FindingResource[] {
  const arn = words.startsWith('arn:') ? { arn: words } : {}
  if (type !== undefined) return [{ type, id: words, ...arn }]
  const kinds = new Map(answering.map((playbook) => [playbook.resource, playbook]))
  return [...kinds.values()].flatMap((playbook): FindingResource[] => {
    const target = targetOf(playbook, words, place)
    return target.notUnderstood ? [] : [{ type: playbook.resource, id: target.id, arn: target.resource }]
  })
}

/** As scanners name what they have no word for. */
function otherResource(words: string): FindingResource {
  return { type: 'Other', id: words, ...(words.startsWith('arn:') && { arn: words }) }
}
