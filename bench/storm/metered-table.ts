import {
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import type { FaultRule } from '../../src/sandbox/front/faults.ts'
import type { AwsRequest } from '../../src/sandbox/front/request.ts'
import {
  type Item,
  indexUnits,
  itemSize,
  type KeysOnly,
  type ReadKind,
  readUnits,
  storedBytes,
  writeUnits,
} from './capacity.ts'

export interface TableUse {
  writeUnits: number
  /** Items that were written, or looked at as a condition of a transaction. */
  items: number
  /** Of the units those for entries of the indexes. */
  indexUnits: number
  readUnits: number
}

type Key = Pick<Item, 'PK' | 'SK'>
interface Write {
  key: Key
  transactional: boolean
}

/** A table whose use is counted by looking at every item before and after each request that passes the front. */
export interface MeteredTable {
  /** To be put among the faults of the sandbox. */
  rule: FaultRule
  /** Since the start, or since the last call of it. */
  used(): TableUse
  /** Bytes that all items take, those of the indexes among them. */
  stored(): Promise<number>
}

/**
 * @param client goes past the front: what it reads is not counted
 * @param counts whose requests are counted
 */
export async function meteredTable(
  client: DynamoDBClient,
  table: string,
  counts: (request: AwsRequest) => boolean,
): Promise<MeteredTable> {
  const indexes = await indexesOf(client, table)
  const before = new WeakMap<AwsRequest, (Item | undefined)[]>()
  let use = nothing()

  const itemAt = async (Key: Key): Promise<Item | undefined> =>
    (await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))).Item
  const itemsAt = (keys: readonly Key[]) => Promise.all(keys.map(itemAt))

  async function countWrites(request: AwsRequest, writes: readonly Write[]): Promise<void> {
    const after = await itemsAt(writes.map(({ key }) => key))
    writes.forEach(({ transactional }, place) => {
      const [old, now] = [before.get(request)?.[place], after[place]]
      const ofIndexes = indexes.reduce((units, index) => units + indexUnits(old, now, index), 0)
      use.writeUnits += writeUnits(old, now, transactional) + ofIndexes
      use.indexUnits += ofIndexes
      use.items++
    })
  }

  async function countReads({ operation, input }: AwsRequest): Promise<void> {
    if (operation === 'Query') {
      // What it gave, asked again.
      const { Items = [] } = await client.send(new QueryCommand(input as unknown as QueryCommandInput))
      const bytes = Items.reduce((size, item) => size + itemSize(item), 0)
      use.readUnits += readUnits(bytes, input.ConsistentRead ? 'strong' : 'eventual')
      return
    }
    const { keys, kind } = readsOf(operation, input, table)
    for (const item of await itemsAt(keys)) use.readUnits += readUnits(itemSize(item), kind)
  }

  return {
    rule: {
      service: 'dynamodb',
      when: counts,
      fault: {
        kind: 'hook',
        async before(request) {
          before.set(request, await itemsAt(writesOf(request).map(({ key }) => key)))
        },
        async after(request) {
          const writes = writesOf(request)
          await (writes.length > 0 ? countWrites(request, writes) : countReads(request))
        },
      },
    },
    used() {
      const used = use
      use = nothing()
      return used
    },
    async stored() {
      let bytes = 0
      let ExclusiveStartKey: Item | undefined
      do {
        const page = await client.send(new ScanCommand({ TableName: table, ExclusiveStartKey }))
        for (const item of page.Items ?? []) bytes += storedBytes(item, indexes)
        ExclusiveStartKey = page.LastEvaluatedKey
      } while (ExclusiveStartKey)
      return bytes
    },
  }
}

const nothing = (): TableUse => ({ writeUnits: 0, items: 0, indexUnits: 0, readUnits: 0 })

async function indexesOf(client: DynamoDBClient, TableName: string): Promise<KeysOnly[]> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }))
  return (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema = [], Projection }) => {
    if (Projection?.ProjectionType !== 'KEYS_ONLY')
      throw new Error(`the index ${IndexName} does not hold keys only: its units are not known`)
    const named = (type: string) => KeySchema.find(({ KeyType }) => KeyType === type)!.AttributeName!
    return { hash: named('HASH'), range: named('RANGE') }
  })
}

/** A condition that is only checked is charged as a write. */
function writesOf({ operation, input }: AwsRequest): Write[] {
  const {
    TransactItems = [],
    Item,
    Key,
  } = input as {
    TransactItems?: Record<string, { Item?: Item; Key?: Key }>[]
    Item?: Item
    Key?: Key
  }
  switch (operation) {
    case 'TransactWriteItems':
      return TransactItems.flatMap((action) =>
        Object.values(action).map((each) => ({ key: keyOf(each.Key ?? each.Item!), transactional: true })),
      )
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [{ key: keyOf(Key ?? Item!), transactional: false }]
    default:
      return []
  }
}

function readsOf(operation: string, input: object, table: string): { keys: Key[]; kind: ReadKind } {
  const { Key, ConsistentRead, RequestItems, TransactItems } = input as {
    Key: Key
    ConsistentRead?: boolean
    RequestItems: Record<string, { Keys: Key[]; ConsistentRead?: boolean }>
    TransactItems: { Get: { Key: Key } }[]
  }
  switch (operation) {
    case 'GetItem':
      return { keys: [Key], kind: ConsistentRead ? 'strong' : 'eventual' }
    case 'BatchGetItem': {
      const { Keys, ConsistentRead: strong } = RequestItems[table]!
      return { keys: Keys, kind: strong ? 'strong' : 'eventual' }
    }
    case 'TransactGetItems':
      return { keys: TransactItems.map(({ Get }) => Get.Key), kind: 'transactional' }
    default:
      throw new Error(`what ${operation} costs is not known`)
  }
}

const keyOf = ({ PK, SK }: Item): Key => ({ PK: PK!, SK: SK! })
