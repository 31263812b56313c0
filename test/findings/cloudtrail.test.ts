import { describe, expect, test } from '@jest/globals'
import { bus, onlyOne, readWith } from './aws-detectors.ts'

const record = (more: object = {}) => ({
  eventVersion: '1.09',
  userIdentity: {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::111122223333:assumed-role/Admin/ann',
    sessionContext: { sessionIssuer: { userName: 'Admin' } },
  },
  eventTime: '2026-05-17T10:29:00Z',
  eventSource: 'ec2.amazonaws.com',
  eventName: 'AuthorizeSecurityGroupIngress',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '45.83.64.11',
  requestParameters: { groupId: 'sg-0a1b2c3d4e5f60718' },
  readOnly: false,
  eventID: '324731c0-64b3-4421-b552-dfc3c27df4f6',
  recipientAccountId: '111122223333',
  ...more,
})

test('a call is the service and its name, about what the request names', () => {
  expect(onlyOne(bus('aws.ec2', 'AWS API Call via CloudTrail', record()))).toMatchObject({
    source: 'cloudtrail',
    type: 'ec2:AuthorizeSecurityGroupIngress',
    status: 'active',
    region: 'eu-west-1',
    resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-0a1b2c3d4e5f60718' }],
    observedAt: '2026-05-17T10:29:00.000Z',
    evidence: { principal: 'Admin', userType: 'AssumedRole', remotes: [{ address: '45.83.64.11' }] },
  })
})

test('what CloudTrail lists as another account’s is not ours because the request names it', () => {
  const detail = record({
    eventSource: 's3.amazonaws.com',
    eventName: 'PutBucketPolicy',
    requestParameters: { bucketName: 'theirs' },
    resources: [{ type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::theirs', accountId: '999988887777' }],
  })
  expect(onlyOne(bus('aws.s3', 'AWS API Call via CloudTrail', detail))).toMatchObject({
    type: 's3:PutBucketPolicy',
    account: '111122223333',
    resources: [{ type: 'AWS::::Account', id: '111122223333' }],
  })
})

test('a call to a detector is a call, and no finding of the detector', () => {
  const detail = record({
    eventSource: 'guardduty.amazonaws.com',
    eventName: 'DeleteDetector',
    requestParameters: { detectorId: 'd1' },
  })
  expect(onlyOne(bus('aws.guardduty', 'AWS API Call via CloudTrail', detail))).toMatchObject({
    source: 'cloudtrail',
    type: 'guardduty:DeleteDetector',
    resources: [{ type: 'AWS::GuardDuty::Detector', id: 'd1' }],
  })
})

test('an event of a service is read by what it lists', () => {
  const detail = record({
    eventType: 'AwsServiceEvent',
    eventSource: 'kms.amazonaws.com',
    eventName: 'RotateKey',
    userIdentity: { accountId: '111122223333', invokedBy: 'AWS Internal' },
    requestParameters: null,
    resources: [
      {
        ARN: 'arn:aws:kms:eu-west-1:111122223333:key/1234',
        accountId: '111122223333',
        type: 'AWS::KMS::Key',
      },
    ],
  })
  expect(onlyOne(bus('aws.kms', 'AWS Service Event via CloudTrail', detail))).toMatchObject({
    type: 'kms:RotateKey',
    resources: [{ type: 'AWS::KMS::Key', id: '1234' }],
  })
})

test('a resource of another account that was called from here is not taken for ours', () => {
  const resources = [
    { ARN: 'arn:aws:kms:eu-west-1:444455556666:key/1234', accountId: '444455556666', type: 'AWS::KMS::Key' },
  ]
  const detail = record({
    eventSource: 'kms.amazonaws.com',
    eventName: 'DisableKey',
    requestParameters: { keyId: resources[0]!.ARN },
    resources,
  })
  expect(onlyOne(detail).resources).toEqual([{ type: 'AWS::::Account', id: '111122223333' }])
})

test.each([
  ['lambda', 'functionName', 'thumbs', 'thumbs'],
  ['lambda', 'functionName', 'thumbs:prod', 'thumbs'],
  ['lambda', 'functionName', 'thumbs:$LATEST', 'thumbs'],
  ['lambda', 'functionName', 'function:thumbs', 'thumbs'],
  ['lambda', 'functionName', '111122223333:function:thumbs', 'thumbs'],
  ['lambda', 'functionName', '111122223333:function:thumbs:7', 'thumbs'],
  ['lambda', 'functionName', 'eu-west-1:111122223333:function:thumbs:7', 'thumbs'],
  ['lambda', 'functionName', 'arn:aws:lambda:eu-west-1:111122223333:function:thumbs:prod', 'thumbs'],
  ['lambda', 'functionName', '444455556666:function:thumbs', undefined],
  ['lambda', 'functionName', '444455556666:function:thumbs:prod', undefined],
  ['lambda', 'functionName', 'arn:aws:lambda:eu-west-1:444455556666:function:thumbs:prod', undefined],
  ['sqs', 'queueUrl', 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs', 'jobs'],
  ['sqs', 'queueUrl', 'https://sqs.eu-west-1.amazonaws.com/444455556666/jobs', undefined],
])('what %s calls by %s %s is %s', (service, field, said, id) => {
  const detail = record({
    eventSource: `${service}.amazonaws.com`,
    eventName: 'Change',
    requestParameters: { [field]: said },
  })
  expect(onlyOne(detail).resources[0]).toMatchObject(
    id === undefined ? { type: 'AWS::::Account', id: '111122223333' } : { id },
  )
})

test.each([
  ['ssm', 'PutParameter', { name: '/app/key' }, 'AWS::SSM::Parameter', '/app/key'],
  ['ssm', 'GetParameterHistory', { name: '/app/key' }, 'AWS::SSM::Parameter', '/app/key'],
  ['ssm', 'LabelParameterVersion', { name: '/app/key' }, 'AWS::SSM::Parameter', '/app/key'],
  ['ssm', 'DeleteParameters', { names: ['/app/a', '/app/b'] }, 'AWS::SSM::Parameter', '/app/a'],
  ['ssm', 'ModifyDocumentPermission', { name: 'patch' }, 'AWS::SSM::Document', 'patch'],
  ['ssm', 'CreateMaintenanceWindow', { name: 'nightly' }, 'AWS::::Account', '111122223333'],
  ['cloudtrail', 'DeleteTrail', { name: 'main' }, 'AWS::CloudTrail::Trail', 'main'],
  ['cloudtrail', 'StopLogging', { name: 'main' }, 'AWS::CloudTrail::Trail', 'main'],
  ['cloudtrail', 'PutEventSelectors', { trailName: 'main' }, 'AWS::CloudTrail::Trail', 'main'],
  ['cloudtrail', 'CreateEventDataStore', { name: 'lake' }, 'AWS::::Account', '111122223333'],
  ['cloudfront', 'UpdateDistribution2020_05_31', { id: 'E1' }, 'AWS::CloudFront::Distribution', 'E1'],
  ['cloudfront', 'UpdateCachePolicy2020_05_31', { id: 'p1' }, 'AWS::::Account', '111122223333'],
])('%s:%s of %j is about %s', (service, eventName, requestParameters, type, id) => {
  const detail = record({ eventSource: `${service}.amazonaws.com`, eventName, requestParameters })
  expect(onlyOne(detail).resources[0]).toMatchObject({ type, id })
})

describe('what came of a call', () => {
  const role = (userName: string, session = 'ann') => ({
    userIdentity: {
      type: 'AssumedRole',
      arn: `arn:aws:sts::111122223333:assumed-role/${userName}/${session}`,
      sessionContext: { sessionIssuer: { userName } },
    },
  })
  test.each([
    ['nothing was said of an error', {}, 'active'],
    ['it was denied', { errorCode: 'AccessDenied' }, 'failedCall'],
    ['only a message tells of the error', { errorMessage: 'Failed authentication' }, 'failedCall'],
    [
      'the sign-in failed',
      { eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Failure' } },
      'failedCall',
    ],
    ['it asked whether it may', { errorCode: 'Client.DryRunOperation' }, 'dryRun'],
    ['it only read', { readOnly: true }, 'notice'],
    [
      'an old record of reading does not say so',
      { readOnly: undefined, eventName: 'DescribeInstances' },
      'notice',
    ],
    ['a name like reading is said to be none', { readOnly: false, eventName: 'GetCredentials' }, 'active'],
    ['the engine changed it', role('RectifyChange', 'run-1'), 'own'],
    ['a role of the engine’s stack did', role('rectify-RunnerRole-1ABC'), 'own'],
    ['the engine looked', { ...role('Reader', 'rectify'), readOnly: true }, 'own'],
    ['somebody named a session like the engine’s', role('Admin', 'rectify'), 'active'],
    [
      'somebody’s user is named like the engine',
      { userIdentity: { type: 'IAMUser', userName: 'RectifyChange' } },
      'active',
    ],
  ])('when %s', (_when, more, status) => {
    expect(onlyOne(record(more)).status).toBe(status)
  })

  test('whose error is no text is not known', () => {
    expect(readWith(record({ errorCode: {} })).rejected).toEqual([
      { code: 'unknownShape', field: 'errorCode' },
    ])
  })
})

test.each([
  ['a stream of Kinesis', { eventSource: 'aws:kinesis', eventName: 'aws:kinesis:record' }],
  ['a notification of S3', { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' }],
  ['a table of DynamoDB', { eventSource: 'aws:dynamodb', eventName: 'REMOVE' }],
])('a record of %s is none of CloudTrail', (_of, more) => {
  expect(readWith(record(more))).toEqual({ findings: [], rejected: [{ code: 'unknownShape' }] })
})

test.each([
  ['the region is none', { awsRegion: 'ca-centralnorth-1r' }, 'awsRegion'],
  ['nobody says whose it is', { recipientAccountId: undefined }, 'recipientAccountId'],
  ['it has no identity', { eventID: undefined }, 'eventID'],
])('a record is refused where %s', (_where, more, field) => {
  expect(readWith(record(more)).rejected).toEqual([{ code: 'missingField', field }])
})
