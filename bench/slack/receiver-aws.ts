import { createHash, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Item } from '../storm/capacity.ts'

/** What the receiver asks of AWS for one click, from memory: two secrets, a run, a transaction, a message. */
export interface ReceiverAws {
  endpoint: string
  /** The operations since this was asked last. */
  seen(): string[]
  stop(): Promise<void>
}

/**
 * @param secrets by the names of their parameters
 * @param run the item of the only run; what is written is taken and not kept
 */
export async function startReceiverAws(secrets: Record<string, string>, run: Item): Promise<ReceiverAws> {
  const Item = inJson(run)
  let operations: string[] = []

  function answerTo(
    operation: string,
    { Name, MessageBody }: { Name?: string; MessageBody?: string },
  ): object {
    switch (operation) {
      case 'GetParameter':
        return { Parameter: { Name, Value: secrets[Name!] } }
      case 'GetItem':
        return { Item }
      case 'TransactWriteItems':
        return {}
      case 'SendMessage': {
        const MD5OfMessageBody = createHash('md5').update(MessageBody!).digest('hex')
        return { MessageId: randomUUID(), MD5OfMessageBody }
      }
      default:
        throw new Error(`the AWS of the receiver does not know ${operation}`)
    }
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const operation = String(request.headers['x-amz-target']).split('.')[1]!
    operations.push(operation)
    const body = JSON.stringify(answerTo(operation, JSON.parse(Buffer.concat(chunks).toString())))
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() }
    response.writeHead(200, headers).end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen() {
      const before = operations
      operations = []
      return before
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/** Bytes are base64 on the wire. */
function inJson(item: Item): object {
  const entries = Object.entries(item).map(([name, value]) => [
    name,
    value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
  ])
  return Object.fromEntries(entries)
}
