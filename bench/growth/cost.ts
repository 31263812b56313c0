/** What a piece of work asked for on the wire, by operation. */
export interface Cost {
  calls: Record<string, number>
  /** Items of the table that were asked for, read or written. */
  keys: Record<string, number>
}

export const nothing = (): Cost => ({ calls: {}, keys: {} })

/** Adds one call to what was asked for before. */
export function count({ calls, keys }: Cost, operation: string, request: string, answer: string): void {
  calls[operation] = (calls[operation] ?? 0) + 1
  const asked = KEYS[operation]?.(JSON.parse(request), JSON.parse(answer))
  if (asked !== undefined) keys[operation] = (keys[operation] ?? 0) + asked
}

export const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, each) => total + each, 0)

interface Request {
  TransactItems: unknown[]
  RequestItems: Record<string, { Keys: unknown[] }>
}

/** A query asks for a partition and gets items. */
const KEYS: Record<string, (request: Request, answer: { Items?: unknown[] }) => number> = {
  GetItem: () => 1,
  PutItem: () => 1,
  UpdateItem: () => 1,
  DeleteItem: () => 1,
  Query: (_, { Items = [] }) => 1 + Items.length,
  TransactGetItems: ({ TransactItems }) => TransactItems.length,
  TransactWriteItems: ({ TransactItems }) => TransactItems.length,
  BatchGetItem: ({ RequestItems }) =>
    Object.values(RequestItems).reduce((total, { Keys }) => total + Keys.length, 0),
}
