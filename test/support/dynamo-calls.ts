import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** One request of the client. */
export interface Call {
  /** 'GetItem' ... */
  name: string
  /** How many of this name there were, with this one. */
  count: number
  input: Record<string, unknown>
  /** Carries it out, so that what is thrown afterwards is an answer that was lost. */
  send(): Promise<unknown>
}

/**
 * Stands between a client and the network, below the SDK's own repetitions: `meanwhile` is asked at every request, and
 * what it throws is the answer.
 * @returns the requests so far, in order
 */
export function watch(client: DynamoDBClient, meanwhile?: (call: Call) => Promise<void>): Call[] {
  const calls: Call[] = []
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const name = String(context.commandName).replace(/Command$/, '')
      const count = calls.filter((call) => call.name === name).length + 1
      const input = args.input as Record<string, unknown>
      const call: Call = { name, count, input, send: () => next(args) }
      calls.push(call)
      await meanwhile?.(call)
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  return calls
}

/** An answer that never came. */
export function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
}
