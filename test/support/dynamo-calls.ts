import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** One request of the client; `send` carries it out. */
export interface Call {
  name: string
  input: Record<string, unknown>
  send(): Promise<unknown>
}

/**
 * Stands between a client and the network, below the SDK's own repetitions: `meanwhile` is asked at every request and
 * may carry it out, fail instead, or both.
 * @returns the names of the requests so far, in order
 */
export function watch(client: DynamoDBClient, meanwhile?: (call: Call) => Promise<unknown>): string[] {
  const names: string[] = []
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const name = String(context.commandName).replace(/Command$/, '')
      names.push(name)
      const send = () => next(args)
      const input = args.input as Record<string, unknown>
      await meanwhile?.({ name, input, send })
      return send()
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  return names
}
