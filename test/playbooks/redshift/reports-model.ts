import type { Fields, Handlers } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, type Wire } from '../setting-table.ts'

/**
 * The cluster `reports`.
 * @param shown the fields in which Redshift shows what is set of it
 */
export function reportsCluster(cluster: LiveResource, shown: () => Fields): Handlers {
  const there = (operation: string, id: unknown): void => {
    if (!cluster.isThere || id !== 'reports') throw absent(`redshift:${operation}`, 'ClusterNotFound')
  }
  return {
    DescribeClusters: ({ ClusterIdentifier }) => {
      there('DescribeClusters', ClusterIdentifier)
      return { Clusters: [{ ClusterIdentifier, Tags: cluster.tags, ...shown(), ...cluster.more }] }
    },
    ModifyCluster: ({ ClusterIdentifier, ...values }) => {
      there('ModifyCluster', ClusterIdentifier)
      cluster.values = values
      return {}
    },
  }
}

/** A cluster over the wire, and how it shows. */
export async function plantCluster(
  { send }: Wire,
  ClusterIdentifier: string,
  more: { PubliclyAccessible?: boolean; AllowVersionUpgrade?: boolean },
) {
  await send('redshift', 'CreateCluster', {
    ClusterIdentifier,
    NodeType: 'ra3.large',
    MasterUsername: 'admin1',
    MasterUserPassword: 'Not-a-secret-1',
    ...more,
  })
  return async () => (await send('redshift', 'DescribeClusters', { ClusterIdentifier })).Clusters![0]!
}
