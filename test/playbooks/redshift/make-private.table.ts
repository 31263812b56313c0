import { makeClusterPrivate } from '../../../playbooks/redshift/make-private.ts'
import { letsIn } from '../ec2/group-rules.ts'
import { absent, type SettingTable } from '../setting-table.ts'

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
      live: isPublic(false),
      // Redshift goes on showing the address that the cluster had.
      more: { ElasticIpStatus: { ElasticIp: '198.51.100.7', Status: 'inactive' } },
      leads: { outcome: 'alreadyCompliant', reason: 'PubliclyAccessible: false already' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say PubliclyAccessible of reports' } },
  ],
  change: 'redshift:ModifyCluster',
  wire: {
    async plant({ send }) {
      const ClusterIdentifier = 'public-reports'
      await send('redshift', 'CreateCluster', {
        ClusterIdentifier,
        NodeType: 'ra3.large',
        MasterUsername: 'admin1',
        MasterUserPassword: 'Not-a-secret-1',
        PubliclyAccessible: true,
      })
      const live = async () => {
        const { Clusters } = await send('redshift', 'DescribeClusters', { ClusterIdentifier })
        return Clusters![0]!.PubliclyAccessible
      }
      return { id: ClusterIdentifier, live, should: false }
    },
    missing: 'no-such-cluster',
  },
  aws: (cluster) => ({
    redshift: {
      DescribeClusters: ({ ClusterIdentifier }) => {
        if (!cluster.isThere || ClusterIdentifier !== 'reports')
          throw absent('redshift:DescribeClusters', 'ClusterNotFound')
        const { ElasticIp, ...values } = cluster.values ?? {}
        const address = ElasticIp === undefined ? {} : { ElasticIpStatus: { ElasticIp, Status: 'active' } }
        return {
          Clusters: [{ ClusterIdentifier, Tags: cluster.tags, ...values, ...address, ...cluster.more }],
        }
      },
      ModifyCluster: ({ ClusterIdentifier: _, ...values }) => {
        if (!cluster.isThere) throw absent('redshift:ModifyCluster', 'ClusterNotFound')
        cluster.values = values
        return {}
      },
    },
    ec2: letsIn(() => cluster.more.sources),
  }),
}
