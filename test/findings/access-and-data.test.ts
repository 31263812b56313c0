import { describe, expect, test } from '@jest/globals'
import { bus, onlyOne, readWith } from './aws-detectors.ts'

describe('a finding of Access Analyzer', () => {
  const detail = (more: object = {}) => ({
    id: 'a1',
    accountId: '111122223333',
    region: 'eu-west-1',
    resource: 'arn:aws:s3:::invoices',
    resourceType: 'AWS::S3::Bucket',
    principal: { AWS: '999988887777' },
    isPublic: false,
    isDeleted: false,
    status: 'ACTIVE',
    analyzedAt: '2026-05-17T10:00:00Z',
    updatedAt: '2026-05-17T10:00:00.123456789Z',
    ...more,
  })
  const external = (more: object = {}) => bus('aws.access-analyzer', 'Access Analyzer Finding', detail(more))

  test.each([
    ['external access', external(), 'ExternalAccess:AWS::S3::Bucket', 'MEDIUM'],
    [
      'public access',
      external({ isPublic: true, principal: { AWS: '*' } }),
      'ExternalAccess:AWS::S3::Bucket',
      'HIGH',
    ],
    ['external access in an answer', detail(), 'ExternalAccess:AWS::S3::Bucket', 'MEDIUM'],
    [
      'internal access',
      bus('aws.access-analyzer', 'Internal Access Finding', detail()),
      'InternalAccess:AWS::S3::Bucket',
      'MEDIUM',
    ],
    [
      'an unused role',
      bus(
        'aws.access-analyzer',
        'Unused Access Finding for IAM entities',
        detail({
          id: undefined,
          findingId: 'u1',
          findingType: 'UnusedIAMRole',
          resource: 'arn:aws:iam::111122223333:role/path/old',
          resourceType: 'AWS::IAM::Role',
        }),
      ),
      'UnusedIAMRole',
      'LOW',
    ],
  ])('of %s', (_of, event, type, severity) => {
    expect(onlyOne(event)).toMatchObject({ source: 'accessanalyzer', type, severity, status: 'active' })
  })

  test.each([
    [{ status: 'ARCHIVED' }, 'archived'],
    [{ status: 'RESOLVED' }, 'resolved'],
    [{ isDeleted: true }, 'resolved'],
    [{ error: 'ACCESS_DENIED' }, 'notice'],
    [{ status: 'ARCHIVED', error: 'ACCESS_DENIED' }, 'archived'],
  ])('with %j is %s', (more, status) => {
    expect(onlyOne(external(more)).status).toBe(status)
  })

  test.each([
    ['names nobody who has access', { principal: undefined }, 'missingField', 'principal'],
    [
      'names two accounts',
      { resource: 'arn:aws:iam::444455556666:role/a', resourceType: 'AWS::IAM::Role' },
      'unknownShape',
      'resource',
    ],
    ['is in a state that is not known', { status: 'ODD' }, 'unknownShape', 'status'],
    ['does not say whose it is', { accountId: undefined }, 'missingField', 'accountId'],
  ])('is refused when it %s', (_when, more, code, field) => {
    expect(readWith(external(more)).rejected).toEqual([{ code, field }])
  })
})

describe('a finding of Macie', () => {
  const detail = (more: object = {}) => ({
    id: 'm1',
    accountId: '111122223333',
    region: 'eu-west-1',
    type: 'Policy:IAMUser/S3BucketPublic',
    severity: { score: 3, description: 'High' },
    archived: false,
    sample: false,
    count: 2,
    updatedAt: '2026-05-17T10:00:00Z',
    resourcesAffected: { s3Bucket: { name: 'invoices', arn: 'arn:aws:s3:::invoices' } },
    ...more,
  })

  test('is about its bucket', () => {
    expect(onlyOne(bus('aws.macie', 'Macie Finding', detail()))).toMatchObject({
      source: 'macie',
      type: 'Policy:IAMUser/S3BucketPublic',
      severity: 'HIGH',
      status: 'active',
      version: '2026-05-17T10:00:00.000Z#0000000002',
      resources: [{ type: 'AWS::S3::Bucket', id: 'invoices', arn: 'arn:aws:s3:::invoices' }],
    })
  })

  test.each([
    [{ archived: true }, 'archived'],
    [{ sample: true }, 'sample'],
    [{ archived: 'true' }, 'archived'],
  ])('with %j is %s', (more, status) => {
    expect(onlyOne(detail(more)).status).toBe(status)
  })

  test.each(['archived', 'sample'])('that does not say whether it is %s is refused', (field) => {
    expect(readWith(detail({ [field]: undefined })).rejected).toEqual([{ code: 'missingField', field }])
  })
})

test.each([
  [100, 'CRITICAL'],
  [70, 'HIGH'],
  [40, 'MEDIUM'],
  [7, 'LOW'],
  [undefined, 'INFORMATIONAL'],
])('an alert of Macie Classic with a risk of %p is %s', (risk, severity) => {
  const detail = {
    'alert-arn': 'arn:aws:macie:us-east-1:111122223333:trigger/t/alert/a',
    'notification-type': 'ALERT_CREATED',
    name: 'Bucket is writable',
    'risk-score': risk,
    summary: { Bucket: { open: 1 } },
  }
  expect(onlyOne(bus('aws.macie', 'Macie Alert', detail))).toMatchObject({
    severity,
    observedAt: '2026-05-17T10:30:00.000Z',
    resources: [{ type: 'AWS::S3::Bucket', id: 'open' }],
  })
})

describe('an event of Health', () => {
  const detail = (more: object = {}) => ({
    eventArn: 'arn:aws:health:us-east-1::event/RISK/AWS_RISK_CREDENTIALS_EXPOSED/1',
    communicationId: 'c1',
    service: 'RISK',
    eventTypeCode: 'AWS_RISK_CREDENTIALS_EXPOSED',
    eventTypeCategory: 'issue',
    statusCode: 'open',
    startTime: 'Sat, 16 May 2026 15:10:09 GMT',
    affectedEntities: [{ entityValue: 'AKIAEXAMPLE' }],
    eventMetadata: { userName: 'build', publicKey: 'AKIAEXAMPLE' },
    ...more,
  })
  const event = (more: object = {}) => bus('aws.health', 'AWS Health Event', detail(more))

  test('of an exposed key names it and its user', () => {
    expect(onlyOne(event())).toMatchObject({
      source: 'health',
      type: 'AWS_RISK_CREDENTIALS_EXPOSED',
      severity: 'HIGH',
      status: 'active',
      observedAt: '2026-05-16T15:10:09.000Z',
      resources: [{ type: 'AWS::IAM::AccessKey', id: 'AKIAEXAMPLE' }],
      evidence: { principal: 'build', accessKeyId: 'AKIAEXAMPLE', userType: 'IAMUser' },
    })
  })

  test('in pages is a finding for each, with the entities of its own', () => {
    const pages = [1, 2].map((page) =>
      onlyOne(
        event({ page: String(page), totalPages: '2', affectedEntities: [{ entityValue: `AKIA${page}` }] }),
      ),
    )
    expect(pages.map(({ resources }) => resources[0]?.id)).toEqual(['AKIA1', 'AKIA2'])
    expect(new Set(pages.map(({ id }) => id)).size).toBe(2)
    expect(pages.map(({ status }) => status)).toEqual(['active', 'active'])
  })

  test('that is told again in another region is the same, where it happened', () => {
    const again = { ...event(), region: 'us-west-2' }
    expect(onlyOne(again)).toEqual(onlyOne(event()))
  })

  test('of an organization is the member’s', () => {
    expect(onlyOne(event({ affectedAccount: '444455556666' })).account).toBe('444455556666')
  })

  test.each([
    ['closed', 'resolved'],
    ['upcoming', 'active'],
    [undefined, 'active'],
  ])('that is %p is %s', (statusCode, status) => {
    expect(onlyOne(event({ statusCode })).status).toBe(status)
  })

  test.each<[status: string, left: string[], entities: object[]]>([
    ['active', ['AKIA1', 'AKIA2'], [{ status: 'IMPAIRED' }, { status: 'PENDING' }]],
    ['active', ['AKIA1', 'AKIA2'], [{ status: 'UNKNOWN' }, {}]],
    ['active', ['AKIA2'], [{ status: 'RESOLVED' }, { status: 'IMPAIRED' }]],
    ['active', ['AKIA2'], [{ statusCode: 'UNIMPAIRED' }, {}]],
    ['resolved', ['AKIA1', 'AKIA2'], [{ status: 'RESOLVED' }, { statusCode: 'UNIMPAIRED' }]],
  ])('is %s and about %j where the entities are %j', (status, left, entities) => {
    const affectedEntities = entities.map((each, n) => ({ entityValue: `AKIA${n + 1}`, ...each }))
    const found = onlyOne(event({ affectedEntities, eventMetadata: {} }))
    expect(found).toMatchObject({ status, evidence: { accessKeyId: left[0] } })
    expect(found.resources.map(({ id }) => id)).toEqual(left)
  })

  test('in a state that is not known is refused', () => {
    expect(readWith(event({ statusCode: {} })).rejected).toEqual([
      { code: 'missingField', field: 'statusCode' },
    ])
  })

  test('of abuse names the instances, and the region in which they are', () => {
    const more = {
      eventArn: 'arn:aws:health:global::event/AWS_ABUSE_DOS_REPORT_1',
      service: 'ABUSE',
      eventTypeCode: 'AWS_ABUSE_DOS_REPORT',
      affectedEntities: [{ entityValue: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f60718' }],
    }
    expect(onlyOne(bus('aws.health', 'AWS Health Abuse Event', detail(more)))).toMatchObject({
      severity: 'HIGH',
      region: 'eu-west-1',
      resources: [{ type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d4e5f60718' }],
      evidence: {},
    })
  })
})
