import { createHash, randomUUID } from 'node:crypto'
import { Agent, createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cost, count, nothing } from './cost.ts'

/** A message of the queue of work as it was sent. */
export interface SentMessage {
  body: string
  group: string
}

/** Stands between the functions and AWS, passes on, and counts. */
export interface Wire {
  endpoint: string
  /** What was asked for since this was asked last. */
  cost(): Cost
  /** The messages that were sent since this was asked last. */
  messages(): SentMessage[]
  /** ms added to each answer from now on. */
  slow(delayMs: number): void
  stop(): void
}

interface Answer {
  operation: string
  status: number
  type: string
  body: string
}

/**
 * Queues and schedules it answers itself: a message is kept for whoever hands it on, a schedule never fires.
 * @param to where the rest goes: the emulator of DynamoDB, and EC2 and STS in memory
 */
export async function startWire(to: { dynamodb: string; others: string }): Promise<Wire> {
  const agent = new Agent({ keepAlive: true })
  let cost = nothing()
  let sent: SentMessage[] = []
  let addedMs = 0

  async function answer(asked: IncomingMessage, text: string): Promise<Answer> {
    const [service = '', operation = ''] = String(asked.headers['x-amz-target'] ?? '').split('.')
    if (service === 'AmazonSQS') return json(operation, queued(operation, text))
    if (asked.url?.startsWith('/schedules/')) return json('CreateSchedule', { ScheduleArn: asked.url })
    if (service.startsWith('DynamoDB')) return passed(operation, to.dynamodb, asked, text)
    return passed(new URLSearchParams(text).get('Action') ?? operation, to.others, asked, text)
  }

  function queued(operation: string, text: string): object {
    if (operation !== 'SendMessage') throw new Error(`the queue of the bench does not know ${operation}`)
    const { MessageBody, MessageGroupId } = JSON.parse(text) as Record<string, string>
    sent.push({ body: MessageBody!, group: MessageGroupId! })
    return { MessageId: randomUUID(), MD5OfMessageBody: createHash('md5').update(MessageBody!).digest('hex') }
  }

  async function passed(
    operation: string,
    to: string,
    asked: IncomingMessage,
    text: string,
  ): Promise<Answer> {
    return { operation, ...(await send(agent, to, asked.headers, text)) }
  }

  const server = createServer(async (asked, response) => {
    const text = await textOf(asked)
    const { operation, status, type, body } = await answer(asked, text)
    count(cost, operation, text, body)
    if (addedMs > 0) await sleep(addedMs)
    response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': randomUUID() }).end(body)
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cost() {
      const before = cost
      cost = nothing()
      return before
    },
    messages() {
      const before = sent
      sent = []
      return before
    },
    slow(delayMs) {
      addedMs = delayMs
    },
    stop() {
      agent.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}

function json(operation: string, body: object): Answer {
  return { operation, status: 200, type: 'application/x-amz-json-1.0', body: JSON.stringify(body) }
}

function send(
  agent: Agent,
  to: string,
  { host: _, connection: __, ...headers }: IncomingHttpHeaders,
  text: string,
): Promise<Omit<Answer, 'operation'>> {
  return new Promise((resolve, reject) => {
    const passing = request(to, { method: 'POST', agent, headers }, async (answer) => {
      const body = await textOf(answer)
      resolve({ status: answer.statusCode!, type: answer.headers['content-type']!, body })
    })
    passing.once('error', reject)
    passing.end(text)
  })
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
