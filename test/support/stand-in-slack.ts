import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach } from '@jest/globals'
import { LogLevel, WebClient, type WebClientOptions } from '@slack/web-api'
import type { SlackOptions, StandInSlack } from '../../src/sandbox/slack/stand-in.ts'
import { startSlack } from '../../src/sandbox/slack/start-slack.ts'

/** A stand-in Slack for each test, without limits of rate unless they are asked for. */
export function withSlack(options: SlackOptions = {}): () => StandInSlack {
  let slack: StandInSlack
  beforeEach(async () => {
    slack = await startSlack({ rate: 0, ...options })
  })
  afterEach(() => slack.stop())
  return () => slack
}

/** The real client, which tells of everything at once. */
export function slackClient({ api, token }: StandInSlack, options: WebClientOptions = {}): WebClient {
  return new WebClient(token, {
    slackApiUrl: api,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    logger: silent,
    ...options,
  })
}

const nothing = () => undefined
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
}

/** The code with which a call was refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown: { data?: { error?: string } }) => thrown,
  )
  return error === undefined ? 'not refused' : (error.data?.error ?? String(error))
}

export interface ReceivedRequest {
  headers: Record<string, string | string[] | undefined>
  /** As it came in. */
  body: string
  form: Record<string, string>
  /** Of an interaction. */
  payload: Payload
}

/** What tests look at in an interaction; which of it there is depends on its type. */
export interface Payload {
  type: string
  user: { id: string; team_id: string }
  team: { id: string }
  trigger_id: string
  response_url: string
  message: { ts: string; blocks: unknown[] }
  actions: unknown[]
  view: { state: { values: unknown } }
}

/** The interaction in a body; null where there is none. */
export const payloadOf = ({ body }: { body: string }): Payload =>
  JSON.parse(new URLSearchParams(body).get('payload') ?? 'null')

/** For each test a receiver to which its Slack sends, and which is gone afterwards. */
export function withReceiver(slack: () => StandInSlack): () => StandInReceiver {
  let receiver: StandInReceiver
  beforeEach(async () => {
    receiver = await startReceiver()
    slack().receiver = receiver.url
  })
  afterEach(() => receiver.stop())
  return () => receiver
}

/** A receiver on loopback that writes down what comes and answers what it is told to. */
async function startReceiver() {
  const received: ReceivedRequest[] = []
  const answer = { status: 200, body: '' as string | undefined }
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const form = Object.fromEntries(new URLSearchParams(body))
      received.push({ headers: incoming.headers, body, form, payload: payloadOf({ body }) })
      if (answer.body !== undefined) outgoing.writeHead(answer.status).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    answer,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type StandInReceiver = Awaited<ReturnType<typeof startReceiver>>

/** A card as small as can be. */
export const cardBlocks = (hash = 'abc') => [
  { type: 'section', block_id: 'what', text: { type: 'mrkdwn', text: 'Port 22 is open' } },
  {
    type: 'actions',
    block_id: 'decide',
    elements: [
      {
        type: 'button',
        action_id: 'approve',
        style: 'primary',
        text: { type: 'plain_text', text: 'Approve' },
        value: `RUN:${hash}`,
      },
      {
        type: 'button',
        action_id: 'details',
        text: { type: 'plain_text', text: 'Details' },
        value: `RUN:${hash}`,
      },
    ],
  },
]

/** Posts such a card, or what else is given. */
export const postCard = async (slack: StandInSlack, more: object = {}): Promise<string> =>
  (
    await slackClient(slack).chat.postMessage({
      channel: 'C0SECOPS',
      text: 'a card',
      blocks: cardBlocks(),
      ...more,
    })
  ).ts!
