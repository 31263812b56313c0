import type { Cluster } from '@aws-sdk/client-redshift'
import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { followedBy } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { outsideCut } from '../ec2/cuts/outside-cut.ts'
import { outsideCautions, outsideSources } from '../ec2/ingress/outside-sources.ts'
import { cluster, clusters } from './clusters.ts'

/** A cluster, and who may connect to it from outside. */
const withOutside = followedBy(cluster, (seen) =>
  outsideSources(() => (seen().VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => id ?? [])),
)

type Reach = { PubliclyAccessible: boolean; ElasticIp?: string }

/** Takes a cluster off the internet. An undo brings back its Elastic IP, too, where it had one. */
export const makeClusterPrivate = defineSetting({
  id: 'redshift-make-private',
  title: 'Make a Redshift cluster private',
  about: {
    risk: 'The cluster has a public address: whoever its security groups let in, today or after the next mistake in them, tries its passwords.',
    breaks:
      'Connections are interrupted for a moment, and whoever connects from outside the VPC is cut off. The plan names the public ranges that its security groups let in; where there are any, where they cannot be read, and where COPY and UNLOAD go through the VPC, a person is asked.',
  },
  implements: ['redshift-public'],
  ...clusters,
  property: 'PubliclyAccessible',
  answers: [
    config('REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK'),
    securityHub('Redshift.1'),
    prowler('redshift_cluster_public_access'),
  ],
  suggestedMode: 'approve',
  look: withOutside,
  tags: ([{ Tags }]) => tagsIn(Tags),
  vpc: ([{ VpcId }]) => VpcId,
  values: ([seen]) => reachOf(seen),
  should: { PubliclyAccessible: false },
  set: (ClusterIdentifier, values) => call('redshift', 'ModifyCluster', { ClusterIdentifier, ...values }),
  pending: ([{ PendingModifiedValues: waiting }]) =>
    waiting?.PubliclyAccessible === undefined
      ? undefined
      : 'Redshift has taken it, and is still giving the cluster another address',
  late: 'Redshift takes some minutes to give a cluster another address',
  cuts: ([seen]) =>
    outsideCut({
      groups: (seen.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
      port: seen.Endpoint?.Port,
      requester: 'amazon-redshift',
      described: 'RedshiftNetworkInterface',
      what: 'the cluster',
    }),
  effect: 'whoever connects from outside the VPC is cut off; everybody is for a moment',
  warnings: ([seen]) =>
    reachOf(seen)?.ElasticIp === undefined
      ? ['an undo gives the cluster another public address: it has no Elastic IP that could be given back']
      : [],
  cautions: ([{ EnhancedVpcRouting }, sources]) => [
    ...outsideCautions(sources),
    ...(EnhancedVpcRouting
      ? ['COPY and UNLOAD go through the VPC: without a NAT gateway or an endpoint of S3 they stop']
      : []),
  ],
})

function reachOf({ ElasticIpStatus, PendingModifiedValues, ...live }: Cluster): Reach | null {
  const { PubliclyAccessible = live.PubliclyAccessible } = PendingModifiedValues ?? {}
  if (PubliclyAccessible === undefined) return null
  const ElasticIp = ElasticIpStatus?.ElasticIp
  return { PubliclyAccessible, ...(PubliclyAccessible && ElasticIp ? { ElasticIp } : {}) }
}
