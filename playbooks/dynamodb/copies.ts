import type { TableDescription } from '@aws-sdk/client-dynamodb'
import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making, picked } from '../../src/playbook/service/copies.ts'

/** Where its keys are not known. */
const SOME_KEYS = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
}

const nameIn = (arn = '') => arn.slice(arn.lastIndexOf('/') + 1)

function tableMaking(table: TableDescription, isStub = false): Making {
  const { TableName = '' } = table
  return making(
    call('dynamodb', 'CreateTable', {
      ...SOME_KEYS,
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      ...picked(table, 'AttributeDefinitions', 'KeySchema', 'DeletionProtectionEnabled'),
    }),
    {
      makes: `table ${TableName}`,
      ids: { 'TableDescription.TableId': table.TableId ?? '' },
      ...(isStub && { isStub }),
    },
  )
}

/** Tables without their items and indexes. */
export const tableCopies = defineCopies('dynamodb', {
  DescribeTable: ({ answer }) => {
    if (answer?.Table === undefined) return []
    // Attributes of indexes, which are not made, are refused in a table without them.
    const keys = new Set(answer.Table.KeySchema?.map(({ AttributeName }) => AttributeName))
    const all = answer.Table.AttributeDefinitions ?? []
    const AttributeDefinitions = all.filter(({ AttributeName }) => keys.has(AttributeName))
    return [tableMaking({ ...answer.Table, AttributeDefinitions })]
  },
  DescribeContinuousBackups: ({ input: { TableName }, answer }) => {
    const { PointInTimeRecoveryDescription } = answer?.ContinuousBackupsDescription ?? {}
    const isOn = PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED'
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true }
    return [
      tableMaking({ TableName: nameIn(TableName) }, true),
      ...(isOn
        ? [
            making(
              call('dynamodb', 'UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification }),
            ),
          ]
        : []),
    ]
  },
  ListTagsOfResource: ({ input: { ResourceArn }, answer }) => [
    tableMaking({ TableName: nameIn(ResourceArn) }, true),
    ...((answer?.Tags ?? []).length === 0
      ? []
      : [making(call('dynamodb', 'TagResource', { ResourceArn, Tags: answer!.Tags }))]),
  ],
})
