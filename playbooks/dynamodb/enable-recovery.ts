import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { dynamodb } from '../services.ts'
import { ofTable, tables } from './tables.ts'

const recovery = read(dynamodb, 'DescribeContinuousBackups', ofTable, ({ ContinuousBackupsDescription }) => {
  const { PointInTimeRecoveryStatus: status } =
    ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {}
  return { isEnabled: status === undefined ? undefined : status === 'ENABLED' }
})

/** Lets a table be restored to any second of the last days. */
export const enableRecovery = defineSetting({
  id: 'dynamodb-enable-recovery',
  title: 'Let a table be restored to a point in time',
  about: {
    risk: 'What is deleted or overwritten in the table, by a slip or by whoever got in, is gone.',
    breaks: 'Nothing: no throughput is used. It costs by the size of the table.',
  },
  implements: ['dynamodb-pitr'],
  ...tables,
  answers: [
    config('DYNAMODB_PITR_ENABLED'),
    securityHub('DynamoDB.2'),
    prowler('dynamodb_tables_pitr_enabled'),
  ],
  suggestedMode: 'auto',
  look: recovery,
  values: ({ isEnabled }) => (isEnabled === undefined ? null : { PointInTimeRecoveryEnabled: isEnabled }),
  should: { PointInTimeRecoveryEnabled: true },
  set: (TableName, PointInTimeRecoverySpecification) =>
    call('dynamodb', 'UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification }),
  property: 'PointInTimeRecoverySpecification',
  effect: 'continuous backups cost by the size of the table',
  warnings: () => ['an undo drops the backups made until then: switched on again, it starts anew'],
})
