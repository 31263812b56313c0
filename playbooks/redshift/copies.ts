import { call } from '../../src/playbook/api.ts'
import { defineCopies, making, picked } from '../../src/playbook/service/copies.ts'
import { groupStub } from '../ec2/copies/network.ts'

/** Nobody logs in to a copy. */
const PASSWORD = 'Copy-without-data-1'

/** Clusters without their data. */
export const warehouseCopies = defineCopies('redshift', {
  DescribeClusters: ({ answer }) =>
    (answer?.Clusters ?? []).map((cluster) => {
      const { ClusterIdentifier, NumberOfNodes = 1, VpcSecurityGroups = [], Tags = [] } = cluster
      const groups = VpcSecurityGroups.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? [])
      return making(
        call('redshift', 'CreateCluster', {
          ClusterIdentifier,
          NodeType: cluster.NodeType,
          MasterUsername: cluster.MasterUsername,
          MasterUserPassword: PASSWORD,
          ...(NumberOfNodes > 1
            ? { ClusterType: 'multi-node', NumberOfNodes }
            : { ClusterType: 'single-node' }),
          ...picked(cluster, 'DBName', 'PubliclyAccessible', 'AllowVersionUpgrade', 'Encrypted', 'KmsKeyId'),
          ...(groups.length > 0 && { VpcSecurityGroupIds: groups }),
          ...(Tags.length > 0 && { Tags }),
        }),
        { makes: `cluster ${ClusterIdentifier}`, needs: groups.map((id) => groupStub(id)) },
      )
    }),
})
