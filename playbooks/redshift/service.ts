import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    redshift: typeof import('@aws-sdk/client-redshift')
  }
}

/** Redshift. Its codes are those of the API, without the `Fault` at the end of the SDK's names. */
export const redshift = defineService({
  id: 'redshift',
  load: () => import('./client.ts'),
  errors: {
    denied: ['AccessToClusterDenied', 'UnauthorizedOperation'],
    gone: ['ClusterNotFound'],
    conflict: ['InvalidClusterState'],
  },
  pages: { DescribeClusters: { field: 'MaxRecords', size: 100, without: 'ClusterIdentifier' } },
  pageToken: 'Marker',
})
