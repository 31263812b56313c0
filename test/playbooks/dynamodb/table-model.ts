import type { Fields, Handlers } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, type Wire } from '../setting-table.ts'

/** The table `orders`, with what a playbook looks at and sets besides its tags. */
export function ordersTable(table: LiveResource, own: Handlers): Handlers {
  const there = (action: string, code: string): void => {
    if (!table.isThere) throw absent(`dynamodb:${action}`, code)
  }
  const guarded = Object.entries(own).map(([operation, answer]) => [
    operation,
    (input: Fields, region: string) => {
      // The operations on backups have a word of their own for it.
      there(operation, operation.includes('Backups') ? 'TableNotFoundException' : 'ResourceNotFoundException')
      return answer(input, region)
    },
  ])
  return {
    ListTagsOfResource: ({ ResourceArn }) => {
      there('ListTagsOfResource', 'ResourceNotFoundException')
      if (!String(ResourceArn).endsWith(':table/orders')) throw new TypeError(`tags of ${ResourceArn}`)
      return { Tags: table.tags }
    },
    ...Object.fromEntries(guarded),
  }
}

export async function plantTable({ send }: Wire, TableName: string): Promise<void> {
  await send('dynamodb', 'CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  })
}
