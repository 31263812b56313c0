import { filterValues, type Handlers, listOf } from '../../support/aws-model/failure.ts'

/** What a rule calls a source of this form. */
function sourceOf(source: string) {
  if (source.startsWith('pl-')) return { PrefixListId: source }
  if (source.startsWith('sg-')) return { ReferencedGroupInfo: { GroupId: source } }
  return source.includes(':') ? { CidrIpv6: source } : { CidrIpv4: source }
}

/** EC2 of an account whose groups let these sources in, and everything out. */
export function letsIn(sources: () => unknown): Handlers {
  return {
    DescribeSecurityGroupRules: (input) => {
      const [group] =
        filterValues('ec2:DescribeSecurityGroupRules', input, ['group-id']).get('group-id') ?? []
      const rules = listOf<string>(sources()).map((source, at) => ({
        GroupId: group,
        SecurityGroupRuleId: `sgr-${at}`,
        IsEgress: false,
        IpProtocol: 'tcp',
        FromPort: 5432,
        ToPort: 5432,
        ...sourceOf(source),
      }))
      const out = { GroupId: group, SecurityGroupRuleId: 'sgr-out', IsEgress: true, IpProtocol: '-1' }
      return { SecurityGroupRules: [...rules, { ...out, CidrIpv4: '0.0.0.0/0' }] }
    },
  }
}
