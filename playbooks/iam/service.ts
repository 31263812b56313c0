import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    iam: typeof import('@aws-sdk/client-iam')
  }
}

/** IAM. It is asked at one endpoint of its partition, whatever the region. */
export const iam = defineService({
  id: 'iam',
  load: () => import('./client.ts'),
  errors: {
    gone: ['NoSuchEntity', 'NoSuchEntityException'],
    conflict: ['ConcurrentModification', 'DeleteConflict', 'EntityTemporarilyUnmodifiable'],
  },
  pageToken: { answer: 'Marker', request: 'Marker' },
})
