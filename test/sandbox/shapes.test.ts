import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  ModifySnapshotAttributeCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { calledOperations, inputShapes } from '../../scripts/input-shapes.mjs'
import { type AwsRequest, understand } from '../../src/sandbox/front/request.ts'
import { complaints } from '../../src/sandbox/shapes/check.ts'
import { inputOfQuery } from '../../src/sandbox/shapes/query.ts'
import { refuse } from '../../src/sandbox/shapes/refuse.ts'
import { ensureVenv } from '../../src/sandbox/venv.ts'
import { inputsOfAllKinds } from './shape-samples.ts'

const FILE = join(import.meta.dirname, '../../src/sandbox/shapes/inputs.json')
const VALIDATE = `
import json, sys, botocore.session, botocore.validate
session, models = botocore.session.Session(), {}
validator = botocore.validate.ParamValidator()
for line in sys.stdin:
    one = json.loads(line)
    if one["service"] not in models:
        models[one["service"]] = session.get_service_model(one["service"])
    shape = models[one["service"]].operation_model(one["operation"]).input_shape
    print(json.dumps(validator.validate(one["input"], shape).generate_report() if shape else ""))
`

describe('the shapes of inputs', () => {
  test('are those of the operations that are called, as the service models of botocore have them (npm run shapes)', async () => {
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(await inputShapes(calledOperations()))
  })
})

describe('a complaint about an input', () => {
  const samples = inputsOfAllKinds(JSON.parse(readFileSync(FILE, 'utf8')))
  let reports: string[]

  beforeAll(async () => {
    const lines = samples.map((sample) => `${JSON.stringify(sample)}\n`).join('')
    const { stdout } = spawnSync(await ensureVenv(), ['-c', VALIDATE], { input: lines, encoding: 'utf8' })
    reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  })

  test('is made where the validator of botocore makes one, and only there', () => {
    expect(reports).toHaveLength(samples.length)
    // It looks at types, required and unknown members and least sizes, and leaves the rest to the service.
    const both = samples.map(({ service, operation, input, what }, index) => ({
      call: `${service}:${operation} ${what}`,
      ours: complaints(service, operation, input).some(
        ({ kind, text }) => kind !== 'invalid' || /^is (no|less) /.test(text),
      ),
      botocore: reports[index] !== '',
    }))
    expect(both.filter(({ ours, botocore }) => ours !== botocore)).toEqual([])
    expect(both.filter(({ botocore }) => botocore).length).toBeGreaterThan(100)
    expect(both.filter(({ botocore }) => !botocore).length).toBeGreaterThan(20)
  })

  test.each([
    [
      'ec2',
      'DescribeSnapshotAttribute',
      { SnapshotId: 'snap-1', Attribute: 'owner' },
      'Attribute is none of',
    ],
    ['wafv2', 'ListIPSets', { Scope: 'GLOBAL' }, 'Scope is none of CLOUDFRONT, REGIONAL'],
    ['wafv2', 'UpdateIPSet', { Name: 'a b' }, 'Name is not of the form'],
    [
      'ssm',
      'SendCommand',
      { DocumentName: 'AWS-RunPatchBaseline', Comment: 'x'.repeat(101) },
      'Comment is more than 100',
    ],
    [
      'dynamodb',
      'TransactWriteItems',
      { TransactItems: Array(101).fill({}) },
      'TransactItems is more than 100',
    ],
    ['ssm', 'ListCommands', { MaxResults: 51 }, 'MaxResults is more than 50'],
  ])('of %s:%s is made about what botocore leaves to the service: %j', (service, operation, input, text) => {
    const all = complaints(service, operation, input).map((one) => `${one.path} ${one.text}`)
    expect(all.join('\n')).toContain(text)
  })
})

const CONFIG = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
  endpoint: 'http://127.0.0.1:1',
}

/** A request as the SDK sends it; none is sent. */
async function onTheWire(
  client: EC2Client | STSClient,
  Command: new (input: never) => object,
  input: object,
): Promise<AwsRequest> {
  let seen: { method: string; path: string; headers: Record<string, string>; body: string } | undefined
  const handle = async (request: unknown) => {
    seen = request as typeof seen
    throw new Error('not sent')
  }
  Object.assign(client.config, { requestHandler: { metadata: { handlerProtocol: 'http/1.1' }, handle } })
  const send = client.send.bind(client) as (command: object) => Promise<unknown>
  await expect(send(new Command(input as never))).rejects.toThrow('not sent')
  const { method, path, headers, body } = seen!
  return understand({ method, path, headers, body: Buffer.from(body) }, () => '123456789012')!
}
const ec2 = (Command: new (input: never) => object, input: object) =>
  onTheWire(new EC2Client({ ...CONFIG, maxAttempts: 1 }), Command, input)
const sts = (input: object) =>
  onTheWire(new STSClient({ ...CONFIG, maxAttempts: 1 }), AssumeRoleCommand, input)

const GROUP = 'sg-0123456789abcdef0'
const ROLE = 'arn:aws:iam::123456789012:role/read'

describe('a query', () => {
  test.each([
    [
      AuthorizeSecurityGroupIngressCommand,
      {
        GroupId: GROUP,
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: 22,
            ToPort: 22,
            IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'office' }],
          },
          { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: GROUP, UserId: '123456789012' }] },
        ],
        TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'a', Value: '' }] }],
        DryRun: true,
      },
    ],
    [RevokeSecurityGroupIngressCommand, { GroupId: GROUP, SecurityGroupRuleIds: ['sgr-0123456789abcdef0'] }],
    [DescribeSnapshotsCommand, { OwnerIds: ['self'], RestorableByUserIds: ['all'], MaxResults: 5 }],
    [DescribeNetworkInterfacesCommand, { Filters: [{ Name: 'group-id', Values: [GROUP, 'sg-1'] }] }],
    [
      ModifySnapshotAttributeCommand,
      { SnapshotId: 'snap-01234567', CreateVolumePermission: { Remove: [{ Group: 'all' }] } },
    ],
  ] as const)('of %p is read as it was meant', async (Command, input) => {
    const request = await ec2(Command, input)
    expect(inputOfQuery('ec2', request.operation, request.input as Record<string, string>)).toEqual(input)
    expect(refuse(request)).toBeUndefined()
  })

  test('of STS is, too', async () => {
    const input = {
      RoleArn: ROLE,
      RoleSessionName: 'run',
      DurationSeconds: 900,
      Tags: [{ Key: 'a', Value: 'b' }],
    }
    const request = await sts(input)
    expect(inputOfQuery('sts', request.operation, request.input as Record<string, string>)).toEqual(input)
  })

  test('of RDS names the members of its lists', () => {
    const query = {
      'Filters.Filter.1.Name': 'db-instance-id',
      'Filters.Filter.1.Values.Value.1': 'orders',
      'Filters.Filter.1.Values.Value.2': 'users',
    }
    const input = { Filters: [{ Name: 'db-instance-id', Values: ['orders', 'users'] }] }
    expect(inputOfQuery('rds', 'DescribeDBInstances', query)).toEqual(input)
  })
})

describe('the sandbox refuses as AWS does', () => {
  const refusal = async (request: Promise<AwsRequest>) => String(refuse(await request)?.body)

  test.each([
    [
      'no snapshot',
      DescribeSnapshotAttributeCommand,
      { Attribute: 'createVolumePermission' },
      'MissingParameter',
    ],
    [
      'no such attribute',
      DescribeSnapshotAttributeCommand,
      { SnapshotId: 'snap-01234567', Attribute: 'x' },
      'InvalidParameterValue',
    ],
    [
      'an ARN for a group',
      RevokeSecurityGroupIngressCommand,
      { GroupId: `arn:aws:ec2:::security-group/${GROUP}` },
      'InvalidGroupId.Malformed',
    ],
    [
      'a group for a snapshot',
      DescribeSnapshotsCommand,
      { SnapshotIds: [GROUP] },
      'InvalidSnapshotID.Malformed',
    ],
    [
      'a name for an instance',
      DescribeInstancesCommand,
      { InstanceIds: ['web'] },
      'InvalidInstanceID.Malformed',
    ],
  ] as const)('%s', async (_what, Command, input, code) => {
    expect(await refusal(ec2(Command, input))).toContain(`<Code>${code}</Code>`)
  })

  test('but not an id in a filter, which only finds nothing', async () => {
    expect(
      refuse(await ec2(DescribeInstancesCommand, { Filters: [{ Name: 'instance-id', Values: ['web'] }] })),
    ).toBeUndefined()
  })

  test('a session policy of more than 2,048 characters', async () => {
    const assume = (Policy: string) => sts({ RoleArn: ROLE, RoleSessionName: 'run', Policy })
    expect(refuse(await assume('x'.repeat(2048)))).toBeUndefined()
    expect(await refusal(assume('x'.repeat(2049)))).toContain('<Code>ValidationError</Code>')
  })

  const json = (service: string, operation: string, input: Record<string, unknown>) =>
    refuse({
      ...{ service, operation, input, protocol: 'awsJson' as const, dryRun: false },
      ...{
        method: 'POST',
        path: '/',
        headers: {},
        body: Buffer.from(''),
        accessKey: '',
        account: '',
        region: '',
      },
    })
  const FIFO = 'http://127.0.0.1/123456789012/runs.fifo'

  test.each([
    [
      'a message over 1 MiB',
      'sqs',
      'SendMessage',
      { QueueUrl: 'q', MessageBody: 'x'.repeat(1024 * 1024 + 1) },
      'InvalidParameterValue',
    ],
    [
      'a message of no group in a FIFO queue',
      'sqs',
      'SendMessage',
      { QueueUrl: FIFO, MessageBody: 'x' },
      'MissingParameter',
    ],
    [
      'a group of 129 characters',
      'sqs',
      'SendMessage',
      { QueueUrl: FIFO, MessageBody: 'x', MessageGroupId: 'x'.repeat(129) },
      'InvalidParameterValue',
    ],
    [
      'an item over 400 kB',
      'dynamodb',
      'PutItem',
      { TableName: 'runs', Item: { PK: { S: 'x'.repeat(410_000) } } },
      'ValidationException',
    ],
    [
      'an instance that is none',
      'ssm',
      'ListCommandInvocations',
      { CommandId: '0'.repeat(36), InstanceId: 'web' },
      'ValidationException',
    ],
  ])('%s', (_what, service, operation, input, code) => {
    expect(json(service, operation, input)?.headers['x-amzn-errortype']).toBe(code)
  })
})
