import { enableAccessLogs } from '../../../playbooks/elb/enable-access-logs.ts'
import type { SettingTable } from '../setting-table.ts'
import { balancerOfAws, ID, NO_BALANCER, plantBalancer } from './balancer-model.ts'

const off = { 'access_logs.s3.enabled': 'false' }
const on = (bucket: string) => ({
  'access_logs.s3.enabled': 'true',
  'access_logs.s3.bucket': bucket,
  'access_logs.s3.prefix': 'balancers',
})
const empty = { 'access_logs.s3.bucket': '', 'access_logs.s3.prefix': '' }
const ours = on('acme-logs-eu-west-1-123456789012')

export const table: SettingTable = {
  playbook: enableAccessLogs,
  finding: { type: 'ELB_LOGGING_ENABLED', id: ID },
  id: ID,
  parameters: { bucket: 'acme-logs-{region}-{account}', prefix: 'balancers' },
  should: ours,
  other: off,
  otherIsAsBefore: true,
  rows: [
    { live: { ...off, ...empty }, before: off, afterUndo: { ...ours, ...off }, leads: 'set' },
    // Whoever switched them off left the bucket.
    { live: { ...on('old'), ...off }, before: off, afterUndo: { ...ours, ...off }, leads: 'set' },
    {
      live: { ...off, ...empty },
      more: { Type: 'network' },
      before: off,
      afterUndo: { ...ours, ...off },
      leads: 'set',
    },
    {
      live: on('elsewhere'),
      leads: { outcome: 'alreadyCompliant', reason: 'access_logs.s3.bucket: elsewhere' },
    },
    ...['acme-logs-eu-west-1-123456789012', 'audit'].map((s3BucketNames) => ({
      live: { ...off, ...empty },
      finding: { evidence: { ruleParameters: { s3BucketNames } } },
      before: off,
      afterUndo: { ...ours, ...off },
      ...(s3BucketNames === 'audit' && { pends: 'the rule asks for logs in one of the buckets audit' }),
      leads: 'set' as const,
    })),
    {
      live: off,
      more: { Type: 'gateway' },
      leads: { outcome: 'notApplicable', reason: 'a Gateway Load Balancer writes no access logs' },
    },
    { live: {}, leads: { outcome: 'failed', reason: 'AWS does not say access_logs.s3.enabled' } },
  ],
  change: 'elasticloadbalancing:ModifyLoadBalancerAttributes',
  wire: {
    async plant(aws) {
      const bucket = `acme-logs-${aws.region}-${aws.account}`
      await aws.send('s3', 'CreateBucket', { Bucket: bucket })
      const should = on(bucket)
      return plantBalancer(
        aws,
        'unlogged',
        { ...off, ...empty },
        { should, afterUndo: { ...should, ...off } },
      )
    },
    missing: NO_BALANCER,
  },
  aws: balancerOfAws,
}
