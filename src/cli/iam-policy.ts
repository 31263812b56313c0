import { partitionOf } from '../findings/region.ts'
import { type AnyPlaybook, fillArn } from '../playbook/playbook.ts'

interface Statement {
  /** Letters and digits only: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
  Sid: string
  Effect: 'Allow'
  Action: string[]
  Resource: string | string[]
}

/**
 * The least-privilege IAM policy for some playbooks: what they read, on anything, because most Describe and List
 * actions know no resource; what they change, each on its ARN patterns only.
 *
 * @param region fills the region of the ARNs; without one it is `*`, as the account always is
 * @param options.readOnly what looking and planning take; a dry run is then denied, and nothing can be changed
 */
export function iamPolicy(
  playbooks: readonly AnyPlaybook[],
  region?: string,
  { readOnly = false }: { readOnly?: boolean } = {},
): { Version: '2012-10-17'; Statement: Statement[] } {
  const reads = sorted(playbooks.flatMap(({ reads, readsAlsoNeed = [] }) => [...reads, ...readsAlsoNeed]))
  const writes = readOnly ? [] : playbooks.flatMap((playbook) => writeStatements(playbook, region))
  return {
    Version: '2012-10-17',
    Statement: [
      ...(reads.length
        ? [
            {
              Sid: 'ReadsBecauseDescribeActionsKnowNoResource',
              Effect: 'Allow' as const,
              Action: reads,
              Resource: '*',
            },
          ]
        : []),
      ...writes,
    ],
  }
}

/** One statement for all actions of a playbook that go to the same resources. */
function writeStatements({ id, writes }: AnyPlaybook, region: string | undefined): Statement[] {
  const place = { partition: region ? partitionOf(region) : 'aws', region: region ?? '*', account: '*' }
  const resourcesOf = new Map<string, string[]>()
  for (const { action, resource } of writes) {
    resourcesOf.set(action, sorted([...(resourcesOf.get(action) ?? []), fillArn(resource, place)]))
  }
  const byResources = Map.groupBy(resourcesOf, ([, resources]) => resources.join(' '))
  return [...byResources.values()].map((entries, index) => ({
    Sid: `${capitalised(id)}${index === 0 ? '' : index + 1}`,
    Effect: 'Allow',
    Action: sorted(entries.map(([action]) => action)),
    Resource: entries[0]?.[1] ?? [],
  }))
}

function capitalised(id: string): string {
  return id.replace(/(^|[^a-z0-9]+)([a-z0-9])/gi, (_, _gap, letter: string) => letter.toUpperCase())
}

function sorted(texts: string[]): string[] {
  return [...new Set(texts)].sort()
}
