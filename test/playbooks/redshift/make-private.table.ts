import { makeClusterPrivate } from '../../../playbooks/redshift/make-private.ts'
import { letsIn } from '../ec2/group-rules.ts'
import type { SettingTable } from '../setting-table.ts'
import { plantCluster, reportsCluster } from './reports-model.ts'

const isPublic = (PubliclyAccessible: boolean) => ({ PubliclyAccessible })
const GROUPS = { VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0a1b2c3d', Status: 'active' }] }

export const table: SettingTable = {
  playbook: makeClusterPrivate,
  finding: { type: 'REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK', id: 'reports' },
  id: 'reports',
  should: isPublic(false),
  other: isPublic(true),
  late: 'Redshift takes some minutes',
  optionalReads: ['ec2:DescribeSecurityGroupRules'],
  rows: [
    {
      live: isPublic(true),
      more: { ...GROUPS, sources: ['10.0.0.0/8'] },
      leads: 'set',
      warning: 'an undo gives the cluster another public address',
    },
    { live: { ...isPublic(true), ElasticIp: '198.51.100.7' }, leads: 'set' },
    {
      live: isPublic(true),
      more: { ...GROUPS, sources: ['0.0.0.0/0'] },
      leads: 'set',
      caution: 'whoever connects from 0.0.0.0/0 is cut off',
    },
    {
      live: isPublic(true),
      more: { EnhancedVpcRouting: true },
      leads: 'set',
      caution: 'COPY and UNLOAD go through the VPC',
    },
    {
      live: isPublic(true),
      more: { PendingModifiedValues: isPublic(false) },
      leads: { outcome: 'unverified', reason: 'is still giving the cluster another address' },
    },
    {
      live: isPublic(false),
      // Redshift goes on showing the address that the cluster had.
      more: { ElasticIpStatus: { ElasticIp: '198.51.100.7', Status: 'inactive' } },
      leads: { outcome: 'alreadyCompliant', reason: 'PubliclyAccessible: false already' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say PubliclyAccessible of reports' } },
  ],
  change: 'redshift:ModifyCluster',
  wire: {
    async plant(aws) {
      const id = 'public-reports'
      const shown = await plantCluster(aws, id, { PubliclyAccessible: true })
      return { id, live: async () => (await shown()).PubliclyAccessible, should: false }
    },
    missing: 'no-such-cluster',
  },
  aws: (cluster) => ({
    redshift: reportsCluster(cluster, () => {
      const { ElasticIp, ...values } = cluster.values ?? {}
      const address = ElasticIp === undefined ? {} : { ElasticIpStatus: { ElasticIp, Status: 'active' } }
      return { ...values, ...address }
    }),
    ec2: letsIn(() => cluster.more.sources),
  }),
}
