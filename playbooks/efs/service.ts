import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    efs: typeof import('@aws-sdk/client-efs')
  }
}

/** EFS. */
export const efs = defineService({
  id: 'efs',
  load: () => import('./client.ts'),
  iamPrefix: 'elasticfilesystem',
  errors: { gone: ['FileSystemNotFound'], conflict: ['IncorrectFileSystemLifeCycleState'] },
})
