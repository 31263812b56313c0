import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll } from '@jest/globals'
import type { Run } from '../../../src/run/run.ts'
import type { RunStore } from '../../../src/run/store.ts'
import type { ToldEnd } from '../../../src/run/told-detector.ts'
import type { SeenRequest } from '../../../src/sandbox/front/front.ts'
import type { BusEvent } from '../../../src/sandbox/stack/detectors.ts'
import type { StackOptions } from '../../../src/sandbox/stack/local-stack.ts'
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts'
import { dynamoStore } from '../../../src/store/dynamodb/dynamodb-store.ts'
import { clientConfig } from '../../support/sandbox.ts'
import { isChange } from '../unplanned-requests.ts'

/** A sandbox with `template.yaml` deployed in it, and what a test wants to know of it. */
export interface Deployment {
  sandbox: Sandbox
  store: RunStore
  /** Puts events on the bus, as the detectors do. */
  detect(...events: BusEvent[]): Promise<void>
  /** Waits until nothing is in the queues and nothing is being worked at. */
  quiet(): Promise<void>
  /** All runs about a resource (id or ARN), oldest first. */
  runsAbout(resource: string): Promise<Run[]>
  /** Waits until a run about this resource is as wanted; gives the newest that is. */
  runWith(resource: string, wanted: (run: Run) => boolean): Promise<Run>
  /** Asks until there is an answer. */
  until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T>
  /** Waits until so many runs about these findings are closed or wait for somebody; gives all that there are by then. */
  runsOf(findings: readonly string[], count: number): Promise<Run[]>
  /** Waits until what detectors were told of a run is as wanted. */
  toldOf(run: string, wanted: (told: ToldEnd) => boolean): Promise<ToldEnd[]>
  /** What the deployment's functions sent to remediated services that would change something and names this id. */
  changesOf(id: string): SeenRequest[]
  /** Puts a message into a queue of the stack: text as it is, all else as JSON. */
  send(queue: string, body: unknown, group?: { group: string; id: string }): Promise<void>
  /** How CloudFormation called a resource of the template. */
  idOf(resource: string): string
  /** Messages in a queue of the stack, which stay there. */
  messages(queue: string): Promise<Message[]>
  /** Lets the sweeper run now, and not when it is its time. */
  sweep(): Promise<void>
  /** The same sandbox as somebody in another account sees it. */
  inAccount(account: string): Promise<Sandbox>
}

/** What a run may be waited for: that it waits for a word, that it has ended. */
export const waits = ({ waitingFor }: Run): boolean => waitingFor === 'approval'
export const closed = ({ state }: Run): boolean => state === 'closed'

/** By which the command line finds the deployment. */
export const STACK = ['--stack', 'rectify']

/** Long enough for the installation of the emulators in a fresh checkout. */
const FIRST_START_MS = 300_000
const PATIENCE_MS = 45_000
const POLL_MS = 50

/** One bundling for all deployments of a run of the tests, whose temporary folder this is. */
const BUNDLES = join(tmpdir(), 'bundles')

/** What is deployed of Rectify, in the test's own time: proof within 5 s, and every finding put right. */
const AUTO = 'version: 1\nrules:\n  - mode: auto\n'

/** One deployment for a test file, started before its tests and stopped after them. */
export function withDeployment(options: Partial<StackOptions> = {}): () => Deployment {
  let deployment: Deployment | undefined
  let clients: { destroy(): void }[] = []
  beforeAll(async () => {
    const parameters = { PatienceSeconds: '5', ...options.parameters }
    const policy = options.policy ?? (() => AUTO)
    const stack = { name: 'rectify', bundles: BUNDLES, ...options, policy, parameters }
    const sandbox = await startSandbox({ stack })
    ;({ deployment, clients } = await over(sandbox))
  }, FIRST_START_MS)
  afterAll(async () => {
    for (const client of clients) client.destroy()
    await deployment?.sandbox.stop()
  })
  return () => {
    if (!deployment) throw new Error('the deployment is there only inside tests')
    return deployment
  }
}

async function over(sandbox: Sandbox): Promise<{ deployment: Deployment; clients: { destroy(): void }[] }> {
  const config = clientConfig(sandbox)
  const dynamo = new DynamoDBClient(config)
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false })
  const lambda = new LambdaClient(config)
  const { stack, detectors, emulator } = sandbox.deployed!
  const store = dynamoStore(dynamo, stack.outputs.TableName!)
  const resources = await resourcesOf(sandbox)
  const idOf = (name: string) => {
    const found = resources.get(name)
    if (!found) throw new Error(`the stack has no ${name}`)
    return found
  }

  /** Asks until there is an answer; what the functions logged last is told when there is none. */
  async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    const end = Date.now() + PATIENCE_MS
    for (;;) {
      const answer = await ask()
      if (answer !== undefined) return answer
      if (Date.now() > end)
        throw new Error(`not within ${PATIENCE_MS} ms: ${what}\n${emulator.log.slice(-40).join('\n')}`)
      await sleep(POLL_MS)
    }
  }

  async function waiting(name: string): Promise<number> {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: idOf(name), AttributeNames: ['All'] }),
    )
    const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes
    return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible)
  }

  /** Keys of those who are not the deployment. */
  const others = new Set([sandbox.env.AWS_ACCESS_KEY_ID])

  const deployment: Deployment = {
    sandbox,
    store,
    detect: (...events) => detectors.put(...events),
    async quiet() {
      // From the first queue to the second nothing is out of both: it is sent on before it is deleted.
      await until('the queues are empty', async () => {
        const intake = await waiting('IntakeQueue')
        return intake + (await waiting('RunsQueue')) === 0 || undefined
      })
    },
    async runsAbout(resource) {
      const runs = await store.list()
      return runs.filter((run) => run.resource === resource || run.target.id === resource).reverse()
    },
    runWith: (resource, wanted) =>
      until(`a run about ${resource} is as wanted`, async () =>
        (await deployment.runsAbout(resource)).findLast(wanted),
      ),
    until,
    runsOf: (findings, count) =>
      until(`${count} runs of ${findings.join(', ')} are closed or wait for somebody`, async () => {
        const runs = (await store.list()).filter((run) =>
          run.findings.some(({ id }) => findings.includes(id)),
        )
        return runs.filter((run) => closed(run) || waits(run)).length >= count ? runs : undefined
      }),
    toldOf: (run, wanted) =>
      until(`a detector is told of run ${run}`, async () => {
        const told = await store.told(run)
        return told.some(wanted) ? told : undefined
      }),
    changesOf: (id) =>
      sandbox.requests.filter(
        (request) =>
          ['ec2', 'ssm', 'wafv2'].includes(request.service) &&
          !others.has(request.accessKey) &&
          isChange(request) &&
          JSON.stringify(request.input).includes(id),
      ),
    async send(queue, body, fifo) {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: idOf(queue),
          MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
          ...(fifo && { MessageGroupId: fifo.group, MessageDeduplicationId: fifo.id }),
        }),
      )
    },
    idOf,
    async messages(queue) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: idOf(queue),
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 0,
          MessageAttributeNames: ['All'],
        }),
      )
      return Messages
    },
    async sweep() {
      const FunctionName = await sweeperOf(sandbox)
      const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }))
      if (FunctionError) throw new Error(`the sweeper failed: ${Buffer.from(Payload ?? []).toString()}`)
    },
    async inAccount(account) {
      const there = await inAccount(sandbox, account)
      others.add(there.env.AWS_ACCESS_KEY_ID)
      return there
    },
  }
  return { deployment, clients: [dynamo, sqs, lambda] }
}

/** Logical id → what CloudFormation calls it; of a queue its URL. */
async function resourcesOf(sandbox: Sandbox): Promise<Map<string, string>> {
  const client = new CloudFormationClient(clientConfig(sandbox))
  const { name: StackName } = sandbox.deployed!.stack
  const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName }))
  client.destroy()
  return new Map(
    StackResourceSummaries.map(({ LogicalResourceId, PhysicalResourceId }) => [
      LogicalResourceId!,
      PhysicalResourceId!,
    ]),
  )
}

/** Name of the sweeper's function. */
async function sweeperOf(sandbox: Sandbox): Promise<string> {
  return (await resourcesOf(sandbox)).get('SweeperFunction')!
}

async function inAccount(sandbox: Sandbox, account: string): Promise<Sandbox> {
  const sts = new STSClient(clientConfig(sandbox))
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/Owner`, RoleSessionName: 'owner' }),
  )
  sts.destroy()
  const { AccessKeyId, SecretAccessKey } = Credentials!
  const env = { ...sandbox.env, AWS_ACCESS_KEY_ID: AccessKeyId!, AWS_SECRET_ACCESS_KEY: SecretAccessKey! }
  return { ...sandbox, account, env }
}
