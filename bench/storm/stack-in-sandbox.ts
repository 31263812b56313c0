import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { clientConfig } from '../../src/sandbox/client-config.ts'
import type { Sandbox } from '../../src/sandbox/start.ts'
import { type Invocations, invocationsIn } from './invocations.ts'

export type FunctionName = 'intake' | 'runner' | 'notifier' | 'sweeper'
/** Of what the templates call them. */
const NAMES: Record<FunctionName, string> = {
  intake: 'Intake',
  runner: 'Runner',
  notifier: 'Notifier',
  sweeper: 'Sweeper',
}
/** Of a stack with Slack. */
export type SlackFunctionName = 'cards' | 'slack'
const SLACK_NAMES: Record<SlackFunctionName, string> = { cards: 'Cards', slack: 'Slack' }

export type AllInvocations = Record<FunctionName, Invocations> &
  Partial<Record<SlackFunctionName, Invocations>>

/** What is deployed in a sandbox, asked past its front: nothing of it is among the sandbox's requests. */
export interface StackInSandbox {
  dynamo: DynamoDBClient
  /** Waits until nothing is in the queues, nor being worked at. */
  quiet(): Promise<void>
  /** Since the deployment; waits until there are no more. */
  invocations(): Promise<AllInvocations>
  invoke(name: FunctionName): Promise<void>
  close(): void
}

const POLL_MS = 250
const SETTLED_MS = 2_000

export async function stackIn(sandbox: Sandbox): Promise<StackInSandbox> {
  const { emulator, stack } = sandbox.deployed!
  const past = { ...clientConfig(sandbox.env), endpoint: emulator.url }
  const sqs = new SQSClient({ ...past, useQueueUrlAsEndpoint: false })
  const dynamo = new DynamoDBClient(past)
  const ids = await physicalIds(new CloudFormationClient(past), stack.name)

  /** Of a stack without Slack there is no queue of cards. */
  async function inAll(queues: readonly string[]): Promise<number> {
    let all = 0
    for (const queue of queues) if (ids.has(queue)) all += await waiting(queue)
    return all
  }

  async function waiting(queue: string): Promise<number> {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: ids.get(queue)!, AttributeNames: ['All'] }),
    )
    const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes
    return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible)
  }

  /** For the services of which the project has no client. The emulator takes any signature. */
  async function post(service: string, path: string, headers: object, body: object): Promise<unknown> {
    const scope = `${past.credentials.accessKeyId}/20261129/${sandbox.region}/${service}/aws4_request`
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`
    const request = { method: 'POST', headers: { authorization, ...headers }, body: JSON.stringify(body) }
    const answer = await fetch(emulator.url + path, request)
    if (!answer.ok) throw new Error(`${service} answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }

  async function messages(logGroupName: string): Promise<string[]> {
    const told: string[] = []
    let nextToken: string | undefined
    do {
      const target = { 'x-amz-target': 'Logs_20140328.FilterLogEvents' }
      const json = { 'content-type': 'application/x-amz-json-1.1' }
      const page = (await post('logs', '/', { ...target, ...json }, { logGroupName, nextToken })) as {
        events: { message: string }[]
        nextToken?: string
      }
      told.push(...page.events.map(({ message }) => message))
      nextToken = page.nextToken
    } while (nextToken)
    return told
  }

  async function counted(): Promise<AllInvocations> {
    const all: Partial<AllInvocations> = {}
    for (const [name, prefix] of Object.entries({ ...NAMES, ...SLACK_NAMES })) {
      const group = ids.get(`${prefix}Logs`)
      if (group) all[name as keyof AllInvocations] = invocationsIn(await messages(group))
    }
    return all as AllInvocations
  }

  return {
    dynamo,
    async quiet() {
      // From one queue to the next nothing is out of both: it is sent on before it is deleted.
      while ((await inAll(['IntakeQueue', 'RunsQueue', 'CardsQueue'])) > 0) await sleep(POLL_MS)
    },
    async invocations() {
      for (let before = ''; ; ) {
        const now = await counted()
        if (JSON.stringify(now) === before) return now
        before = JSON.stringify(now)
        await sleep(SETTLED_MS)
      }
    },
    async invoke(name) {
      await post('lambda', `/2015-03-31/functions/${ids.get(`${NAMES[name]}Function`)}/invocations`, {}, {})
    },
    close() {
      sqs.destroy()
      dynamo.destroy()
    },
  }
}

/** Logical id → physical id. */
async function physicalIds(client: CloudFormationClient, StackName: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  let NextToken: string | undefined
  do {
    const page = await client.send(new ListStackResourcesCommand({ StackName, NextToken }))
    for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? [])
      ids.set(LogicalResourceId!, PhysicalResourceId!)
    NextToken = page.NextToken
  } while (NextToken)
  client.destroy()
  return ids
}
