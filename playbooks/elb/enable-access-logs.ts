import * as z from 'zod/mini'
import { commaSeparated } from '../../src/playbook/comma-separated.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { notApplicable } from '../../src/playbook/playbook.ts'
import { partsOf } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import {
  BALANCER,
  balancer,
  balancerTags,
  nameOfBalancer,
  type SeenBalancer,
  setAttributes,
  vpcOfBalancer,
} from './load-balancers.ts'

const ENABLED = 'access_logs.s3.enabled'
const BUCKET = 'access_logs.s3.bucket'
const PREFIX = 'access_logs.s3.prefix'

const parameters = z.strictObject({
  bucket: z
    ._default(z.nullable(z.string().check(z.minLength(3))), null)
    .check(
      z.describe(
        'the bucket to write to, which must be in the region of the load balancer and let Elastic Load Balancing write; {region} and {account} in its name are those of the load balancer',
      ),
    ),
  prefix: z
    ._default(z.string(), '')
    .check(
      z.describe(
        'what the names of the log files begin with, without AWSLogs and without a slash at its end',
      ),
    ),
})

/** Lets a load balancer write its access logs to a bucket that the policy names. */
export const enableAccessLogs = defineSetting({
  id: 'elb-enable-access-logs',
  title: 'Write the access logs of a load balancer',
  about: {
    risk: 'Without access logs nobody can say afterwards who asked for what, from where, and how it was answered: neither an attack nor an outage can be looked into.',
    breaks:
      'Nothing: logs are written beside the traffic, and the bucket is paid for. Before it takes the setting AWS tries to write there, and refuses a bucket of another region or one whose policy does not let it.',
  },
  implements: ['elb-logging'],
  ...BALANCER,
  parameters,
  answers: [config('ELB_LOGGING_ENABLED'), securityHub('ELB.5'), prowler('elbv2_logging_enabled')],
  ruleParameters: ['ELB_LOGGING_ENABLED'],
  suggestedMode: 'auto',
  look: balancer,
  tags: balancerTags,
  name: nameOfBalancer,
  vpc: vpcOfBalancer,
  values: live,
  should(given, seen) {
    const now = live(seen)
    if (now?.[ENABLED] === 'true') return now
    if (given.bucket === null) return notApplicable(NO_BUCKET)
    return { [ENABLED]: 'true', [BUCKET]: filledBucket(given.bucket, seen), [PREFIX]: given.prefix }
  },
  set: (_id, values, { resource }) => setAttributes(resource, values),
  changes: [{ action: 'elasticloadbalancing:ModifyLoadBalancerAttributes', resource: BALANCER.arn }],
  unless: ({ own: { Type } }) =>
    Type === 'gateway' ? 'a Gateway Load Balancer writes no access logs' : undefined,
  unproven: (seen, { findings, parameters }) => {
    const allowed = findings.flatMap(({ evidence }) => commaSeparated(evidence.ruleParameters?.s3BucketNames))
    const bucket = live(seen)?.[BUCKET] ?? (parameters.bucket && filledBucket(parameters.bucket, seen))
    return allowed.length > 0 && !allowed.includes(bucket ?? '')
      ? `the rule asks for logs in one of the buckets ${allowed.join(', ')}, and they go to ${bucket}`
      : undefined
  },
  property: 'LoadBalancerAttributes',
  effect:
    'access logs are written to the bucket every five minutes, and kept there until somebody deletes them',
  warnings: ({ own: { Type } }) => [
    'an undo switches the logs off and leaves the name of the bucket in its attribute, where it has no effect',
    ...(Type === 'network' ? ['a Network Load Balancer logs connections of its TLS listeners only'] : []),
  ],
})

/** The bucket of the policy, for the place of the load balancer. */
function filledBucket(name: string, { own }: SeenBalancer): string {
  const { region, account } = partsOf(own.LoadBalancerArn ?? '')
  return name.replaceAll('{region}', region).replaceAll('{account}', account)
}

/** Where logs are off it is of no effect which bucket is named. */
function live({ attributes }: SeenBalancer): Record<string, string> | null {
  const enabled = attributes[ENABLED]
  if (enabled === undefined) return null
  const { [BUCKET]: bucket = '', [PREFIX]: prefix = '' } = attributes
  return enabled === 'true'
    ? { [ENABLED]: enabled, [BUCKET]: bucket, [PREFIX]: prefix }
    : { [ENABLED]: enabled }
}

const NO_BUCKET =
  'no bucket is known to write to: say it in the policy, for this playbook, as parameters: { bucket: NAME-{region} }'
