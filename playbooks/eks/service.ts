import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    eks: typeof import('@aws-sdk/client-eks')
  }
}

/** EKS. A cluster takes one update at a time. */
export const eks = defineService({
  id: 'eks',
  load: () => import('./client.ts'),
  errors: {
    gone: ['ResourceNotFoundException'],
    conflict: ['ResourceInUseException'],
    retryable: ['ServerException', 'ServiceUnavailableException'],
  },
})
