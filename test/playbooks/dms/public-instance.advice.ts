import { publicInstance } from '../../../playbooks/dms/public-instance.ts'
import { listOf } from '../../support/aws-model/failure.ts'
import type { AdviceTable } from '../advice-table.ts'
import { onlyIf } from '../setting-table.ts'

const ID = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const PUBLIC = {
  PubliclyAccessible: true,
  ReplicationInstancePublicIpAddresses: ['198.51.100.7'],
  ReplicationInstanceStatus: 'available',
}

export const table: AdviceTable = {
  playbook: publicInstance,
  finding: { type: 'DMS_REPLICATION_NOT_PUBLIC', id: ID },
  id: ID,
  rows: [
    {
      live: {
        ...PUBLIC,
        tasks: [
          ['orders', 'running'],
          ['archive', 'stopped'],
        ],
      },
      leads: {
        outcome: 'notified',
        reason: 'the replication instance migration answers the internet, at 198.51.100.7',
        todo: [
          '--replication-instance-class dms.t3.medium --replication-subnet-group-identifier inside --no-publicly-accessible',
          'aws dms test-connection',
          'stop orders: aws dms stop-replication-task --replication-task-arn arn:aws:dms:task:orders',
          'move orders: aws dms move-replication-task --replication-task-arn arn:aws:dms:task:orders',
          'go on with orders: aws dms start-replication-task',
          'move archive: aws dms move-replication-task',
          'delete the public one: aws dms delete-replication-instance',
        ],
      },
    },
    {
      live: PUBLIC,
      leads: {
        outcome: 'notified',
        reason: 'answers the internet, at 198.51.100.7',
        todo: ['make another one without', 'test-connection', 'delete the public one'],
      },
    },
    {
      live: { ...PUBLIC, ReplicationInstanceStatus: 'deleting' },
      leads: { outcome: 'notApplicable', reason: 'it is being deleted' },
    },
    {
      live: { PubliclyAccessible: false },
      leads: { outcome: 'alreadyCompliant', reason: 'a person has put it right' },
    },
  ],
  aws: (instance) => ({
    dms: {
      DescribeReplicationInstances: () => {
        const { tasks: _, ...shown } = instance.more
        return {
          ReplicationInstances: onlyIf(instance, {
            ReplicationInstanceIdentifier: 'migration',
            ReplicationInstanceClass: 'dms.t3.medium',
            ReplicationSubnetGroup: { ReplicationSubnetGroupIdentifier: 'inside' },
            ...shown,
          }),
        }
      },
      DescribeReplicationTasks: () => ({
        ReplicationTasks: listOf<[string, string]>(instance.more.tasks).map(([name, Status]) => ({
          ReplicationTaskIdentifier: name,
          ReplicationTaskArn: `arn:aws:dms:task:${name}`,
          Status,
        })),
      }),
      ListTagsForResource: () => ({ TagList: instance.tags }),
    },
  }),
}
