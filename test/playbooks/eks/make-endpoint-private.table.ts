import { makeEndpointPrivate } from '../../../playbooks/eks/make-endpoint-private.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const open = { endpointPublicAccess: true, endpointPrivateAccess: false }
const closed = { endpointPublicAccess: false, endpointPrivateAccess: true }
const CAUTION = 'who comes by the public endpoint now, no API says'
const world = { publicAccessCidrs: ['0.0.0.0/0'] }

function there({ isThere }: LiveResource, action: string): void {
  if (!isThere) throw absent(action, 'ResourceNotFoundException')
}

export const table: SettingTable = {
  playbook: makeEndpointPrivate,
  finding: { type: 'EKS_ENDPOINT_NO_PUBLIC_ACCESS', id: 'production' },
  id: 'production',
  should: closed,
  other: open,
  rows: [
    { live: open, more: world, caution: CAUTION, leads: 'set' },
    { live: { ...open, endpointPrivateAccess: true }, more: world, caution: CAUTION, leads: 'set' },
    { live: closed, leads: { outcome: 'alreadyCompliant', reason: 'endpointPublicAccess: false' } },
    {
      live: closed,
      more: { status: 'UPDATING' },
      leads: { outcome: 'unverified', reason: 'the cluster is being updated' },
    },
    {
      live: open,
      more: { publicAccessCidrs: ['198.51.100.0/24'] },
      leads: { outcome: 'notApplicable', reason: 'only 198.51.100.0/24 may reach it from outside' },
    },
    {
      live: open,
      more: { ...world, status: 'DELETING' },
      leads: { outcome: 'notApplicable', reason: 'the cluster is DELETING' },
    },
    { live: {}, leads: { outcome: 'failed', reason: 'AWS does not say who reaches the API server' } },
  ],
  change: 'eks:UpdateClusterConfig',
  wire: {
    async plant(aws) {
      const name = 'open-production'
      await aws.send('eks', 'CreateCluster', {
        name,
        roleArn: `arn:aws:iam::${aws.account}:role/cluster`,
        resourcesVpcConfig: open,
      })
      const live = async () => {
        const { cluster } = await aws.send('eks', 'DescribeCluster', { name })
        const { endpointPublicAccess, endpointPrivateAccess } = cluster?.resourcesVpcConfig ?? {}
        return { endpointPublicAccess, endpointPrivateAccess }
      }
      return { id: name, live, should: closed }
    },
    missing: 'no-such-cluster',
  },
  aws: (cluster) => ({
    eks: {
      DescribeCluster: () => {
        there(cluster, 'eks:DescribeCluster')
        const { status = 'ACTIVE', ...more } = cluster.more
        const tags = Object.fromEntries(cluster.tags.map(({ Key, Value }) => [Key, Value]))
        return {
          cluster: { name: 'production', status, tags, resourcesVpcConfig: { ...cluster.values, ...more } },
        }
      },
      UpdateClusterConfig: ({ resourcesVpcConfig }) => {
        there(cluster, 'eks:UpdateClusterConfig')
        cluster.values = resourcesVpcConfig as Fields
        return { update: { id: '1', status: 'InProgress' } }
      },
    },
  }),
}
