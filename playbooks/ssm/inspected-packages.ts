import type { Finding as InspectorFinding } from '@aws-sdk/client-inspector2'
import type { Reader } from '../../src/playbook/playbook.ts'

/** What Inspector says of the packages of an instance. */
export interface InspectedPackages {
  /** Of the operating system, with a fix: name → the worst of its vulnerabilities, worst first. */
  fixable: { name: string; id: string }[]
  /** Names of packages that programs brought along: no patch baseline knows them. */
  others: string[]
  /** Whether there are more findings than were read. */
  isCut: boolean
}

/** Most findings that are read: the worst of them. */
const MOST = 100
/** Most packages that are named. */
const NAMED = 10

/**
 * The vulnerable packages of an instance that Inspector knows, by its worst findings.
 * @returns undefined: it could not be read, which is a warning of the run
 */
export async function inspectedPackages(aws: Reader, id: string): Promise<InspectedPackages | undefined> {
  const equals = (value: string) => [{ comparison: 'EQUALS' as const, value }]
  const answer = await aws.optional('inspector2', 'ListFindings', {
    filterCriteria: {
      resourceId: equals(id),
      findingStatus: equals('ACTIVE'),
      findingType: equals('PACKAGE_VULNERABILITY'),
    },
    sortCriteria: { field: 'SEVERITY', sortOrder: 'DESC' },
    maxResults: MOST,
  })
  if (answer === undefined) return undefined
  const all = (answer.findings ?? []).flatMap(packagesIn)
  const fixable = new Map<string, string>()
  for (const { name, id, isOfTheSystem, hasFix } of all)
    if (isOfTheSystem && hasFix && !fixable.has(name)) fixable.set(name, id)
  const others = all.flatMap(({ name, isOfTheSystem }) => (isOfTheSystem ? [] : [name]))
  return {
    fixable: [...fixable].map(([name, id]) => ({ name, id })),
    others: [...new Set(others)].sort(),
    isCut: answer.nextToken !== undefined && answer.nextToken !== '',
  }
}

function packagesIn({ packageVulnerabilityDetails: details, fixAvailable }: InspectorFinding) {
  return (details?.vulnerablePackages ?? []).map(({ name = '', packageManager }) => ({
    name,
    id: details?.vulnerabilityId ?? 'a vulnerability',
    isOfTheSystem: packageManager === 'OS',
    hasFix: fixAvailable === 'YES' || fixAvailable === 'PARTIAL',
  }))
}

/** The same for a person. */
export function packageNotes({ fixable, others, isCut }: InspectedPackages): string[] {
  const more = (all: readonly unknown[]) => (all.length > NAMED ? ` and ${all.length - NAMED} more` : '')
  const worst = isCut ? ` (by its ${MOST} worst findings)` : ''
  const named = fixable.slice(0, NAMED).map(({ name, id }) => `${name} (${id})`)
  return [
    ...(fixable.length > 0 ? [`Inspector knows fixes${worst} of ${named.join(', ')}${more(fixable)}`] : []),
    ...(others.length > 0
      ? [
          `what programs brought along is not patched by this: ${others.slice(0, NAMED).join(', ')}${more(others)}`,
        ]
      : []),
  ]
}
