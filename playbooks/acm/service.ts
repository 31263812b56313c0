import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    acm: typeof import('@aws-sdk/client-acm')
  }
}

/** AWS Certificate Manager, in each region; CloudFront takes certificates of us-east-1. */
export const acm = defineService({
  id: 'acm',
  load: () => import('./client.ts'),
  errors: { gone: ['ResourceNotFoundException'] },
})
