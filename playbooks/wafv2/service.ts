import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    wafv2: typeof import('@aws-sdk/client-wafv2')
  }
}

/** WAF. */
export const wafv2 = defineService({
  id: 'wafv2',
  client: '@aws-sdk/client-wafv2',
  load: () => import('./client.ts'),
  errors: {
    gone: ['WAFNonexistentItemException'],
    conflict: ['WAFAssociatedItemException', 'WAFOptimisticLockException'],
    retryable: ['WAFInternalErrorException', 'WAFUnavailableEntityException'],
  },
  pages: {
    ListIPSets: { field: 'Limit', size: 100 },
    ListWebACLs: { field: 'Limit', size: 100 },
  },
  pageToken: { answer: 'NextMarker', request: 'NextMarker' },
})
