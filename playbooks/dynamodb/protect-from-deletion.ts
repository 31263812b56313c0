import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { dynamodb } from '../services.ts'
import { ofTable, tables } from './tables.ts'

/** Lets nobody delete a table before its protection is taken away. */
export const protectTableFromDeletion = defineSetting({
  id: 'dynamodb-protect-from-deletion',
  title: 'Protect a table from deletion',
  about: {
    risk: 'One call deletes the table with all that is in it: a slip, a wrong stack, or whoever holds stolen keys.',
    breaks:
      'Nothing at run time. Deleting the table by CloudFormation or Terraform fails until the protection is taken away; the plan names the stack.',
  },
  implements: ['dynamodb-deletion-protection'],
  ...tables,
  answers: [
    config('DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED'),
    securityHub('DynamoDB.6'),
    prowler('dynamodb_table_deletion_protection_enabled'),
  ],
  suggestedMode: 'auto',
  look: read(dynamodb, 'DescribeTable', ofTable, ({ Table = {} }) => Table),
  values: ({ DeletionProtectionEnabled: live }) =>
    live === undefined ? null : { DeletionProtectionEnabled: live },
  should: { DeletionProtectionEnabled: true },
  set: (TableName, values) => call('dynamodb', 'UpdateTable', { TableName, ...values }),
  unless: ({ TableStatus }) => (TableStatus === 'DELETING' ? 'it is being deleted' : undefined),
  property: 'DeletionProtectionEnabled',
  effect: 'deleting the table, by CloudFormation or Terraform too, fails until the protection is taken away',
})
