import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    cloudfront: typeof import('@aws-sdk/client-cloudfront')
  }
}

/** CloudFront. It is asked at one endpoint of its partition, whatever the region. */
export const cloudfront = defineService({
  id: 'cloudfront',
  load: () => import('./client.ts'),
  errors: { gone: ['NoSuchDistribution', 'NoSuchResource'] },
})
