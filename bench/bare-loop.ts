import { Agent } from 'node:http'
import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import pLimit from 'p-limit'
import { groupId, REGION } from './security-groups.ts'

/** As many groups as one call may name, and as many calls under way as the engine allows itself. */
const BATCH = 200
const CONCURRENCY = 32
const PAGE = { MaxResults: 1000 }

/**
 * What a good script does, and nothing else: reads 200 groups, revokes what is open to the world on port 22, reads
 * again. No finding, no plan, no policy, no lock, no record, no undo.
 */
export async function bareLoop(
  endpoint: string,
  groups: readonly number[],
): Promise<{ seconds: number; closed: number }> {
  const start = performance.now()
  const requestHandler = { httpAgent: new Agent({ keepAlive: true, maxSockets: CONCURRENCY }) }
  const ec2 = new EC2Client({ endpoint, region: REGION, requestHandler })
  const sts = new STSClient({ endpoint, region: REGION, requestHandler })
  await sts.send(new GetCallerIdentityCommand({}))
  let closed = 0
  for (let from = 0; from < groups.length; from += BATCH) {
    closed += await closeAll(ec2, groups.slice(from, from + BATCH).map(groupId))
  }
  ec2.destroy()
  sts.destroy()
  return { seconds: (performance.now() - start) / 1000, closed }
}

async function closeAll(ec2: EC2Client, groups: string[]): Promise<number> {
  const [rules] = await Promise.all([
    rulesOf(ec2, groups),
    ec2.send(new DescribeSecurityGroupsCommand({ ...byGroup(groups), ...PAGE })),
  ])
  const open = [...Map.groupBy(rules.filter(isOpen), ({ GroupId }) => GroupId!)]
  const ids = open.map(([group]) => group)
  await ec2.send(new DescribeNetworkInterfacesCommand({ ...byGroup(ids), ...PAGE }))
  const inTurn = pLimit(CONCURRENCY)
  await Promise.all(
    open.map(([GroupId, rules]) => {
      const SecurityGroupRuleIds = rules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId!)
      return inTurn(() => ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds })))
    }),
  )
  const left = (await rulesOf(ec2, ids)).filter(isOpen)
  if (left.length > 0) throw new Error(`${left.length} rules are still open`)
  return open.length
}

async function rulesOf(ec2: EC2Client, groups: string[]): Promise<SecurityGroupRule[]> {
  const rules: SecurityGroupRule[] = []
  let token: string | undefined
  do {
    const page = await ec2.send(
      new DescribeSecurityGroupRulesCommand({
        ...byGroup(groups),
        ...PAGE,
        ...(token && { NextToken: token }),
      }),
    )
    rules.push(...(page.SecurityGroupRules ?? []))
    token = page.NextToken
  } while (token)
  return rules
}

function byGroup(groups: string[]) {
  return { Filters: [{ Name: 'group-id', Values: groups }] }
}

function isOpen({ IsEgress, FromPort, CidrIpv4, CidrIpv6 }: SecurityGroupRule): boolean {
  return !IsEgress && FromPort === 22 && (CidrIpv4 === '0.0.0.0/0' || CidrIpv6 === '::/0')
}
