import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    kms: typeof import('@aws-sdk/client-kms')
  }
}

/** KMS. A key that is disabled or pending deletion answers most calls with KMSInvalidStateException. */
export const kms = defineService({
  id: 'kms',
  load: () => import('./client.ts'),
  pageToken: { answer: 'NextMarker', request: 'Marker' },
  errors: {
    gone: ['NotFoundException'],
    conflict: ['KMSInvalidStateException'],
    retryable: ['DependencyTimeoutException', 'KMSInternalException'],
  },
})
