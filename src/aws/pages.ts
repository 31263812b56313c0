import { type ApiCall, iamAction } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import type { Place } from './port.ts'

/** Sends one call and gives its answer; what the real adapter and the tests' model have in common. */
export type Send = (
  place: Place,
  call: ApiCall,
  options?: { attempts?: number },
) => Promise<Record<string, unknown>>

/** Where an answer says that there is more, and where the next request says it back. */
const TOKENS: readonly (readonly [answer: string, request: string])[] = [
  ['NextToken', 'NextToken'],
  ['NextMarker', 'NextMarker'],
  ['NextContinuationToken', 'ContinuationToken'],
]

/** The largest page of an operation, by its API reference; `without` an id list, with which it may not be combined. */
export const pageSizes: Readonly<Record<string, { field: string; size: number; without?: string }>> = {
  'ec2:DescribeInstances': { field: 'MaxResults', size: 1000, without: 'InstanceIds' },
  'ec2:DescribeNetworkInterfaces': { field: 'MaxResults', size: 1000, without: 'NetworkInterfaceIds' },
  'ec2:DescribeSecurityGroupRules': { field: 'MaxResults', size: 1000, without: 'SecurityGroupRuleIds' },
  'ec2:DescribeSecurityGroups': { field: 'MaxResults', size: 1000, without: 'GroupIds' },
  'ec2:DescribeSnapshots': { field: 'MaxResults', size: 1000, without: 'SnapshotIds' },
  'ec2:GetManagedPrefixListEntries': { field: 'MaxResults', size: 100 },
  'ssm:DescribeInstanceInformation': { field: 'MaxResults', size: 50 },
  'ssm:DescribeInstancePatchStates': { field: 'MaxResults', size: 100 },
  'ssm:ListCommands': { field: 'MaxResults', size: 50, without: 'CommandId' },
  'wafv2:ListIPSets': { field: 'Limit', size: 100 },
  'wafv2:ListWebACLs': { field: 'Limit', size: 100 },
}

/** All items of a list field of the answer, from all pages. An operation that is not known here is paged as well. */
export async function allItems(send: Send, place: Place, call: ApiCall, field: string): Promise<unknown[]> {
  const items: unknown[] = []
  let input = largestPage(call)
  const seen = new Set<unknown>()
  for (;;) {
    const answer = await send(place, { ...call, input })
    const page = answer[field]
    if (Array.isArray(page)) items.push(...page)
    const token = TOKENS.find(([name]) => answer[name])
    if (!token) return items
    const next = answer[token[0]]
    if (seen.has(next)) {
      const action = iamAction(call.service, call.operation)
      throw new AwsError(
        { kind: 'final', code: 'RepeatedPage', action },
        `${action} gave the same page twice`,
      )
    }
    seen.add(next)
    input = { ...input, [token[1]]: next }
  }
}

function largestPage(call: ApiCall): Record<string, unknown> {
  const page = pageSizes[iamAction(call.service, call.operation)]
  if (!page || page.field in call.input || (page.without && call.input[page.without])) return call.input
  return { ...call.input, [page.field]: page.size }
}
