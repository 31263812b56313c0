import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    sns: typeof import('@aws-sdk/client-sns')
  }
}

/** SNS. Its codes are those of the API, without the `Exception` at the end of the SDK's names. */
export const sns = defineService({
  id: 'sns',
  load: () => import('./client.ts'),
  errors: {
    denied: ['AuthorizationError', 'AuthorizationErrorException'],
    gone: ['NotFound', 'NotFoundException'],
    conflict: ['ConcurrentAccess', 'ConcurrentAccessException'],
    throttled: ['Throttled', 'ThrottledException'],
  },
})
