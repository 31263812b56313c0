import type { Aws, Place } from '../../aws/port.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Permission } from '../../playbook/permissions.ts'
import type { InVpc, Reader, Tags } from '../../playbook/playbook.ts'
import { tagsIn } from '../../playbook/tags.ts'
import type { Clock } from '../clock.ts'
import { remembering } from '../remembering.ts'

/** What it takes of IAM to read tags of a VPC, and which VPC a security group is in. */
export const VPC_NEEDS: readonly Permission[] = [
  { action: 'ec2:DescribeVpcs', resource: '*' },
  { action: 'ec2:DescribeSecurityGroups', resource: '*' },
]
/** What it takes of IAM to read tags of a stack. */
export const STACK_NEEDS: readonly Permission[] = [
  {
    action: 'cloudformation:DescribeStacks',
    // That of a resource without regions may be in any.
    resource: 'arn:{partition}:cloudformation:*:{account}:stack/*',
  },
]

/** Tags of a place, null where there is no such place; or why they could not be read. */
export type PlaceTags = { tags: Tags | null } | { unreadable: string }

/** Reads live tags of what resources stand in. Never rejects for what AWS answers. */
export interface TaggedPlaces {
  /** @param at account and region of the resource */
  vpc(at: Place, vpc: InVpc): Promise<PlaceTags>
  /** @param stack id or name, of a stack in that account */
  stack(at: Place, stack: string): Promise<PlaceTags>
}

/** How long an answer is believed (ms): an exemption that is tagged while a person is asked shall count before the change. */
const BELIEVED_MS = 60_000

/** Tagged places as AWS tells of them, remembered for a minute and asked once by all who want to know meanwhile. */
export function taggedPlaces(aws: Pick<Aws, 'reader' | 'reaches'>, clock: Pick<Clock, 'now'>): TaggedPlaces {
  const remembered = remembering<PlaceTags>(clock, BELIEVED_MS, () => Number.POSITIVE_INFINITY)
  const known = (kind: string, { account, region }: Place, id: string, ask: () => Promise<PlaceTags>) =>
    remembered(`${kind} ${account} ${region} ${id}`, () => orWhyNot(ask))
  const vpc: TaggedPlaces['vpc'] = (at, id) =>
    typeof id === 'string'
      ? known('vpc', at, id, () => vpcTags(aws, at, id))
      : known('group', at, id.group, async () => {
          const found = await vpcOfGroup(readerAt(aws, at, VPC_NEEDS), id.group)
          return found === undefined ? { tags: null } : vpc(at, found)
        })
  return {
    vpc,
    stack: (at, id) =>
      known('stack', at, id, () => {
        // The id of a stack is its ARN, and says the region.
        const region = id.startsWith('arn:') ? (id.split(':')[3] ?? at.region) : at.region
        return stackTags(readerAt(aws, { ...at, region }, STACK_NEEDS), id)
      }),
  }
}

const readerAt = (aws: Pick<Aws, 'reader'>, at: Place, needs: readonly Permission[]): Reader =>
  aws.reader(
    at,
    needs.map(({ action }) => action),
    () => undefined,
  )

async function orWhyNot(ask: () => Promise<PlaceTags>): Promise<PlaceTags> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { unreadable: `${error.action}: ${error.message}` }
  }
}

/**
 * Whoever uses a shared VPC is not shown the tags of its owner, so they are asked of the owner:
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
 */
async function vpcTags(
  aws: Pick<Aws, 'reader' | 'reaches'>,
  at: Place,
  id: string,
  isOwners = false,
): Promise<PlaceTags> {
  const input = { Filters: [{ Name: 'vpc-id', Values: [id] }] }
  const [vpc] = await readerAt(aws, at, VPC_NEEDS).list('ec2', 'DescribeVpcs', input, 'Vpcs')
  if (vpc === undefined) return { unreadable: 'AWS does not list it' }
  const { OwnerId: owner = at.account, Tags } = vpc
  if (owner === at.account) return { tags: tagsIn(Tags) }
  if (isOwners || !(await aws.reaches(owner)))
    return { unreadable: `it is shared by account ${owner}, which alone sees them` }
  return vpcTags(aws, { ...at, account: owner }, id, true)
}

async function vpcOfGroup(reader: Reader, group: string): Promise<string | undefined> {
  const input = { Filters: [{ Name: 'group-id', Values: [group] }] }
  const [found] = await reader.list('ec2', 'DescribeSecurityGroups', input, 'SecurityGroups')
  if (found === undefined) {
    const action = 'ec2:DescribeSecurityGroups'
    throw new AwsError({ kind: 'gone', code: 'NotListed', action }, `AWS does not list ${group}`)
  }
  return found.VpcId
}

/** A stack that was deleted and left the resource behind is no place any more. */
async function stackTags(reader: Reader, StackName: string): Promise<PlaceTags> {
  try {
    const { Stacks = [] } = await reader.read('cloudformation', 'DescribeStacks', { StackName })
    const [stack] = Stacks
    const isThere = stack !== undefined && stack.StackStatus !== 'DELETE_COMPLETE'
    return { tags: isThere ? tagsIn(stack.Tags) : null }
  } catch (error) {
    if (isNoStack(error)) return { tags: null }
    throw error
  }
}

/** CloudFormation has one code for all that is wrong with a call (API_DescribeStacks): its words tell. */
const isNoStack = (error: unknown): boolean =>
  error instanceof AwsError && error.code === 'ValidationError' && /does not exist/.test(error.message)
