import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    elb: typeof import('@aws-sdk/client-elastic-load-balancing-v2')
  }
}

/** Application, Network and Gateway Load Balancers. Classic ones have an API of their own. */
export const elb = defineService({
  id: 'elb',
  client: '@aws-sdk/client-elastic-load-balancing-v2',
  load: () => import('./client.ts'),
  iamPrefix: 'elasticloadbalancing',
  errors: { gone: ['ListenerNotFound', 'LoadBalancerNotFound'] },
  pages: { DescribeLoadBalancers: { field: 'PageSize', size: 400, without: 'LoadBalancerArns' } },
  pageToken: { answer: 'NextMarker', request: 'Marker' },
})
