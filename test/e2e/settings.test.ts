import {
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { CreateDBInstanceCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds'
import {
  CreateBucketCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { services } from '../../playbooks/index.ts'
import { sdkAws } from '../../src/aws/sdk.ts'
import { call } from '../../src/playbook/api.ts'
import { configRule } from '../../src/sandbox/sample-events/config-rule.ts'
import { TIME } from '../../src/sandbox/sample-events/envelope.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'
import { programIn } from './program-in-sandbox.ts'
import { changes, undeclared } from './unplanned-requests.ts'

/** Settings over the wire: the real program, the SDK's clients, an emulator that keeps the values. */

const sandbox = withSandbox({ seed: false })
let ec2: EC2Client
let s3: S3Client
let rds: RDSClient
beforeAll(() => {
  const config = clientConfig(sandbox())
  ec2 = new EC2Client(config)
  s3 = new S3Client({ ...config, forcePathStyle: true })
  rds = new RDSClient(config)
})

/** A resource that is not as it should be: how a detector names it, and what AWS holds of it now. */
interface Planted {
  rule: string
  type: string
  id: string
  live(): Promise<unknown>
}

async function instance(): Promise<Planted> {
  const image = {
    ImageId: 'ami-0c55b159cbfafe1f0',
    InstanceType: 't3.micro',
    MinCount: 1,
    MaxCount: 1,
  } as const
  const { Instances } = await ec2.send(new RunInstancesCommand(image))
  const id = Instances![0]!.InstanceId!
  return {
    rule: 'ec2-imdsv2-check',
    type: 'AWS::EC2::Instance',
    id,
    async live() {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
      return Reservations![0]!.Instances![0]!.MetadataOptions!.HttpTokens
    },
  }
}

async function bucket(name: string, set?: boolean): Promise<Planted> {
  const Bucket = `${name}-${Date.now()}`
  await s3.send(new CreateBucketCommand({ Bucket }))
  const PublicAccessBlockConfiguration = { BlockPublicAcls: true, BlockPublicPolicy: false }
  if (set) await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))
  return {
    rule: 's3-bucket-level-public-access-prohibited',
    type: 'AWS::S3::Bucket',
    id: Bucket,
    live: () =>
      s3.send(new GetPublicAccessBlockCommand({ Bucket })).then(
        ({ PublicAccessBlockConfiguration: block }) => block,
        ({ name }) => name,
      ),
  }
}

async function database(): Promise<Planted> {
  const made = await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'orders',
      DBInstanceClass: 'db.t3.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'admin1',
      MasterUserPassword: 'not-a-secret',
    }),
  )
  return {
    rule: 'rds-instance-deletion-protection-enabled',
    type: 'AWS::RDS::DBInstance',
    // AWS Config does not know the name.
    id: made.DBInstance!.DbiResourceId!,
    async live() {
      const { DBInstances } = await rds.send(
        new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'orders' }),
      )
      return DBInstances![0]!.DeletionProtection
    },
  }
}

/** The same finding, reported again. */
const later = (event: object): object =>
  JSON.parse(JSON.stringify(event).replaceAll(TIME, new Date().toISOString()))
/** S3 is asked by method and path, which name no action. */
const isPath = (action: string) => action.startsWith('s3:') && action.includes(' /')

describe.each<[string, () => Promise<Planted>, unknown]>([
  ['ec2-require-imdsv2', instance, 'required'],
  ['s3-block-public-access', () => bucket('bare'), expect.objectContaining({ RestrictPublicBuckets: true })],
  [
    's3-block-public-access',
    () => bucket('half', true),
    expect.objectContaining({ RestrictPublicBuckets: true }),
  ],
  ['rds-protect-from-deletion', database, true],
])('%s', (playbook, plant, should) => {
  test('is put right, found right, and taken back exactly', async () => {
    const { rule, type, id, live } = await plant()
    const before = await live()
    const own = programIn(sandbox())
    own.write('event.json', configRule(rule, type, id))

    const first = await own.report('apply', 'event.json')
    expect(first).toMatchObject({ status: 0, runs: [{ playbook, outcome: 'remediated' }] })
    expect(await live()).toEqual(should)
    expect(changes(own)).toHaveLength(1)
    expect(undeclared(own, first.runs).filter((action) => !isPath(action))).toEqual([])

    own.write('again.json', later(configRule(rule, type, id)))
    const again = await own.report('apply', 'again.json')
    expect(again.runs).toMatchObject([{ playbook, outcome: 'alreadyCompliant' }])

    const undone = await own.report('undo', first.runs[0]!.run, '--yes')
    expect(undone).toMatchObject({ status: 0, runs: [{ outcome: 'undone' }] })
    expect(await live()).toEqual(before)
  })
})

test('what is gone by now is told as gone, also by the codes of its service', async () => {
  const { id } = await instance()
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }))
  const gone = [
    configRule('ec2-imdsv2-check', 'AWS::EC2::Instance', id),
    configRule('s3-bucket-level-public-access-prohibited', 'AWS::S3::Bucket', 'no-such-bucket'),
    configRule('rds-instance-deletion-protection-enabled', 'AWS::RDS::DBInstance', 'no-such-database'),
    configRule(
      'rds-instance-deletion-protection-enabled',
      'AWS::RDS::DBInstance',
      'db-AAAAAAAAAAAAAAAAAAAAAAAAAA',
    ),
  ]
  const own = programIn(sandbox())
  own.write('events.json', gone)
  const { runs } = await own.report('apply', 'events.json')
  expect(runs.map(({ outcome, reason }) => [outcome, reason])).toEqual(
    gone.map(() => ['resourceGone', expect.anything()]),
  )
})

test('a change of a database that is gone is named by the code that RDS gives', async () => {
  const { region, endpoint, credentials } = clientConfig(sandbox())
  const aws = sdkAws({ services, region, endpoint, credentials: async () => credentials })
  const { account, partition } = await aws.identity()
  const change = call('rds', 'ModifyDBInstance', { DBInstanceIdentifier: 'gone', DeletionProtection: true })
  await expect(aws.send({ account, region, partition }, change)).rejects.toMatchObject({
    kind: 'gone',
    code: 'DBInstanceNotFound',
  })
})
