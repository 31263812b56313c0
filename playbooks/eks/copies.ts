import { call } from '../../src/playbook/api.ts'
import { defineCopies, making, picked } from '../../src/playbook/service/copies.ts'

/** Clusters without what runs in them. */
export const clusterCopies = defineCopies('eks', {
  DescribeCluster: ({ answer, account, partition }) => {
    const {
      name,
      roleArn = `arn:${partition}:iam::${account}:role/cluster`,
      tags,
      resourcesVpcConfig = {},
    } = answer?.cluster ?? {}
    if (name === undefined) return []
    const own = Object.entries(tags ?? {}).filter(([key]) => !key.startsWith('aws:'))
    const more = picked(
      resourcesVpcConfig,
      'endpointPublicAccess',
      'endpointPrivateAccess',
      'publicAccessCidrs',
    )
    const subnetIds = resourcesVpcConfig.subnetIds ?? []
    return [
      making(
        call('eks', 'CreateCluster', {
          name,
          roleArn,
          resourcesVpcConfig: { subnetIds, ...more },
          ...(own.length > 0 && { tags: Object.fromEntries(own) }),
        }),
        { makes: `cluster ${name}` },
      ),
    ]
  },
})
