import { nameIds } from '../../src/playbook/resource/resource-form.ts'

/** Clusters, by name. */
export const CLUSTER = {
  resource: 'AWS::EKS::Cluster',
  ids: nameIds(/[0-9A-Za-z_-]/, 100, ['production']),
  arn: 'arn:{partition}:eks:{region}:{account}:cluster/{id}',
  tagsOf: 'the cluster',
} as const
