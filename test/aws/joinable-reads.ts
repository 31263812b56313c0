/** Actions whose reads can be joined. */
export const READS = [
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSnapshots',
  'ec2:DescribeInstances',
  'ec2:DescribeSnapshotAttribute',
  'ssm:DescribeInstanceInformation',
  'ssm:DescribeInstancePatchStates',
  'wafv2:ListIPSets',
]

export const failOnWarning = (warning: string) => {
  throw new Error(warning)
}

export const filter = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] })

/** What the first filter asks for. */
export function valuesOf(input: Record<string, unknown>): string[] {
  return (input.Filters as { Values: string[] }[])[0]!.Values
}
