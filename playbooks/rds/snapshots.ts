import pLimit from 'p-limit'
import type { Tags } from '../../src/playbook/inspection.ts'
import { type Reader, type Target, targetOf } from '../../src/playbook/playbook.ts'
import type { ArnPlace } from '../../src/playbook/resource/fill-arn.ts'
import { nameIds, type ResourceForm } from '../../src/playbook/resource/resource-form.ts'
import { allOf, type Looking, listed, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { rds } from '../services.ts'

/** A snapshot of an instance or of a cluster, which RDS keeps apart: both may have one name. */
export interface Snapshot {
  /** Whom it is shared with: account ids, and `all` for everybody; absent where AWS does not say. */
  sharedWith?: string[]
  /** `manual`, `automated` ...; only what somebody made by hand can be shared. */
  type: string
  tags: Tags
}

const ids = nameIds(/[a-zA-Z0-9-]/, 255, ['my-snapshot'])
const form = (resource: string, kind: string): ResourceForm => ({
  resource,
  ids,
  arn: `arn:{partition}:rds:{region}:{account}:${kind}:{id}`,
})
export const OF_INSTANCE = form('AWS::RDS::DBSnapshot', 'snapshot')
export const OF_CLUSTER = form('AWS::RDS::DBClusterSnapshot', 'cluster-snapshot')

/** Both kinds by one form: which of them, the ARN says. */
export const SNAPSHOTS = {
  resource: OF_INSTANCE.resource,
  alsoNamed: [OF_CLUSTER.resource],
  ids,
  arn: 'arn:{partition}:rds:{region}:{account}:*:{id}',
  named,
}

export const isOfCluster = ({ resource }: Pick<Target, 'resource'>): boolean =>
  resource.split(':')[5] === 'cluster-snapshot'

/** AWS's own prefixes: `rds:orders-2026-11-22-09-43`, `awsbackup:job-…`. */
const AUTOMATIC = /(?:^|snapshot[:/])(?:rds|awsbackup):/i

/** A bare name is taken for that of an instance's snapshot. */
function named(words: string, place: ArnPlace): Target {
  if (AUTOMATIC.test(words)) {
    const notUnderstood = `"${words}" was made by AWS itself, and such snapshots cannot be shared with everybody`
    return { resource: words, id: words, key: words, notUnderstood }
  }
  const says = words.startsWith(`${OF_CLUSTER.resource}/`) || isOfCluster({ resource: words })
  return targetOf(says ? OF_CLUSTER : OF_INSTANCE, words, place)
}

interface Attribute {
  AttributeName?: string | undefined
  AttributeValues?: string[] | undefined
}

function sharedWith(attributes: Attribute[] = []): Pick<Snapshot, 'sharedWith'> {
  const restore = attributes.find(({ AttributeName }) => AttributeName === 'restore')
  return restore === undefined ? {} : { sharedWith: restore.AttributeValues ?? [] }
}

const ofInstance = allOf({
  shares: read(
    rds,
    'DescribeDBSnapshotAttributes',
    (DBSnapshotIdentifier) => ({ DBSnapshotIdentifier }),
    ({ DBSnapshotAttributesResult: result }) => sharedWith(result?.DBSnapshotAttributes),
  ),
  itself: listed(
    rds,
    'DescribeDBSnapshots',
    'DBSnapshots',
    (DBSnapshotIdentifier) => ({ DBSnapshotIdentifier }),
    ([found]) => found,
  ),
})

const ofCluster = allOf({
  shares: read(
    rds,
    'DescribeDBClusterSnapshotAttributes',
    (DBClusterSnapshotIdentifier) => ({ DBClusterSnapshotIdentifier }),
    ({ DBClusterSnapshotAttributesResult: result }) => sharedWith(result?.DBClusterSnapshotAttributes),
  ),
  itself: listed(
    rds,
    'DescribeDBClusterSnapshots',
    'DBClusterSnapshots',
    (DBClusterSnapshotIdentifier) => ({ DBClusterSnapshotIdentifier }),
    ([found]) => found,
  ),
})

export const snapshot: Looking<Snapshot> = {
  calls: [...ofInstance.calls, ...ofCluster.calls],
  async at(aws, target, asked) {
    const seen = await (isOfCluster(target) ? ofCluster : ofInstance).at(aws, target, asked)
    if (seen === undefined) return undefined
    const { SnapshotType: type = '', TagList } = seen.itself
    return { ...seen.shares, type, tags: tagsIn(TagList) }
  },
}

/**
 * Reads that know a resource, on both kinds of them. A list of all is asked for by the instances and clusters that the
 * snapshots are of, too.
 */
export const SNAPSHOT_READS_ON = {
  'rds:DescribeDBSnapshotAttributes': [OF_INSTANCE.arn],
  'rds:DescribeDBSnapshots': [OF_INSTANCE.arn, 'arn:{partition}:rds:{region}:{account}:db:{id}'],
  'rds:DescribeDBClusterSnapshotAttributes': [OF_CLUSTER.arn],
  'rds:DescribeDBClusterSnapshots': [OF_CLUSTER.arn, 'arn:{partition}:rds:{region}:{account}:cluster:{id}'],
}

/** Those of this name: of an instance, of a cluster, or both; that of an instance where there is none. */
export async function eitherCalled(name: string, place: ArnPlace, aws: Reader): Promise<Target[]> {
  const both = [OF_INSTANCE, OF_CLUSTER].map((each) => targetOf(each, name, place))
  if (both.some(({ notUnderstood }) => notUnderstood !== undefined)) return [named(name, place)]
  const seen = await Promise.all(both.map((target) => snapshot.at(aws, target)))
  const there = both.filter((_, at) => seen[at] !== undefined)
  return there.length > 0 ? there : both.slice(0, 1)
}

/** Looks at the shares of so many side by side. */
const AT_ONCE = 8

/** The account's snapshots that are shared with everybody, by their own attribute. Encrypted ones cannot be. */
export async function publicSnapshots(place: ArnPlace, aws: Reader): Promise<Target[]> {
  const byHand = { SnapshotType: 'manual' }
  const [instances, clusters] = await Promise.all([
    aws.list('rds', 'DescribeDBSnapshots', byHand, 'DBSnapshots'),
    aws.list('rds', 'DescribeDBClusterSnapshots', byHand, 'DBClusterSnapshots'),
  ])
  const open = [
    ...instances.filter(({ Encrypted }) => !Encrypted).map(({ DBSnapshotArn: arn = '' }) => arn),
    ...clusters
      .filter(({ StorageEncrypted }) => !StorageEncrypted)
      .map(({ DBClusterSnapshotArn: arn = '' }) => arn),
  ]
  const limit = pLimit(AT_ONCE)
  const looked = await Promise.all(
    open.map((arn) =>
      limit(async () => {
        const target = named(arn, place)
        const seen = await snapshot.at(aws, target)
        return seen?.sharedWith?.includes('all') ? [target] : []
      }),
    ),
  )
  return looked.flat()
}
