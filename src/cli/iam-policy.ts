import type { Place } from '../aws/port.ts'
import { REHEARSAL_NEEDS } from '../engine/rehearsing/rehearsal-needs.ts'
import { partitionOf } from '../findings/region.ts'
import { type Permission, readPermissions, writePermissions } from '../playbook/permissions.ts'
import { type AnyPlaybook, fillArn } from '../playbook/playbook.ts'

export interface PolicyDocument {
  Version: '2012-10-17'
  Statement: PolicyStatement[]
}

export interface PolicyStatement {
  /** Letters and digits only: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
  Sid: string
  Effect: 'Allow'
  Action: string[]
  Resource: string | string[]
  Condition?: Record<string, Record<string, string | string[]>>
}

interface Besides {
  readOnly?: boolean
  asks?: readonly Permission[]
  tells?: readonly Permission[]
}

/**
 * The least-privilege IAM policy for some playbooks: what they read and what they change, each action on the kinds of
 * resources that it is about; on `*` only those that know no resource, as most Describe and List actions.
 *
 * @param region fills the region of the ARNs; without one it is `*`, as the account always is
 * @param options.asks what is read besides
 * @param options.tells what is told others
 * @param options.readOnly what looking and planning take; what a rehearsal asks is then denied, and nothing can be changed
 */
export function iamPolicy(
  playbooks: readonly AnyPlaybook[],
  region?: string,
  { readOnly = false, asks = [], tells = [] }: Besides = {},
): PolicyDocument {
  const place = { partition: region ? partitionOf(region) : 'aws', region: region ?? '*', account: '*' }
  const reads = [
    ...statements('Reads', playbooks.flatMap(readPermissions), place),
    ...statements('Asks', asks, place),
  ]
  if (readOnly) return { Version: '2012-10-17', Statement: reads }
  const checks = statements('Rehearses', REHEARSAL_NEEDS, place)
  const writes = playbooks.flatMap((playbook) =>
    statements(capitalised(playbook.id), writePermissions(playbook), place),
  )
  return {
    Version: '2012-10-17',
    Statement: [...reads, ...checks, ...writes, ...statements('Tells', tells, place)],
  }
}

/** One statement for all actions that go to the same resources. */
export function statements(sid: string, permissions: readonly Permission[], place: Place): PolicyStatement[] {
  const resourcesOf = new Map<string, string[]>()
  for (const { action, resource } of permissions) {
    resourcesOf.set(action, sorted([...(resourcesOf.get(action) ?? []), fillArn(resource, place)]))
  }
  const byResources = Map.groupBy(resourcesOf, ([, resources]) => resources.join(' '))
  return [...byResources.values()].map((entries, index) => ({
    Sid: `${sid}${index === 0 ? '' : index + 1}`,
    Effect: 'Allow',
    Action: sorted(entries.map(([action]) => action)),
    Resource: oneOrAll(entries[0]?.[1] ?? []),
  }))
}

function oneOrAll(resources: string[]): string | string[] {
  return resources.includes('*') ? '*' : resources
}

/** An id as a Sid may be: `ec2-close-open-ingress` is `Ec2CloseOpenIngress`. */
export function capitalised(id: string): string {
  return id.replace(/(^|[^a-z0-9]+)([a-z0-9])/gi, (_, _gap, letter: string) => letter.toUpperCase())
}

/** Each text once, in order. */
export function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort()
}
