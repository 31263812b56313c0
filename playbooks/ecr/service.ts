import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    ecr: typeof import('@aws-sdk/client-ecr')
  }
}

/** ECR, of private repositories. */
export const ecr = defineService({
  id: 'ecr',
  load: () => import('./client.ts'),
  pageToken: 'nextToken',
  errors: { gone: ['RepositoryNotFoundException', 'ImageNotFoundException'], retryable: ['ServerException'] },
})
