import { expect, test } from '@jest/globals'
import { redirectToHttps } from '../../../playbooks/elb/redirect-to-https.ts'
import type { FindingResource } from '../../../src/findings/finding.ts'
import { fakeReader, notFound } from '../../support/reader.ts'
import { sampleFinding } from '../../support/sample-finding.ts'

const HERE = { account: '123456789012', region: 'eu-west-1' }
const arn = (rest: string) => `arn:aws:elasticloadbalancing:eu-west-1:123456789012:${rest}`
const balancer = (name: string) => arn(`loadbalancer/app/${name}/50dc6c495c0c9188`)
const listener = (name: string, last: string) =>
  arn(`listener/app/${name}/50dc6c495c0c9188/f2f7dc8efc522ab${last}`)
const TO_HTTPS = [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }]

/** An account with a load balancer that answers at 80 and 8080, and one that redirects. */
function account() {
  const listeners: Record<string, object[]> = {
    [balancer('web')]: [
      { ListenerArn: listener('web', '1'), Protocol: 'HTTP', Port: 80 },
      { ListenerArn: listener('web', '2'), Protocol: 'HTTP', Port: 8080 },
      { ListenerArn: listener('web', '3'), Protocol: 'HTTPS', Port: 443 },
    ],
    [balancer('good')]: [
      { ListenerArn: listener('good', '4'), Protocol: 'HTTP', Port: 80, DefaultActions: TO_HTTPS },
    ],
  }
  return fakeReader({
    'elb:DescribeLoadBalancers': () => ({
      LoadBalancers: [
        ...Object.keys(listeners).map((LoadBalancerArn) => ({ LoadBalancerArn, Type: 'application' })),
        { LoadBalancerArn: arn('loadbalancer/net/tcp/50dc6c495c0c9188'), Type: 'network' },
      ],
    }),
    'elb:DescribeListeners': ({ LoadBalancerArn }: { LoadBalancerArn: string }) => {
      const Listeners = listeners[LoadBalancerArn]
      if (!Listeners) throw notFound('elasticloadbalancing:DescribeListeners', 'LoadBalancerNotFound')
      return { Listeners }
    },
  })
}

async function meant(resource: FindingResource) {
  const finding = sampleFinding({ source: 'securityhub', type: 'ELB.1', ...HERE, resources: [resource] })
  return redirectToHttps.targets(finding, {}, account(), { addresses: [] })
}
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer'

test('a finding about a load balancer is about each of its listeners that speak HTTP', async () => {
  expect(await meant({ type: BALANCER, id: balancer('web') })).toMatchObject([
    { resource: listener('web', '1') },
    { resource: listener('web', '2') },
  ])
  expect(await meant({ type: BALANCER, id: balancer('good') })).toMatchObject([
    { resource: listener('good', '4') },
  ])
})

test('one about the account is about those that do not redirect yet', async () => {
  expect(await meant({ type: 'AWS::::Account', id: HERE.account })).toMatchObject([
    { resource: listener('web', '1') },
    { resource: listener('web', '2') },
  ])
})

test('one about a listener is about that one', async () => {
  const id = listener('web', '2')
  expect(await meant({ type: 'AWS::ElasticLoadBalancingV2::Listener', id })).toMatchObject([{ resource: id }])
})

test('one that is gone has no listener, and a classic one is not understood', async () => {
  expect(await meant({ type: BALANCER, id: balancer('gone') })).toMatchObject({ kind: 'notApplicable' })
  expect(await meant({ type: BALANCER, id: 'classic' })).toMatchObject([
    { notUnderstood: expect.any(String) },
  ])
})
