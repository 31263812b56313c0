import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    cloudwatch: typeof import('@aws-sdk/client-cloudwatch')
  }
}

/** CloudWatch: asked whether something is still used before it is switched off. */
export const cloudwatch = defineService({
  id: 'cloudwatch',
  load: () => import('./client.ts'),
  errors: { gone: ['ResourceNotFoundException'] },
})
