import { DescribeSecurityGroupRulesCommand, type EC2Client } from '@aws-sdk/client-ec2'

/** Ids of the ingress rules of a group. */
export async function openRules(ec2: EC2Client, group: string): Promise<string[]> {
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [group] }] }),
  )
  return SecurityGroupRules.filter(({ IsEgress }) => !IsEgress).map(
    ({ SecurityGroupRuleId }) => SecurityGroupRuleId!,
  )
}
