import type { Complaint } from './check.ts'

/** Parameters of EC2 that hold ids: what an id begins with, and the code with which another one is refused. */
const IDS: Record<string, [prefix: string, code: string]> = {
  GroupId: ['sg', 'InvalidGroupId.Malformed'],
  GroupIds: ['sg', 'InvalidGroupId.Malformed'],
  InstanceIds: ['i', 'InvalidInstanceID.Malformed'],
  NetworkInterfaceIds: ['eni', 'InvalidNetworkInterfaceId.Malformed'],
  PrefixListId: ['pl', 'InvalidPrefixListId.Malformed'],
  SecurityGroupRuleIds: ['sgr', 'InvalidSecurityGroupRuleId.Malformed'],
  SnapshotId: ['snap', 'InvalidSnapshotID.Malformed'],
  SnapshotIds: ['snap', 'InvalidSnapshotID.Malformed'],
}

/** Eight hexadecimal digits, or seventeen: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
const HEX = /^(?:[0-9a-f]{8}|[0-9a-f]{17})$/

/**
 * Ids that EC2 refuses by their form, before it looks for the resource: an ARN, a name, an id of another kind. Values of
 * filters are never refused.
 * @param rest what follows the prefix and a hyphen
 */
export function malformedIds(
  input: Record<string, unknown>,
  rest: RegExp = HEX,
): (Complaint & { code: string })[] {
  return Object.entries(IDS).flatMap(([path, [prefix, code]]) =>
    [input[path] ?? []]
      .flat()
      .map(String)
      .filter((id) => !id.startsWith(`${prefix}-`) || !rest.test(id.slice(prefix.length + 1)))
      .map((id) => ({
        kind: 'invalid' as const,
        path,
        code,
        text: `Invalid id: "${id}" (expecting "${prefix}-...")`,
      })),
  )
}
