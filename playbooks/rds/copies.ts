import type { DBCluster, DBInstance, DBSnapshot, Tag } from '@aws-sdk/client-rds'
import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making, picked } from '../../src/playbook/service/copies.ts'
import { groupStub } from '../ec2/copies/network.ts'

/** Nobody logs in to a copy. */
const PASSWORD = 'copy-without-data'

/** Where nothing is known of the database that a snapshot is of. */
const SMALL = { DBInstanceClass: 'db.t3.medium', Engine: 'postgres', AllocatedStorage: 20 } as const

const tagged = (Tags: readonly Tag[] = []) => {
  const own = Tags.filter(({ Key = '' }) => !Key.startsWith('aws:'))
  return own.length === 0 ? {} : { Tags: own }
}

const databaseMaking = (db: DBInstance, isStub = false): Making => {
  const { DBInstanceIdentifier = '', DbiResourceId = '', VpcSecurityGroups = [], TagList } = db
  const groups = VpcSecurityGroups.map(({ VpcSecurityGroupId = '' }) => VpcSecurityGroupId)
  return making(
    call('rds', 'CreateDBInstance', {
      ...SMALL,
      DBInstanceIdentifier,
      MasterUsername: 'admin1',
      MasterUserPassword: PASSWORD,
      ...picked(
        db,
        ...([
          'DBInstanceClass',
          'Engine',
          'EngineVersion',
          'AllocatedStorage',
          'MasterUsername',
          'DBName',
        ] as const),
        ...(['BackupRetentionPeriod', 'PreferredBackupWindow', 'PreferredMaintenanceWindow'] as const),
        ...(['MultiAZ', 'AutoMinorVersionUpgrade', 'PubliclyAccessible', 'CopyTagsToSnapshot'] as const),
        ...([
          'StorageType',
          'StorageEncrypted',
          'KmsKeyId',
          'DeletionProtection',
          'DBClusterIdentifier',
        ] as const),
      ),
      ...(db.IAMDatabaseAuthenticationEnabled && { EnableIAMDatabaseAuthentication: true }),
      ...(groups.length > 0 && { VpcSecurityGroupIds: groups }),
      ...tagged(TagList),
    }),
    {
      makes: `database ${DBInstanceIdentifier}`,
      ids: { 'DBInstance.DbiResourceId': DbiResourceId },
      needs: [
        ...groups.map((id) => groupStub(id)),
        ...(db.DBClusterIdentifier === undefined
          ? []
          : [clusterMaking(picked(db, 'DBClusterIdentifier', 'Engine'), true)]),
      ],
      ...(isStub && { isStub }),
    },
  )
}

const clusterMaking = (cluster: DBCluster, isStub = false): Making => {
  const { DBClusterIdentifier = '', DbClusterResourceId = '', TagList } = cluster
  return making(
    call('rds', 'CreateDBCluster', {
      DBClusterIdentifier,
      MasterUsername: 'admin1',
      MasterUserPassword: PASSWORD,
      ...picked(
        cluster,
        ...(['EngineVersion', 'MasterUsername', 'DatabaseName', 'BackupRetentionPeriod'] as const),
        ...(['CopyTagsToSnapshot', 'DeletionProtection', 'StorageEncrypted', 'KmsKeyId'] as const),
      ),
      Engine: cluster.Engine ?? 'aurora-postgresql',
      ...tagged(TagList),
    }),
    {
      makes: `cluster ${DBClusterIdentifier}`,
      ids: { 'DBCluster.DbClusterResourceId': isStub ? '' : DbClusterResourceId },
      ...(isStub && { isStub }),
    },
  )
}

const snapshotMaking = (snapshot: DBSnapshot, isStub = false): Making => {
  const { DBSnapshotIdentifier = '', DBInstanceIdentifier = `of-${DBSnapshotIdentifier}`, TagList } = snapshot
  return making(
    call('rds', 'CreateDBSnapshot', { DBSnapshotIdentifier, DBInstanceIdentifier, ...tagged(TagList) }),
    {
      makes: `database snapshot ${DBSnapshotIdentifier}`,
      needs: [
        databaseMaking({ DBInstanceIdentifier, ...picked(snapshot, 'Engine', 'AllocatedStorage') }, true),
      ],
      ...(isStub && { isStub }),
    },
  )
}

/** Databases, clusters and snapshots of databases, without their data. */
export const rdsCopies = defineCopies('rds', {
  DescribeDBInstances: ({ answer }) => (answer?.DBInstances ?? []).map((each) => databaseMaking(each)),
  DescribeDBClusters: ({ answer }) => (answer?.DBClusters ?? []).map((each) => clusterMaking(each)),
  // AWS's own catalogue.
  DescribeDBEngineVersions: () => [],
  DescribeDBSnapshots: ({ answer }) => (answer?.DBSnapshots ?? []).map((each) => snapshotMaking(each)),
  DescribeDBSnapshotAttributes: ({ answer }) => {
    const { DBSnapshotIdentifier, DBSnapshotAttributes = [] } = answer?.DBSnapshotAttributesResult ?? {}
    if (DBSnapshotIdentifier === undefined) return []
    return [
      snapshotMaking({ DBSnapshotIdentifier }, true),
      ...DBSnapshotAttributes.flatMap(({ AttributeName, AttributeValues: ValuesToAdd = [] }) =>
        ValuesToAdd.length === 0
          ? []
          : [
              making(
                call('rds', 'ModifyDBSnapshotAttribute', {
                  DBSnapshotIdentifier,
                  AttributeName,
                  ValuesToAdd,
                }),
              ),
            ],
      ),
    ]
  },
  DescribeDBClusterSnapshots: ({ answer }) =>
    (answer?.DBClusterSnapshots ?? []).length === 0 ? [] : 'snapshots of clusters are not made',
  DescribeDBClusterSnapshotAttributes: ({ answer }) =>
    answer === undefined ? [] : 'snapshots of clusters are not made',
})
