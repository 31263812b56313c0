import type { DBInstance } from '@aws-sdk/client-rds'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { type Looking, listed } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { rds } from '../services.ts'

/** AWS Config says `db-ABC…`, the API the name, which has no capitals. */
const RESOURCE_ID = /^db-[A-Z0-9]+$/
const ARN = 'arn:{partition}:rds:{region}:{account}:db:{id}'

/** One database instance, among those of RDS, Aurora, Neptune and DocumentDB, which share the API. */
export const database: Looking<DBInstance> = listed(
  rds,
  'DescribeDBInstances',
  'DBInstances',
  byId,
  ([found]) => found,
)

/** How detectors and the API name a database instance. */
export const databases = {
  resource: 'AWS::RDS::DBInstance',
  ids: nameIds(/[a-zA-Z0-9-]/, 63, ['my-database']),
  arn: ARN,
  tagsOf: 'the database',
  readsOn: { 'rds:DescribeDBInstances': [ARN] },
}

/** The ids and tags of a database instance, wherever a look has it. */
export const toldBy = <S>(databaseIn: (seen: S) => DBInstance) => ({
  otherIds: {
    like: RESOURCE_ID,
    idIn: (seen: S) => databaseIn(seen).DBInstanceIdentifier ?? '',
  },
  tags: (seen: S) => tagsIn(databaseIn(seen).TagList),
  vpc: (seen: S) => databaseIn(seen).DBSubnetGroup?.VpcId,
})

/** All that a playbook says of it which looks at nothing else. */
export const aDatabase = { ...databases, look: database, ...toldBy((seen: DBInstance) => seen) }

/** Those of Aurora (Neptune, DocumentDB) have some settings of their own; those of a Multi-AZ cluster have the cluster's. */
export const isOfMultiAzCluster = ({ DBClusterIdentifier, Engine = '' }: DBInstance): boolean =>
  DBClusterIdentifier !== undefined && /^(mysql|postgres)$/.test(Engine)

/** `the maintenance window sun:05:00-sun:06:00 (UTC)`. */
export const windowOf = ({ PreferredMaintenanceWindow: window }: DBInstance): string =>
  window === undefined ? 'the next maintenance window' : `the next maintenance window (${window} UTC)`

function byId(id: string) {
  return { Filters: [{ Name: RESOURCE_ID.test(id) ? 'dbi-resource-id' : 'db-instance-id', Values: [id] }] }
}
