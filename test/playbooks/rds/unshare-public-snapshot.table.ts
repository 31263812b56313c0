import { unsharePublicDatabaseSnapshot } from '../../../playbooks/rds/unshare-public-snapshot.ts'
import type { SettingTable } from '../setting-table.ts'
import { plantDatabase } from './database-model.ts'
import { noSnapshots, ordersCopy } from './database-snapshot-model.ts'

const isPublic = (value: boolean) => ({ public: value })

/** AWS Config does say of which kind it is. */
const OF_CLUSTER = {
  source: 'config',
  type: 'RDS_SNAPSHOTS_PUBLIC_PROHIBITED',
  resourceType: 'AWS::RDS::DBClusterSnapshot',
} as const

export const table: SettingTable = {
  playbook: unsharePublicDatabaseSnapshot,
  // It does not say of which kind the snapshot is: both are looked for.
  finding: { source: 'trustedadvisor', type: 'rSs93HQwa1', id: 'orders-copy' },
  id: 'orders-copy',
  should: isPublic(false),
  other: isPublic(true),
  rows: [
    { live: isPublic(true), leads: 'set' },
    {
      live: isPublic(true),
      more: { accounts: ['444455556666', '111122223333'] },
      leads: 'set',
      warning: 'it stays shared with 111122223333, 444455556666',
    },
    {
      live: isPublic(false),
      more: { accounts: ['444455556666'] },
      leads: { outcome: 'alreadyCompliant', reason: 'public: false already' },
    },
    {
      live: isPublic(true),
      more: { SnapshotType: 'automated' },
      leads: { outcome: 'notApplicable', reason: 'snapshots that are automated cannot be shared' },
    },
    {
      live: isPublic(true),
      more: { isOfCluster: true, accounts: ['444455556666'] },
      finding: OF_CLUSTER,
      leads: 'set',
      changes: ['rds:ModifyDBClusterSnapshotAttribute'],
      warning: 'it stays shared with 444455556666',
    },
    {
      live: isPublic(false),
      more: { isOfCluster: true },
      finding: OF_CLUSTER,
      leads: { outcome: 'alreadyCompliant', reason: 'public: false already' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say public of orders-copy' } },
  ],
  change: 'rds:ModifyDBSnapshotAttribute',
  wire: {
    async plant(aws) {
      const { send } = aws
      const DBSnapshotIdentifier = 'copied-orders-1'
      const { id: DBInstanceIdentifier } = await plantDatabase(aws, 'copied-orders')
      await send('rds', 'CreateDBSnapshot', { DBInstanceIdentifier, DBSnapshotIdentifier })
      await send('rds', 'ModifyDBSnapshotAttribute', {
        DBSnapshotIdentifier,
        AttributeName: 'restore',
        ValuesToAdd: ['all', '444455556666'],
      })
      const live = async () => {
        const { DBSnapshotAttributesResult } = await send('rds', 'DescribeDBSnapshotAttributes', {
          DBSnapshotIdentifier,
        })
        return [...(DBSnapshotAttributesResult!.DBSnapshotAttributes![0]!.AttributeValues ?? [])].sort()
      }
      return { id: DBSnapshotIdentifier, live, should: ['444455556666'] }
    },
    missing: 'no-such-snapshot',
  },
  aws: (snapshot) => ({
    rds: snapshot.more.isOfCluster
      ? { ...ordersCopy(snapshot, 'DBCluster'), ...ordersCopy(namesake(), 'DB') }
      : { ...ordersCopy(snapshot, 'DB'), ...noSnapshots('DBCluster') },
  }),
}

/** A public snapshot of an instance that has the name of the cluster's: it is another one. */
const namesake = () => ({ isThere: true, values: isPublic(true), tags: [], more: {} })
