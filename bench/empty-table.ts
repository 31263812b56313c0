/**
 * As much of DynamoDB as a first run needs: a table with nothing in it that takes every transaction and keeps none.
 * A run that was never there reads nothing of its own before it is closed.
 */
export function emptyTable(operation: string, body: string): object {
  switch (operation) {
    case 'GetItem':
    case 'UpdateItem':
    case 'TransactWriteItems':
      return {}
    case 'BatchGetItem':
      return { Responses: {}, UnprocessedKeys: {} }
    case 'Query':
      return { Items: [], Count: 0, ScannedCount: 0 }
    case 'TransactGetItems': {
      const { TransactItems } = JSON.parse(body) as { TransactItems: object[] }
      return { Responses: TransactItems.map(() => ({})) }
    }
    default:
      throw new Error(`the empty table does not know ${operation}`)
  }
}
