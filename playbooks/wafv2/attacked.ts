import type { Finding, FindingResource } from '../../src/findings/finding.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import type { LiveTags, Reader, Tags } from '../../src/playbook/playbook.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { instanceIn, ofInstance } from '../ec2/instances.ts'

/** Whose tags count for a block: those of the resource that it protects. The set belongs to everybody behind it. */
export const ATTACKED = 'the attacked resources (instances)'

const INSTANCE = 'AWS::EC2::Instance'
const IDS = ec2Ids('i')

/**
 * The live tags of each resource that these findings name as attacked. Where those of one cannot be read none count: the
 * strictest ruling could be the one that is missing.
 */
export async function attackedTags(findings: readonly Finding[], aws: Reader): Promise<LiveTags> {
  const attacked = findings.flatMap((finding) => finding.resources.map((resource) => ({ finding, resource })))
  if (attacked.length === 0)
    return { unreadable: 'the finding names no attacked resource', onlyIfAsked: true }
  const read = await Promise.all(attacked.map(({ finding, resource }) => tagsOf(resource, finding, aws)))
  const unread = read.filter((tags) => typeof tags === 'string' || tags instanceof AwsError)
  if (unread.length === 0) return read.filter((tags) => typeof tags !== 'string') as Tags[]
  const why = unread.map((each) => (typeof each === 'string' ? each : each.message))
  const unreadable = [...new Set(why)].join('; ')
  return { unreadable, onlyIfAsked: !unread.some((each) => each instanceof AwsError) }
}

/** The tags, why there are none to be read (a text), or why AWS did not let us read them. */
async function tagsOf(
  { type, id }: FindingResource,
  { region }: Finding,
  aws: Reader,
): Promise<Tags | string | AwsError> {
  if (type !== INSTANCE) return `tags of ${type} ${id} are not read, only those of instances`
  if (!IDS.understood.test(id)) return `"${id}" is not the id of an instance`
  try {
    const reservations = await aws.at(region).list('ec2', 'DescribeInstances', ofInstance(id), 'Reservations')
    const instance = instanceIn(reservations, id)
    if (!instance) return `instance ${id} is gone, and its tags with it`
    return tagsIn(instance.Tags)
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
}
