import { basename, join } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Invocation } from '../../src/cli/program/invocation.ts'
import { findStack } from '../../src/cli/stack/find-stack.ts'
import { operatorPolicy } from '../../src/cli/stack/operator-policy.ts'
import { wildcard } from '../../src/playbook/matchers.ts'
import { type Front, type SeenRequest, startFront } from '../../src/sandbox/front/front.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { RUN_TABLE } from '../../src/store/dynamodb/run-table.ts'
import { ANN } from '../engine/blocking-sets.ts'
import { BALANCER } from '../engine/scene-per-playbook.ts'
import { APPROVE, AUTO, attack, newWorld, sshOpen, type World } from '../engine/simulated-world.ts'
import { countingIds } from '../support/clock.ts'
import { dynamoClient, withMinistack } from '../support/ministack.ts'
import { faultsOf } from '../support/service-authorization.ts'
import { sourceFiles, textOf } from '../support/source-files.ts'
import { template } from '../template/cloudformation.ts'
import { callOn, memoryStack } from './in-memory-stack.ts'

const REGION = 'eu-west-1'
const EVENT = join(import.meta.dirname, '../events/config-compliance-restricted-ssh.json')
const fifo = { FifoQueue: true, ContentBasedDeduplication: true }
const SHIPPED = join(import.meta.dirname, '../../rectify.yaml')
/** What of template.yaml the command line deals with. */
const TEMPLATE = {
  Resources: {
    RunsTable: { Type: 'AWS::DynamoDB::Table', Properties: RUN_TABLE },
    IntakeQueue: { Type: 'AWS::SQS::Queue' },
    RunsQueue: { Type: 'AWS::SQS::Queue', Properties: fifo },
    ConfigRule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['aws.config'] } } },
    GuardDutyRule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['aws.guardduty'] } } },
  },
  Outputs: {
    TableName: { Value: { Ref: 'RunsTable' } },
    IntakeQueueUrl: { Value: { Ref: 'IntakeQueue' } },
    RunsQueueUrl: { Value: { Ref: 'RunsQueue' } },
    ConfigRuleName: { Value: { Ref: 'ConfigRule' } },
    GuardDutyRuleName: { Value: { Ref: 'GuardDutyRule' } },
  },
}

/** One permission that IAM asks for a request. */
interface Asked {
  action: string
  resource: string
  leadingKeys?: string[]
}

/** Items of DynamoDB's transactions have the permissions of the single calls. */
const IN_TRANSACTION: Record<string, string> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
}

// biome-ignore lint/suspicious/noExplicitAny: inputs of seven services, each of its own shape.
type AnyInput = any

/** What IAM is asked about a request: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
function askedBy({ service, operation, input: given }: SeenRequest): Asked[] {
  const input: AnyInput = given
  const arn = (resource: string) => `arn:aws:${service}:${REGION}:123456789012:${resource}`
  const one = (resource: string, leadingKeys?: string[]): Asked[] => [
    { action: `${service}:${operation}`, resource, ...(leadingKeys && { leadingKeys }) },
  ]
  switch (`${service}:${operation}`) {
    case 'sts:GetCallerIdentity':
      // Needs no permission.
      return []
    case 'cloudformation:DescribeStacks':
      return one(arn(`stack/${input.StackName}/0`))
    case 'sqs:SendMessage':
      return one(arn(input.QueueUrl.split('/').at(-1)))
    case 'events:DescribeRule':
      return one(arn(`rule/${input.Name}`))
    case 'events:TestEventPattern':
      return one('*')
    case 'dynamodb:GetItem':
      return one(arn(`table/${input.TableName}`), [input.Key.PK.S])
    case 'dynamodb:Query':
      return one(arn(`table/${input.TableName}${input.IndexName ? `/index/${input.IndexName}` : ''}`))
    case 'dynamodb:BatchGetItem':
      return Object.entries<AnyInput>(input.RequestItems).flatMap(([table, { Keys }]) =>
        one(
          arn(`table/${table}`),
          Keys.map((key: AnyInput) => key.PK.S),
        ),
      )
    case 'dynamodb:TransactGetItems':
    case 'dynamodb:TransactWriteItems':
      return input.TransactItems.flatMap((item: AnyInput) =>
        Object.entries<AnyInput>(item).map(([kind, { TableName, Key, Item }]) => ({
          action: `dynamodb:${IN_TRANSACTION[kind]}`,
          resource: arn(`table/${TableName}`),
          leadingKeys: [(Key ?? Item).PK.S],
        })),
      )
    default:
      throw new Error(`what does ${service}:${operation} need?`)
  }
}

/** Whether a policy allows it, as IAM evaluates the parts that these policies have. */
function allows({ Statement }: ReturnType<typeof operatorPolicy>, asked: Asked): boolean {
  return Statement.some(({ Action, Resource, Condition }) => {
    const keys = [Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? []].flat()
    return (
      Action.includes(asked.action) &&
      [Resource].flat().some((pattern) => wildcard(pattern, asked.resource)) &&
      (keys.length === 0 ||
        (asked.leadingKeys ?? []).every((key) => keys.some((pattern) => wildcard(pattern, key))))
    )
  })
}

describe('the policy of a person who uses a deployment', () => {
  test('grants actions that there are, on resources and under conditions that they have', async () => {
    for (const region of [undefined, 'cn-north-1']) {
      const grants = operatorPolicy('prod', [], region).Statement.map(
        ({ Action, Resource, Condition = {} }) => ({
          actions: Action,
          resources: [Resource].flat(),
          conditionKeys: Object.values(Condition).flatMap(Object.keys),
        }),
      )
      expect(await faultsOf(grants)).toEqual([])
    }
  })

  test('names the resources as CloudFormation does, after the stack and what template.yaml calls them', () => {
    const { Resources } = template('template.yaml').template
    const named = operatorPolicy('prod')
      .Statement.flatMap(({ Resource }) => Resource)
      .flatMap((resource) => /prod-([A-Za-z]+)-/.exec(resource)?.[1] ?? [])
    expect(new Set(named)).toEqual(new Set(['RunsTable', 'RunsQueue', 'IntakeQueue']))
    for (const name of named) expect(Resources).toHaveProperty(name)
  })

  test('knows every command that opens a deployment', () => {
    const opening = sourceFiles('src/cli/commands').filter((file) =>
      /\b(openStack|openSwitch|onStoredRuns|onDecidedRuns)\(/.test(textOf(file)),
    )
    // The demo brings its own, on this machine.
    const commands = opening.map((file) => basename(file, '.ts')).filter((name) => name !== 'demo')
    expect(commands.length).toBeGreaterThan(8)
    for (const name of commands) expect(operatorPolicy('prod', [name]).Statement).not.toEqual([])
  })

  test('is about one stack: its name holds no wildcard', () => {
    expect(() => operatorPolicy('*')).toThrow('--stack "*" is not the name of a stack')
  })

  test('refuses a command that takes no --stack, and names those that do', () => {
    expect(() => operatorPolicy('prod', ['apply'])).toThrow(/"apply" takes no --stack; runs, approve/)
    expect(() => operatorPolicy('prod', ['constructor'])).toThrow(/takes no --stack/)
  })

  test('gives who only looks no word in anything', () => {
    const actions = operatorPolicy('prod', ['runs']).Statement.flatMap(({ Action }) => Action)
    expect(actions.filter((action) => /Put|Update|Send|Delete/.test(action))).toEqual([])
  })
})

describe('what a command sends to a deployment', () => {
  const endpoint = withMinistack()
  const requests: SeenRequest[] = []
  let front: Front
  let world: World
  let table: string
  let client: DynamoDBClient | undefined
  let groups = 0

  beforeAll(async () => {
    process.env.AWS_ACCESS_KEY_ID = 'test'
    process.env.AWS_SECRET_ACCESS_KEY = 'test'
    front = await startFront({ upstream: endpoint, requests })
    const client = new CloudFormationClient({ endpoint: endpoint(), region: REGION })
    const TemplateBody = JSON.stringify(TEMPLATE)
    await client.send(new CreateStackCommand({ StackName: 'prod', TemplateBody }))
    const { reason } = await waitUntilStackCreateComplete(
      { client, minDelay: 1, maxDelay: 1, maxWaitTime: 30 },
      { StackName: 'prod' },
    )
    const { Outputs = [] } = reason.Stacks[0]
    table = Outputs.find(({ OutputKey }: { OutputKey: string }) => OutputKey === 'TableName').OutputValue
    client.destroy()
  }, 60_000)
  afterAll(async () => {
    client?.destroy()
    await front.close()
  })

  /** A run in the table of the deployment that functions have left there, or waits for a person. */
  async function run(policy: string, paused: boolean, blocking: boolean): Promise<string> {
    groups += 1
    const group = `sg-0web${groups}`
    client?.destroy()
    client = dynamoClient(endpoint())
    const ids = countingIds(`01TEST${String(groups).padStart(2, '0')}`)
    world = { ...newWorld(policy), ids, store: dynamoStore(client, table) }
    world.aws.groups.add(group, [{ id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' }])
    await world.store.setControl({ paused })
    const { wafv2 } = world.aws
    wafv2.addBlockingAcl('web', wafv2.addSet('rectify-block-v4'), [BALANCER])
    const finding = blocking ? attack(world, [ANN]) : sshOpen(world, group)
    const [made] = await memoryStack(world).arrive([finding])
    requests.length = 0
    return made!.id
  }

  /** The command as a person gives it; nobody carries out what comes of it. */
  async function call(command: string, ...args: string[]): Promise<number> {
    const shared = { endpointUrl: front.url, region: REGION }
    const output = { note: () => undefined }
    const stack = await findStack(
      { env: {}, cwd: '/', output, shared, status: 0 } as unknown as Invocation,
      'prod',
    )
    // Three minutes of following pass at once.
    const { status, notes, document } = await callOn({ ...stack, clock: world.clock }, command, ...args)
    if (status === 2) throw new Error(`${notes}${JSON.stringify(document)}`)
    return status
  }

  beforeEach(() => {
    requests.length = 0
  })

  test.each<{ command: string; policy?: string; paused?: true; args?: (id: string) => string[] }>([
    { command: 'runs' },
    { command: 'runs', args: (id) => [id] },
    { command: 'approve', args: (id) => [id] },
    { command: 'decline', args: (id) => [id, '--reason', 'no'] },
    { command: 'undo', policy: AUTO, args: (id) => [id, '--yes'] },
    { command: 'unblock', policy: AUTO, args: () => [ANN, '--yes'] },
    { command: 'sweep' },
    { command: 'pause', args: () => ['--reason', 'release day'] },
    { command: 'resume', policy: AUTO, paused: true, args: () => ['--yes'] },
    { command: 'exempt', args: () => ['sg-0123456789abcdef0', '--until', '7d', '--reason', 'bastion'] },
    { command: 'exemptions' },
    { command: 'report' },
    { command: 'policy', args: () => ['advise', '--policy', SHIPPED] },
    { command: 'send', args: () => [EVENT] },
  ])('$command needs all that its policy allows, and no more', async (one) => {
    const { command, policy = APPROVE, paused = false, args = () => [] } = one
    const id = await run(policy, paused, command === 'unblock')
    // What waits for a word has waited long enough to be woken.
    if (command === 'sweep') world.clock.advance(8 * 86_400_000)
    await call(command, ...args(id))
    const asked = requests.flatMap(askedBy)
    const own = operatorPolicy('prod', [command], REGION)
    expect(asked.filter((each) => !allows(own, each))).toEqual([])
    const unused = own.Statement.filter((statement) => {
      const alone = { ...own, Statement: [statement] }
      return !asked.some((each) => allows(alone, each))
    })
    expect(unused.map(({ Sid }) => Sid)).toEqual([])
  })
})
