import { type Fields, filterValues, type Handlers } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, onlyIf, type Wire } from '../setting-table.ts'

/** As AWS Config names it. */
export const RESOURCE_ID = 'db-M5ENSHXFPU6XHZ4G4ZEI5QIO2U'

/**
 * The database `orders`.
 * @param shown the fields in which RDS shows what is set of it, where they are not those that set it
 */
export function ordersDatabase(
  database: LiveResource,
  modify: (input: Fields) => void,
  shown: () => Fields = () => database.values ?? {},
): Handlers {
  return {
    DescribeDBInstances: (input) => {
      const filters = ['db-instance-id', 'dbi-resource-id']
      const asked = filterValues('rds:DescribeDBInstances', input, filters)
      const isAsked = ['orders', RESOURCE_ID].some((id, at) => asked.get(filters[at]!)?.includes(id))
      const found = onlyIf(database, {
        DBInstanceIdentifier: 'orders',
        DbiResourceId: RESOURCE_ID,
        TagList: database.tags,
        ...shown(),
        ...database.more,
      })
      return { DBInstances: isAsked ? found : [] }
    },
    ModifyDBInstance: ({ DBInstanceIdentifier, ...input }) => {
      if (!database.isThere || DBInstanceIdentifier !== 'orders')
        throw absent('rds:ModifyDBInstance', 'DBInstanceNotFound')
      modify(input)
      return {}
    },
  }
}

/**
 * A database over the wire, and how it shows. By its name: the resource id, by which AWS Config names it, is the same of
 * all databases in moto.
 */
export async function plantDatabase(
  { send }: Wire,
  DBInstanceIdentifier: string,
  more: {
    BackupRetentionPeriod?: number
    PubliclyAccessible?: boolean
    AutoMinorVersionUpgrade?: boolean
  } = {},
) {
  await send('rds', 'CreateDBInstance', {
    DBInstanceIdentifier,
    DBInstanceClass: 'db.t3.medium',
    Engine: 'postgres',
    AllocatedStorage: 20,
    MasterUsername: 'admin1',
    MasterUserPassword: 'not-a-secret',
    ...more,
  })
  const shown = async () => {
    const { DBInstances } = await send('rds', 'DescribeDBInstances', { DBInstanceIdentifier })
    return DBInstances![0]!
  }
  return { id: DBInstanceIdentifier, shown }
}

/** An id as AWS Config gives it, of no database. */
export const NO_DATABASE = 'db-AAAAAAAAAAAAAAAAAAAAAAAAAA'
