import { makePrivate } from '../../../playbooks/rds/make-private.ts'
import { letsIn } from '../ec2/group-rules.ts'
import type { SettingTable } from '../setting-table.ts'
import { NO_DATABASE, ordersDatabase, plantDatabase, RESOURCE_ID } from './database-model.ts'

const isPublic = (PubliclyAccessible: boolean) => ({ PubliclyAccessible })
const GROUPS = { VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0a1b2c3d', Status: 'active' }] }

export const table: SettingTable = {
  playbook: makePrivate,
  finding: { type: 'RDS_INSTANCE_PUBLIC_ACCESS_CHECK', id: RESOURCE_ID },
  id: 'orders',
  should: isPublic(false),
  other: isPublic(true),
  optionalReads: ['ec2:DescribeSecurityGroupRules'],
  rows: [
    {
      live: isPublic(true),
      more: { ...GROUPS, sources: ['10.0.0.0/8', 'fd00::/8', 'sg-0f1e2d3c'] },
      leads: 'set',
    },
    { live: isPublic(true), more: { Engine: 'postgres' }, leads: 'set' },
    {
      live: isPublic(true),
      more: { ...GROUPS, sources: ['10.0.0.0/8', '8.8.8.0/24', '0.0.0.0/0', '::/0', 'pl-0a1b2c3d'] },
      leads: 'set',
      caution: 'whoever connects from 0.0.0.0/0, 8.8.8.0/24, ::/0, pl-0a1b2c3d is cut off',
    },
    {
      live: isPublic(true),
      more: { ...GROUPS, sources: [1, 2, 3, 4, 5, 6, 7].map((each) => `8.8.${each}.0/24`) },
      leads: 'set',
      caution: 'from 8.8.1.0/24, 8.8.2.0/24, 8.8.3.0/24, 8.8.4.0/24, 8.8.5.0/24 and 2 more is cut off',
    },
    {
      live: isPublic(true),
      more: { Engine: 'aurora-postgresql', DBClusterIdentifier: 'shop' },
      leads: 'set',
      caution: 'the endpoints of its cluster shop lead to other instances too',
    },
    {
      live: isPublic(true),
      more: { Engine: 'postgres', DBClusterIdentifier: 'shop' },
      leads: { outcome: 'notApplicable', reason: 'its cluster shop is a Multi-AZ cluster' },
    },
    {
      live: isPublic(false),
      leads: { outcome: 'alreadyCompliant', reason: 'PubliclyAccessible: false already' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say PubliclyAccessible of orders' } },
  ],
  change: 'rds:ModifyDBInstance',
  wire: {
    async plant(aws) {
      const { id, shown } = await plantDatabase(aws, 'public-orders', { PubliclyAccessible: true })
      return { id, live: async () => (await shown()).PubliclyAccessible, should: false }
    },
    missing: NO_DATABASE,
  },
  aws: (database) => ({
    rds: ordersDatabase(database, ({ PubliclyAccessible }) => {
      database.values = { PubliclyAccessible }
    }),
    ec2: letsIn(() => database.more.sources),
  }),
}
