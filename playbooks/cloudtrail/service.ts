import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    cloudtrail: typeof import('@aws-sdk/client-cloudtrail')
  }
}

/** CloudTrail. A trail is changed in its home region only; elsewhere its shadow is listed. */
export const cloudtrail = defineService({
  id: 'cloudtrail',
  load: () => import('./client.ts'),
  errors: { gone: ['TrailNotFoundException'], conflict: ['ConflictException'] },
})
