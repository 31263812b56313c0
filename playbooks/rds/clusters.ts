import type { DBCluster } from '@aws-sdk/client-rds'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { listed } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { rds } from '../services.ts'

/** AWS Config says `cluster-ABC…`, the API the name, which has no capitals. */
const RESOURCE_ID = /^cluster-[A-Z0-9]+$/
const ARN = 'arn:{partition}:rds:{region}:{account}:cluster:{id}'

/** All that a playbook about a cluster says that looks at nothing else, be it of Aurora or Multi-AZ. */
export const aCluster = {
  resource: 'AWS::RDS::DBCluster',
  ids: nameIds(/[a-zA-Z0-9-]/, 63, ['my-cluster']),
  arn: ARN,
  tagsOf: 'the cluster',
  readsOn: { 'rds:DescribeDBClusters': [ARN] },
  look: listed(rds, 'DescribeDBClusters', 'DBClusters', byId, ([found]) => found),
  otherIds: {
    like: RESOURCE_ID,
    idIn: ({ DBClusterIdentifier = '' }: DBCluster) => DBClusterIdentifier,
  },
  tags: ({ TagList }: DBCluster) => tagsIn(TagList),
  // Of its subnets RDS says the name only.
  vpc: ({ VpcSecurityGroups = [] }: DBCluster) => inVpcOf(VpcSecurityGroups[0]?.VpcSecurityGroupId),
}

const inVpcOf = (group: string | undefined) => (group === undefined ? undefined : { group })

function byId(id: string) {
  const Name = RESOURCE_ID.test(id) ? 'db-cluster-resource-id' : 'db-cluster-id'
  return { Filters: [{ Name, Values: [id] }] }
}
