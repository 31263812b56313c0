import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Invocation, Shared } from '../../src/cli/program/invocation.ts'
import { findStack } from '../../src/cli/stack/find-stack.ts'
import { nonceOf } from '../../src/queue/intake-queue.ts'
import { sample } from '../findings/hand-written-events.ts'
import { withMinistack } from '../support/ministack.ts'

const REGION = 'eu-west-1'
const rule = (source: string, State = 'ENABLED') => ({
  Type: 'AWS::Events::Rule',
  Properties: { EventPattern: { source: [source] }, State },
})
const fifo = { FifoQueue: true, ContentBasedDeduplication: true }
const TABLE = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'PK', AttributeType: 'S' },
      { AttributeName: 'SK', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'PK', KeyType: 'HASH' },
      { AttributeName: 'SK', KeyType: 'RANGE' },
    ],
  },
}
/** What of template.yaml the command line deals with. */
const TEMPLATE = {
  Resources: {
    RunsTable: TABLE,
    IntakeQueue: { Type: 'AWS::SQS::Queue' },
    RunsQueue: { Type: 'AWS::SQS::Queue', Properties: fifo },
    ConfigRule: rule('aws.config'),
    GuardDutyRule: rule('aws.guardduty'),
    SsmRule: rule('aws.config', 'DISABLED'),
  },
  Outputs: {
    TableName: { Value: { Ref: 'RunsTable' } },
    IntakeQueueUrl: { Value: { Ref: 'IntakeQueue' } },
    RunsQueueUrl: { Value: { Ref: 'RunsQueue' } },
    ConfigRuleName: { Value: { Ref: 'ConfigRule' } },
    GuardDutyRuleName: { Value: { Ref: 'GuardDutyRule' } },
    SsmRuleName: { Value: { Ref: 'SsmRule' } },
  },
}

const endpoint = withMinistack()
const config = () => ({
  endpoint: endpoint(),
  region: REGION,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
})

async function deploy(StackName: string, template: object): Promise<void> {
  const client = new CloudFormationClient(config())
  await client.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }))
  await waitUntilStackCreateComplete({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 30 }, { StackName })
  client.destroy()
}

function find(name: string, shared: Shared = {}, lines: string[] = []) {
  const output = { note: (line: string) => void lines.push(line) }
  const invocation = {
    env: {},
    cwd: '/',
    output,
    shared: { endpointUrl: endpoint(), region: REGION, ...shared },
    status: 0,
  } as unknown as Invocation
  return findStack(invocation, name)
}

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test'
  process.env.AWS_SECRET_ACCESS_KEY = 'test'
  const { TableName, SsmRuleName } = TEMPLATE.Outputs
  await deploy('prod', TEMPLATE)
  await deploy('foreign', { ...TEMPLATE, Outputs: { TableName, SsmRuleName } })
}, 60_000)

describe('a deployment', () => {
  test('is found by the name of its stack: table, queues and rules', async () => {
    const stack = await find('prod')
    await stack.store.setControl({ paused: true, by: 'alice' })
    expect(await stack.store.control()).toEqual({ paused: true, by: 'alice' })
    await stack.runs.send({ kind: 'wake', run: '01K', why: 'decision' }, 'arn:aws:x', '01K-1-decision-1')
    await stack.close()
  })

  test('asks the rules as they are deployed, also about an event that somebody wrote by hand', async () => {
    const stack = await find('prod')
    const { id: _id, resources: _resources, ...event } = sample('config-compliance-restricted-ssh')
    const [matched, ...others] = await stack.matching(event)
    expect(matched).toContain('ConfigRule')
    // The third rule would take it in, were it not disabled.
    expect(others).toEqual([])
    expect(await stack.matching({ ...event, source: 'aws.ec2' })).toEqual([])
    await stack.close()
  })

  test('takes an event with a nonce beside it, not in it', async () => {
    const stack = await find('prod')
    const event = JSON.stringify(sample('guardduty-port-probe'))
    await stack.intake.put(event, 'nonce-1')
    await stack.close()
    const sqs = new SQSClient({ ...config(), useQueueUrlAsEndpoint: false })
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: await intakeUrl(), MessageAttributeNames: ['All'] }),
    )
    sqs.destroy()
    expect(Messages.map(({ Body }) => Body)).toEqual([event])
    const attributes = Object.entries(Messages[0]!.MessageAttributes ?? {})
    expect(
      nonceOf(
        Object.fromEntries(attributes.map(([name, { StringValue }]) => [name, { stringValue: StringValue }])),
      ),
    ).toBe('nonce-1')
  })

  test('tells each call with -v', async () => {
    const lines: string[] = []
    const stack = await find('prod', { verbose: true }, lines)
    await stack.store.control()
    await stack.close()
    expect(lines).toEqual([
      expect.stringMatching(/^cloudformation:DescribeStacks eu-west-1 \d+ ms/),
      expect.stringMatching(/^dynamodb:GetItem eu-west-1 \d+ ms/),
    ])
  })
})

describe('a deployment that is not there', () => {
  test('is a usage error that says where it was looked for', async () => {
    await expect(find('nope')).rejects.toMatchObject({
      name: 'BadRequest',
      kind: 'usage',
      message: expect.stringMatching(/no stack "nope" .*eu-west-1/),
    })
  })

  test('is a usage error that names the outputs which a foreign stack lacks', async () => {
    await expect(find('foreign')).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/"foreign" has no output IntakeQueueUrl, RunsQueueUrl, ConfigRuleName/),
    })
  })
})

describe('an answer of CloudFormation that leaves out what is empty', () => {
  test.each([
    ['the outputs', '<Stacks><member><StackName>bare</StackName></member></Stacks>'],
    ['the stacks', ''],
  ])('without %s is a stack that lacks what a deployment has', async (_, result) => {
    const body = `<DescribeStacksResponse><DescribeStacksResult>${result}</DescribeStacksResult></DescribeStacksResponse>`
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' }).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      await expect(find('bare', { endpointUrl: `http://127.0.0.1:${port}` })).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringMatching(/"bare" has no output TableName/),
      })
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
})

async function intakeUrl(): Promise<string> {
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation')
  const client = new CloudFormationClient(config())
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: 'prod' }))
  client.destroy()
  return Stacks[0]!.Outputs!.find(({ OutputKey }) => OutputKey === 'IntakeQueueUrl')!.OutputValue!
}
