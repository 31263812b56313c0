import { filterValues, type Handlers } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, onlyIf, type Wire } from '../setting-table.ts'

/** As AWS Config names it. */
export const CLUSTER_RESOURCE_ID = 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The cluster `shop`. */
export function shopCluster(cluster: LiveResource): Handlers {
  return {
    DescribeDBClusters: (input) => {
      const filters = ['db-cluster-id', 'db-cluster-resource-id']
      const asked = filterValues('rds:DescribeDBClusters', input, filters)
      const isAsked = ['shop', CLUSTER_RESOURCE_ID].some((id, at) => asked.get(filters[at]!)?.includes(id))
      const found = onlyIf(cluster, {
        DBClusterIdentifier: 'shop',
        DbClusterResourceId: CLUSTER_RESOURCE_ID,
        TagList: cluster.tags,
        ...cluster.values,
      })
      return { DBClusters: isAsked ? found : [] }
    },
    ModifyDBCluster: ({ DBClusterIdentifier, ...values }) => {
      if (!cluster.isThere || DBClusterIdentifier !== 'shop')
        throw absent('rds:ModifyDBCluster', 'DBClusterNotFoundFault')
      cluster.values = values
      return {}
    },
  }
}

/** A cluster over the wire, and how it shows. By its name: moto knows no filter for the other id. */
export async function plantDatabaseCluster({ send }: Wire, DBClusterIdentifier: string) {
  await send('rds', 'CreateDBCluster', {
    DBClusterIdentifier,
    Engine: 'aurora-postgresql',
    MasterUsername: 'admin1',
    MasterUserPassword: 'not-a-secret',
  })
  const shown = async () => {
    const { DBClusters } = await send('rds', 'DescribeDBClusters', { DBClusterIdentifier })
    return DBClusters![0]!
  }
  return { id: DBClusterIdentifier, shown }
}
