import type { LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { ApiCall } from '../../src/playbook/api.ts'
import { call } from '../../src/playbook/api.ts'
import type { Form, Run } from '../../src/playbook/resource/form.ts'
import type { IdForm } from '../../src/playbook/resource/resource-form.ts'
import { allOf, listed, onAll, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { elb } from '../services.ts'

/** `50dc6c495c0c9188`: what AWS adds to names. */
export const SUFFIX: Run = { letters: /[0-9a-f]/, least: 16, most: 17 }
export const BALANCER_ID: Form = [
  { letters: /[a-z]/, least: 3, most: 3 },
  '/',
  { letters: /[a-zA-Z0-9-]/, least: 1, most: 32 },
  '/',
  SUFFIX,
]

/** `app/web/50dc6c495c0c9188`: the end of the ARN, by which alone a load balancer is told from one of the same name. */
const ids: IdForm = {
  understood: /^(?:app|net|gwy)\/[a-zA-Z0-9-]{1,32}\/[0-9a-f]{16,17}$/,
  // They begin with no text of their own for whoever writes a pattern: what she has in mind is the name.
  forms: [BALANCER_ID],
  examples: ['app/my-load-balancer/50dc6c495c0c9188'],
}

/** How load balancers of the second generation are named; a classic one has a name only. */
export const BALANCER = {
  resource: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  ids,
  arn: 'arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{id}',
  nameOf: "the load balancer's name",
  tagsOf: 'the load balancer',
}

export interface SeenBalancer {
  own: LoadBalancer
  /** Its attributes by key. One that is not there is not known: each type has others. */
  attributes: Record<string, string>
}

const byArn = (_id: string, { resource }: { resource: string }) => ({ LoadBalancerArns: [resource] })

/** A load balancer and its attributes. Actions that only describe know no resource. */
export const balancer = allOf({
  own: listed(elb, 'DescribeLoadBalancers', 'LoadBalancers', byArn, ([found]) => found),
  attributes: onAll(
    read(
      elb,
      'DescribeLoadBalancerAttributes',
      (_id, { resource }) => ({ LoadBalancerArn: resource }),
      ({ Attributes = [] }) => Object.fromEntries(Attributes.map(({ Key = '', Value = '' }) => [Key, Value])),
    ),
  ),
})

export const balancerTags = onAll(
  read(
    elb,
    'DescribeTags',
    (_id, { resource }) => ({ ResourceArns: [resource] }),
    ({ TagDescriptions }) => tagsIn(TagDescriptions?.[0]?.Tags),
  ),
)

export const vpcOfBalancer = ({ own }: SeenBalancer): string | undefined => own.VpcId
export const nameOfBalancer = ({ own }: SeenBalancer): string | undefined => own.LoadBalancerName

/** Sets attributes; those that are not named stay. */
export function setAttributes(LoadBalancerArn: string, values: Record<string, string>): ApiCall {
  const Attributes = Object.entries(values).map(([Key, Value]) => ({ Key, Value }))
  return call('elb', 'ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes })
}

/** What a setting is that switches one attribute on: `defineSetting({ ...switchedOn(KEY), … })`. */
export const switchedOn = (key: string) => ({
  look: balancer,
  tags: balancerTags,
  name: nameOfBalancer,
  vpc: vpcOfBalancer,
  // What AWS does not say is not known.
  values({ attributes }: SeenBalancer): Record<string, string> | null {
    const value = attributes[key]
    return value === undefined ? null : { [key]: value }
  },
  should: { [key]: 'true' },
  set: (_id: string, values: Record<string, string>, { resource }: { resource: string }) =>
    setAttributes(resource, values),
  property: 'LoadBalancerAttributes',
})
