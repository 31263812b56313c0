import { type Fields, type Handlers, listOf } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, onlyIf } from '../setting-table.ts'

/** What RDS calls things of the snapshots of instances, and of those of clusters. */
const KINDS = {
  DB: { name: 'DBSnapshotIdentifier', missing: 'DBSnapshotNotFound' },
  DBCluster: { name: 'DBClusterSnapshotIdentifier', missing: 'DBClusterSnapshotNotFoundFault' },
} as const

/** The snapshot `orders-copy` of a kind: `values.public`, and accounts that it is shared with in `more.accounts`. */
export function ordersCopy(snapshot: LiveResource, kind: keyof typeof KINDS): Handlers {
  const { name, missing } = KINDS[kind]
  const there = (operation: string, input: Fields): void => {
    if (!snapshot.isThere || input[name] !== 'orders-copy') throw absent(`rds:${operation}`, missing)
  }
  const attributes = () => {
    const values = [...(snapshot.values?.public ? ['all'] : []), ...listOf<string>(snapshot.more.accounts)]
    return snapshot.values ? [{ AttributeName: 'restore', AttributeValues: values }] : []
  }
  return {
    [`Describe${kind}SnapshotAttributes`]: (input) => {
      there(`Describe${kind}SnapshotAttributes`, input)
      return { [`${kind}SnapshotAttributesResult`]: { [`${kind}SnapshotAttributes`]: attributes() } }
    },
    [`Describe${kind}Snapshots`]: (input) => {
      there(`Describe${kind}Snapshots`, input)
      const { accounts: _, ...more } = snapshot.more
      const item = { [name]: 'orders-copy', SnapshotType: 'manual', TagList: snapshot.tags, ...more }
      return { [`${kind}Snapshots`]: onlyIf(snapshot, item) }
    },
    [`Modify${kind}SnapshotAttribute`]: (input) => {
      there(`Modify${kind}SnapshotAttribute`, input)
      if (input.AttributeName !== 'restore') throw new TypeError(`attribute ${input.AttributeName}`)
      if (listOf<string>(input.ValuesToRemove).includes('all')) snapshot.values = { public: false }
      if (listOf<string>(input.ValuesToAdd).includes('all')) snapshot.values = { public: true }
      return {}
    },
  }
}

/** An account that has no snapshot of this kind. */
export function noSnapshots(kind: keyof typeof KINDS): Handlers {
  const none: LiveResource = { isThere: false, values: null, tags: [], more: {} }
  return ordersCopy(none, kind)
}
