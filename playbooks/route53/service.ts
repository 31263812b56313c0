import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    route53: typeof import('@aws-sdk/client-route-53')
  }
}

/** Route 53. It is asked at one endpoint of its partition, whatever the region. */
export const route53 = defineService({
  id: 'route53',
  client: '@aws-sdk/client-route-53',
  load: () => import('./client.ts'),
  errors: { gone: ['NoSuchHostedZone'], conflict: ['PriorRequestNotComplete'] },
})
