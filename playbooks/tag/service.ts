import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    tag: typeof import('@aws-sdk/client-resource-groups-tagging-api')
  }
}

/** The tagging API, which sets tags on resources of most services; it answers 200, and by resource what failed. */
export const tag = defineService({
  id: 'tag',
  client: '@aws-sdk/client-resource-groups-tagging-api',
  load: () => import('./client.ts'),
  errors: {
    conflict: ['ConcurrentModificationException'],
    retryable: ['InternalServiceException', 'PaginationTokenExpiredException'],
    throttled: ['ThrottledException'],
  },
  failuresIn: { TagResources: 'FailedResourcesMap', UntagResources: 'FailedResourcesMap' },
  pageToken: 'PaginationToken',
})
