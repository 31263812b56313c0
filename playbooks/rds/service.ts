import { byFilter, idIn } from '../../src/playbook/service/joinable.ts'
import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    rds: typeof import('@aws-sdk/client-rds')
  }
}

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
  },
  pages: { DescribeDBInstances: { field: 'MaxRecords', size: 100 } },
  pageToken: 'Marker',
})
