import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { eks } from '../services.ts'
import { CLUSTER } from './clusters.ts'

/**
 * Takes the API server of a cluster off the internet, and lets the VPC reach it in the same call: nodes that came by the
 * public endpoint would lose it else.
 */
export const makeEndpointPrivate = defineSetting({
  id: 'eks-make-endpoint-private',
  title: 'Take the API server of a cluster off the internet',
  about: {
    risk: 'Anybody can reach the API server of the cluster, and try tokens and holes of Kubernetes on it.',
    breaks:
      'kubectl, pipelines and nodes that come from outside the VPC reach the API server no more, and no API says who they are: a person always looks first. Who needs it from outside comes by a VPN, or its ranges are named at the cluster (`publicAccessCidrs`), which counts as closed where the world is not among them.',
  },
  implements: ['eks-endpoint-private'],
  ...CLUSTER,
  property: 'ResourcesVpcConfig.EndpointPublicAccess',
  answers: [
    config('EKS_ENDPOINT_NO_PUBLIC_ACCESS'),
    securityHub('EKS.1'),
    prowler('eks_cluster_not_publicly_accessible'),
  ],
  suggestedMode: 'approve',
  look: read(
    eks,
    'DescribeCluster',
    (name) => ({ name }),
    ({ cluster }) => {
      const {
        endpointPublicAccess,
        endpointPrivateAccess,
        publicAccessCidrs = [],
        vpcId,
      } = cluster?.resourcesVpcConfig ?? {}
      if (endpointPublicAccess === undefined || endpointPrivateAccess === undefined)
        throw new Unplannable('AWS does not say who reaches the API server of the cluster')
      const { status = '', tags = {} } = cluster!
      return {
        values: { endpointPublicAccess, endpointPrivateAccess },
        publicAccessCidrs,
        status,
        tags,
        vpcId,
      }
    },
  ),
  tags: ({ tags }) => tags,
  vpc: ({ vpcId }) => vpcId,
  values: ({ values }) => values,
  should: { endpointPublicAccess: false, endpointPrivateAccess: true },
  set: (name, { endpointPublicAccess, endpointPrivateAccess }) =>
    call('eks', 'UpdateClusterConfig', {
      name,
      resourcesVpcConfig: { endpointPublicAccess, endpointPrivateAccess },
    }),
  unless: ({ values, publicAccessCidrs: ranges, status }) => {
    if (values.endpointPublicAccess && ranges.length > 0 && !ranges.includes('0.0.0.0/0'))
      return `only ${ranges.join(', ')} may reach it from outside`
    return status === 'ACTIVE' || status === 'UPDATING' ? undefined : `the cluster is ${status}`
  },
  pending: ({ status }) =>
    status === 'UPDATING' ? 'the cluster is being updated, which takes some minutes' : undefined,
  effect: 'who comes from outside the VPC reaches the API server no more',
  cautions: () => ['who comes by the public endpoint now, no API says'],
})
