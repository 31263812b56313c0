import { byFilter, idIn } from '../../src/playbook/service/joinable.ts'
import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    rds: typeof import('@aws-sdk/client-rds')
  }
}

/** RDS. Its codes are those of the API, without the `Fault` at the end of the SDK's names. */
export const rds = defineService({
  id: 'rds',
  client: '@aws-sdk/client-rds',
  load: () => import('./client.ts'),
  errors: { gone: ['DBInstanceNotFound'], conflict: ['InvalidDBInstanceState'] },
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
  pageToken: { answer: 'Marker', request: 'Marker' },
})
