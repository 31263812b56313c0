import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    lambda: typeof import('@aws-sdk/client-lambda')
  }
}

/** Lambda. */
export const lambda = defineService({
  id: 'lambda',
  load: () => import('./client.ts'),
  iamActions: { Invoke: 'InvokeFunction' },
  errors: {
    conflict: ['PreconditionFailedException', 'ResourceConflictException'],
    retryable: ['ServiceException'],
  },
  pageToken: { answer: 'NextMarker', request: 'Marker' },
})
