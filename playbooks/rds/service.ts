import { byFilter, idIn } from '../../src/playbook/service/joinable.ts'
import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    rds: typeof import('@aws-sdk/client-rds')
  }
}

const PAGE = { field: 'MaxRecords', size: 100 }

/** RDS. Its codes are those of the API, some of them without the `Fault` at the end of the SDK's names. */
export const rds = defineService({
  id: 'rds',
  load: () => import('./client.ts'),
  errors: {
    gone: [
      'DBInstanceNotFound',
      'DBSnapshotNotFound',
      'DBClusterNotFoundFault',
      'DBClusterSnapshotNotFoundFault',
    ],
    conflict: [
      'InvalidDBInstanceState',
      'InvalidDBSnapshotState',
      'InvalidDBClusterStateFault',
      'InvalidDBClusterSnapshotStateFault',
    ],
  },
  joinable: {
    // The reference gives no number of values; as many as a page has.
    DescribeDBInstances: {
      items: 'DBInstances',
      most: 100,
      ...byFilter('Name', 'db-instance-id'),
      idsOf: idIn('DBInstanceIdentifier'),
    },
    DescribeDBClusters: {
      items: 'DBClusters',
      most: 100,
      ...byFilter('Name', 'db-cluster-id'),
      idsOf: idIn('DBClusterIdentifier'),
    },
  },
  pages: {
    DescribeDBInstances: PAGE,
    DescribeDBClusters: PAGE,
    DescribeDBSnapshots: PAGE,
    DescribeDBClusterSnapshots: PAGE,
  },
  pageToken: 'Marker',
})
