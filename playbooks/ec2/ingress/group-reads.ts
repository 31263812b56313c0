import type { SecurityGroup } from '@aws-sdk/client-ec2'
import { AwsError } from '../../../src/playbook/aws-error.ts'
import type { Reader } from '../../../src/playbook/playbook.ts'
import { admits } from './authorized-ports.ts'
import type { IngressRule } from './ingress.ts'
import type { PrefixLists } from './open-ingress.ts'

/** By filter, so that reads of many groups go as one call and a missing group does not fail the rest. */
export function ofGroup(id: string): { Filters: { Name: string; Values: string[] }[] } {
  return { Filters: [{ Name: 'group-id', Values: [id] }] }
}

/** An error is an answer: while the rules can be read, only the tags are missing. */
export async function readGroup(
  aws: Reader,
  id: string,
): Promise<{ group?: SecurityGroup; error?: AwsError }> {
  try {
    const [group] = await aws.list('ec2', 'DescribeSecurityGroups', ofGroup(id), 'SecurityGroups')
    return group ? { group } : {}
  } catch (error) {
    if (error instanceof AwsError) return { error }
    throw error
  }
}

/** The entries of the prefix lists that could open one of the ports. */
export async function readLists(
  aws: Reader,
  rules: IngressRule[],
  { tcp, udp }: { tcp: number[]; udp: number[] },
): Promise<PrefixLists> {
  const isAsked = (rule: IngressRule) =>
    tcp.some((port) => admits(rule, 'tcp', port)) || udp.some((port) => admits(rule, 'udp', port))
  const inQuestion = rules.filter((rule) => rule.kind === 'prefixList' && isAsked(rule))
  const ids = [...new Set(inQuestion.map(({ source }) => source))]
  const lists = await Promise.all(
    ids.map(async (PrefixListId) => {
      const entries = await aws.list('ec2', 'GetManagedPrefixListEntries', { PrefixListId }, 'Entries')
      return [PrefixListId, entries.map(({ Cidr = '' }) => Cidr)] as const
    }),
  )
  return Object.fromEntries(lists)
}
