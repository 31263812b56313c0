import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { listed } from '../../src/playbook/setting/looks.ts'
import { redshift } from '../services.ts'

const ARN = 'arn:{partition}:redshift:{region}:{account}:cluster:{id}'

export const cluster = listed(
  redshift,
  'DescribeClusters',
  'Clusters',
  (ClusterIdentifier) => ({ ClusterIdentifier }),
  ([found]) => found,
)

/** How detectors and the API name a cluster. */
export const clusters = {
  resource: 'AWS::Redshift::Cluster',
  ids: nameIds(/[a-z0-9-]/, 63, ['my-cluster']),
  arn: ARN,
  tagsOf: 'the cluster',
  readsOn: { 'redshift:DescribeClusters': [ARN] },
}
