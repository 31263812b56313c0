import type { Action, Listener, Rule } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Reader } from '../../src/playbook/playbook.ts'
import type { IdForm } from '../../src/playbook/resource/resource-form.ts'
import { type Looking, listed } from '../../src/playbook/setting/looks.ts'
import { ec2, elb } from '../services.ts'
import { BALANCER_ID, SUFFIX } from './load-balancers.ts'

/** `app/web/50dc6c495c0c9188/f2f7dc8efc522ab2`: the end of the ARN, the load balancer's and its own. */
const ids: IdForm = {
  understood: /^(?:app|net|gwy)\/[a-zA-Z0-9-]{1,32}\/[0-9a-f]{16,17}\/[0-9a-f]{16,17}$/,
  forms: [[...BALANCER_ID, '/', SUFFIX]],
  examples: ['app/my-load-balancer/50dc6c495c0c9188/f2f7dc8efc522ab2'],
}

export const LISTENER = {
  resource: 'AWS::ElasticLoadBalancingV2::Listener',
  ids,
  arn: 'arn:{partition}:elasticloadbalancing:{region}:{account}:listener/{id}',
}

/** The ARN of the load balancer to which a listener belongs. */
export const balancerOf = (listenerArn: string): string =>
  listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/[^/]+$/, '')

export interface SeenListener {
  own: Listener
  /** All listeners of its load balancer. */
  all: Listener[]
  /** Its rules beside the default one. */
  rules: Rule[]
  /** Of its load balancer. */
  vpc: string | undefined
  /** Whom the security groups of the load balancer let in; undefined where it has none. */
  admitted?: { protocol: string; from: number; to: number }[]
}

const listeners = listed(
  elb,
  'DescribeListeners',
  'Listeners',
  (_id, { resource }) => ({ LoadBalancerArn: balancerOf(resource) }),
  (all, _id, { resource }) => {
    const own = all.find(({ ListenerArn }) => ListenerArn === resource)
    return own && { own, all }
  },
)
const rules = listed(
  elb,
  'DescribeRules',
  'Rules',
  (_id, { resource }) => ({ ListenerArn: resource }),
  (all) => all.filter(({ IsDefault }) => !IsDefault),
)
const ofBalancer = listed(
  elb,
  'DescribeLoadBalancers',
  'LoadBalancers',
  (_id, { resource }) => ({ LoadBalancerArns: [balancerOf(resource)] }),
  ([balancer]) => balancer && { worn: balancer.SecurityGroups ?? [], vpc: balancer.VpcId },
)
const GROUP_RULES = { service: ec2, action: 'ec2:DescribeSecurityGroupRules', ofOne: false, isOptional: true }

/** A listener, its neighbours, its rules, and whom its load balancer lets in. */
export const listener: Looking<SeenListener> = {
  calls: [...listeners.calls, ...rules.calls, ...ofBalancer.calls, GROUP_RULES],
  async at(aws, target) {
    const [seen, own, balancer] = await Promise.all([
      listeners.at(aws, target),
      rules.at(aws, target),
      ofBalancer.at(aws, target),
    ])
    if (!seen || !own || !balancer) return undefined
    const { worn, vpc } = balancer
    const admitted = worn.length === 0 ? undefined : await admittedBy(aws, worn)
    return { ...seen, rules: own, vpc, ...(admitted && { admitted }) }
  },
}

async function admittedBy(aws: Reader, groupIds: string[]): Promise<SeenListener['admitted']> {
  const Filters = [{ Name: 'group-id', Values: groupIds }]
  const answer = await aws.optional('ec2', 'DescribeSecurityGroupRules', { Filters })
  return answer?.SecurityGroupRules?.filter(({ IsEgress }) => !IsEgress).map(
    ({ IpProtocol = '-1', FromPort = -1, ToPort = -1 }) => ({
      protocol: IpProtocol,
      from: FromPort,
      to: ToPort,
    }),
  )
}

/** Whether what is asked by HTTP is sent on to HTTPS. */
export const isToHttps = (actions: readonly Action[] = []): boolean =>
  actions.length > 0 && actions.at(-1)?.RedirectConfig?.Protocol === 'HTTPS'
