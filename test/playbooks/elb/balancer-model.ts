import type { Fields, Handlers } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, type Planted, type Wire } from '../setting-table.ts'

export const ID = 'app/web/50dc6c495c0c9188'
const ARN = `arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/${ID}`
/** One that is nowhere, in the region of the sandbox. */
export const NO_BALANCER = ARN.replace('eu-west-1', 'us-east-1')

/** AWS's answers about the load balancer, its attributes being the values. */
export function balancerOfAws(balancer: LiveResource): Record<string, Handlers> {
  const there = (action: string, arn: unknown) => {
    if (!balancer.isThere || arn !== ARN) throw absent(action, 'LoadBalancerNotFound')
  }
  const { Type = 'application' } = balancer.more
  return {
    elb: {
      DescribeLoadBalancers: ({ LoadBalancerArns }) => {
        there('elasticloadbalancing:DescribeLoadBalancers', (LoadBalancerArns as string[])[0])
        return { LoadBalancers: [{ LoadBalancerArn: ARN, LoadBalancerName: 'web', Type }] }
      },
      DescribeLoadBalancerAttributes: ({ LoadBalancerArn }) => {
        there('elasticloadbalancing:DescribeLoadBalancerAttributes', LoadBalancerArn)
        const Attributes = Object.entries(balancer.values ?? {}).map(([Key, Value]) => ({ Key, Value }))
        return { Attributes }
      },
      DescribeTags: ({ ResourceArns }) => ({
        TagDescriptions: [{ ResourceArn: (ResourceArns as string[])[0], Tags: balancer.tags }],
      }),
      ModifyLoadBalancerAttributes: ({ LoadBalancerArn, Attributes }) => {
        there('elasticloadbalancing:ModifyLoadBalancerAttributes', LoadBalancerArn)
        const changed = (Attributes as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value])
        balancer.values = { ...balancer.values, ...Object.fromEntries(changed) }
        return {}
      },
    },
  }
}

/** A new load balancer on the emulator, which knows an attribute only once it has been set. */
export async function plantBalancer(
  { send }: Wire,
  Name: string,
  attributes: Record<string, string>,
  told: Omit<Planted, 'id' | 'live'>,
): Promise<Planted> {
  const { Subnets } = await send('ec2', 'DescribeSubnets', {})
  const { LoadBalancers } = await send('elb', 'CreateLoadBalancer', {
    Name,
    Subnets: Subnets!.slice(0, 2).map(({ SubnetId }) => SubnetId!),
  })
  const LoadBalancerArn = LoadBalancers![0]!.LoadBalancerArn!
  const Attributes = Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }))
  await send('elb', 'ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes })
  const live = async (): Promise<Fields> => {
    const { Attributes: all } = await send('elb', 'DescribeLoadBalancerAttributes', { LoadBalancerArn })
    const own = all!.filter(({ Key = '' }) => Key in attributes)
    return Object.fromEntries(own.map(({ Key, Value }) => [Key, Value]))
  }
  return { id: LoadBalancerArn, live, ...told }
}
