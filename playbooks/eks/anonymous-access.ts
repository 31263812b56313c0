import type { Finding } from '../../src/findings/finding.ts'
import { defineAdvice } from '../../src/playbook/advice/define-advice.ts'
import { guardDuty } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { partsOf } from '../../src/playbook/resource/resource-form.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { eks } from '../services.ts'
import { CLUSTER } from './clusters.ts'
import { ANONYMOUS_USE, doorOf, OPEN_DOORS, type OpenDoor } from './open-doors.ts'

/**
 * Says which commands close a way into a cluster that asks nobody to sign in. AWS shows only the cluster: that it is
 * closed a person has to see, and the finding goes on saying what it said.
 */
export const anonymousAccess = defineAdvice({
  id: 'eks-anonymous-access',
  title: 'Close a way into a cluster that asks nobody to sign in',
  about: {
    risk: 'Whoever reaches the API server, or a dashboard in front of it, acts in the cluster without being anybody: reads its secrets, runs his own programs on its nodes.',
    breaks:
      'Nothing is changed: the way is opened and closed inside Kubernetes, and what uses it stops when a person closes it.',
  },
  implements: ['eks-rbac'],
  ...CLUSTER,
  answers: [guardDuty(...Object.keys(OPEN_DOORS), ...ANONYMOUS_USE)],
  look: read(
    eks,
    'DescribeCluster',
    (name) => ({ name }),
    ({ cluster }) => {
      const { endpointPublicAccess, publicAccessCidrs = [], vpcId } = cluster?.resourcesVpcConfig ?? {}
      if (endpointPublicAccess === undefined)
        throw new Unplannable('AWS does not say who reaches the API server of the cluster')
      const { status = '', tags = {} } = cluster!
      return { isPublic: endpointPublicAccess, ranges: publicAccessCidrs, status, tags, vpcId }
    },
  ),
  tags: ({ tags }) => tags,
  vpc: ({ vpcId }) => vpcId,
  unless: ({ status }) => (status === 'DELETING' ? 'the cluster is being deleted' : undefined),
  wrong: ({ isPublic, ranges }, _, { findings }) => {
    const from = isPublic ? `from ${ranges.join(', ') || '0.0.0.0/0'}` : 'from its VPC only'
    return `${doorsIn(findings)
      .map(({ wrong }) => wrong)
      .join(', and ')}; its API server is reached ${from}`
  },
  todo: ({ isPublic }, { id, resource }, { findings }) => {
    const { region } = partsOf(resource)
    return [
      ...(isPublic
        ? [
            `until it is closed let nobody in from outside: aws eks update-cluster-config --region ${region} --name ${id} --resources-vpc-config endpointPublicAccess=false,endpointPrivateAccess=true (rectify plan eks-make-endpoint-private ${id} says what that breaks)`,
          ]
        : []),
      `aws eks update-kubeconfig --region ${region} --name ${id}`,
      ...doorsIn(findings).flatMap(({ close }) => close),
    ]
  },
})

/** Each once; where somebody names the cluster by hand, the one that it is called after. */
function doorsIn(findings: readonly Finding[]): OpenDoor[] {
  return [...new Set(findings.map(({ type }) => doorOf(type)))]
}
