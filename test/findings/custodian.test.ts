import { expect, test } from '@jest/globals'
import { BadEvent } from '../../src/findings/bad-event.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { Fields } from '../../src/findings/json-object.ts'
import { custodian } from '../../src/findings/sources/custodian.ts'

const ACCOUNT = '111122223333'

const message = (resource: string, resources: unknown[], changes: Fields = {}): Fields => ({
  account: 'core-services',
  account_id: ACCOUNT,
  region: 'eu-west-1',
  execution_start: 1_790_848_800.25,
  event: null,
  policy: {
    name: 'open-to-the-world',
    resource,
    description: 'Open to anybody',
    metadata: { severity: 'high' },
  },
  action: { type: 'notify', to: ['resource-owner'] },
  resources,
  ...changes,
})

const read = (body: Fields) => [custodian.read(body, {})].flat() as Finding[]

test('each resource of a notice is a finding of the policy', () => {
  const body = message('aws.security-group', [{ GroupId: 'sg-1', OwnerId: ACCOUNT }, { GroupId: 'sg-2' }])
  expect(custodian.recognises(body, {})).toBe(true)
  expect(read(body)).toMatchObject([
    {
      source: 'custodian',
      type: 'open-to-the-world',
      severity: 'HIGH',
      status: 'active',
      account: ACCOUNT,
      region: 'eu-west-1',
      observedAt: '2026-10-01T10:00:00.250Z',
      resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-1' }],
    },
    { resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-2' }] },
  ])
})

test.each([
  ['ebs', { VolumeId: 'vol-01a0e6ea6b89f0099' }, 'AWS::EC2::Volume', 'vol-01a0e6ea6b89f0099'],
  ['iam-user', { Arn: `arn:aws:iam::${ACCOUNT}:user/eng/bob`, UserName: 'bob' }, 'AWS::IAM::User', 'bob'],
  ['rds', { DBInstanceArn: `arn:aws:rds:eu-west-1:${ACCOUNT}:db:orders` }, 'AWS::RDS::DBInstance', 'orders'],
  ['account', { account_id: ACCOUNT, account_name: 'x' }, 'AWS::::Account', ACCOUNT],
  ['glue-job', { Name: 'j', JobArn: `arn:aws:glue:eu-west-1:${ACCOUNT}:job/j` }, 'AWS::Glue::Job', 'j'],
])('a resource %s is named as CloudFormation names it', (kind, resource, type, id) => {
  expect(read(message(kind, [resource]))[0]!.resources[0]).toMatchObject({ type, id })
})

test.each([
  ['eu-central-1', { LocationConstraint: 'eu-central-1' }],
  ['us-east-1', { LocationConstraint: null }],
  ['eu-west-1', { LocationConstraint: 'EU' }],
])('a bucket is in %s, wherever the policy ran', (region, Location) => {
  const [found] = read(message('s3', [{ Name: 'data', Location }], { region: 'ap-south-1' }))
  expect(found).toMatchObject({ region, status: 'active' })
})

test('a bucket of which no region is told, and a resource without an id, are told for information only', () => {
  const found = [...read(message('s3', [{ Name: 'data' }])), ...read(message('ec2', [{ ImageId: 'ami-1' }]))]
  expect(found.map(({ status }) => status)).toEqual(['notice', 'notice'])
})

test('a shared resource is of the account that owns it', () => {
  expect(read(message('security-group', [{ GroupId: 'sg-1', OwnerId: '444455556666' }]))[0]!.account).toBe(
    '444455556666',
  )
})

test.each(['account_id', 'region', 'execution_start'])('a notice without %s is refused', (field) => {
  const body = message('ec2', [{ InstanceId: 'i-1' }], { [field]: undefined })
  expect(() => read(body)).toThrow(BadEvent)
  expect(() => read(body)).toThrow(expect.objectContaining({ field }))
})

test('what has resources, but no policy, is not one of its notices', () => {
  expect(custodian.recognises({ resources: [] }, {})).toBe(false)
})
