import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    dms: typeof import('@aws-sdk/client-database-migration-service')
  }
}

/** Database Migration Service. */
export const dms = defineService({
  id: 'dms',
  client: '@aws-sdk/client-database-migration-service',
  load: () => import('./client.ts'),
  errors: { gone: ['ResourceNotFoundFault'], conflict: ['InvalidResourceStateFault'] },
  pages: {
    DescribeReplicationInstances: { field: 'MaxRecords', size: 100 },
    DescribeReplicationTasks: { field: 'MaxRecords', size: 100 },
  },
  pageToken: 'Marker',
})
