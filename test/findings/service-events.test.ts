import { describe, expect, test } from '@jest/globals'
import { accountAt } from '../../src/findings/account.ts'
import { bus, onlyOne, readWith } from './aws-detectors.ts'

const INSTANCE = 'arn:aws:ec2:us-east-1:111122223333:instance/i-0a1b2c3d4e5f60718'

test.each([
  ['aws.scheduler', '{}', 'arn:aws:scheduler:us-east-1:111122223333:schedule/default/nightly'],
  ['aws.events', {}, 'arn:aws:events:us-east-1:111122223333:rule/nightly'],
  ['aws.events', {}, 'arn:aws:events:us-east-1:111122223333:rule/own-bus/nightly'],
])('a schedule of %s with the detail %j is due by its name', (source, detail, arn) => {
  expect(onlyOne(bus(source, 'Scheduled Event', detail, { resources: [arn] }))).toMatchObject({
    source: 'schedule',
    type: 'nightly',
    status: 'notice',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  })
})

describe('Systems Manager', () => {
  const compliance = (more: object) =>
    bus('aws.ssm', 'Configuration Compliance State Change', {
      'resource-id': 'i-0a1b2c3d4e5f60718',
      'compliance-type': 'Patch',
      'compliance-status': 'non_compliant',
      severity: 'critical',
      ...more,
    })

  test.each([
    [{}, 'active', 'AWS::EC2::Instance'],
    [{ 'compliance-status': 'compliant' }, 'passed', 'AWS::EC2::Instance'],
    [{ 'resource-id': 'mi-0a1b2c3d4e5f60718' }, 'active', 'AWS::SSM::ManagedInstance'],
  ])('tells of compliance %j as %s', (more, status, type) => {
    expect(onlyOne(compliance(more))).toMatchObject({
      type: 'Compliance:Patch',
      severity: 'CRITICAL',
      status,
      resources: [{ type }],
    })
  })

  test('tells nothing that is known of a compliance that is not known', () => {
    expect(readWith(compliance({ 'compliance-status': 'maybe' })).rejected).toMatchObject([
      { code: 'unknownShape' },
    ])
  })

  test('tells of a command for information, failed ones too', () => {
    const event = bus(
      'aws.ssm',
      'EC2 Command Status-change Notification',
      { status: 'Failed' },
      { resources: [INSTANCE] },
    )
    expect(onlyOne(event)).toMatchObject({
      status: 'notice',
      title: 'EC2 Command Status-change Notification: Failed',
      resources: [{ type: 'AWS::EC2::Instance' }],
    })
  })
})

test('a changed tag is about the resource, by service and kind', () => {
  const detail = { service: 'ec2', 'resource-type': 'instance', version: 5 }
  expect(onlyOne(bus('aws.tag', 'Tag Change on Resource', detail, { resources: [INSTANCE] }))).toMatchObject({
    source: 'tag',
    type: 'ec2:instance',
    version: '2026-05-17T10:30:00.000Z#0000000005',
    resources: [{ type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d4e5f60718' }],
  })
})

test('a changed state of an instance is told for information', () => {
  const event = bus(
    'aws.ec2',
    'EC2 Instance State-change Notification',
    { state: 'running' },
    { resources: [INSTANCE] },
  )
  expect(onlyOne(event)).toMatchObject({
    type: 'ec2:EC2 Instance State-change Notification',
    title: 'EC2 Instance State-change Notification: running',
    status: 'notice',
  })
})

test('what names a resource of another account in an envelope names none of ours', () => {
  const resources = ['arn:aws:kms:us-east-1:444455556666:key/1234', 'no ARN at all']
  expect(onlyOne(bus('aws.kms', 'KMS CMK Deletion', {}, { resources })).resources).toEqual([
    { type: 'AWS::::Account', id: '111122223333' },
  ])
})

test.each([
  [123456789012, '123456789012'],
  // Zeros in front go with the quotes.
  [12345678901, '012345678901'],
  [42, undefined],
  [0, undefined],
  [1.5, undefined],
  [-123456789012, undefined],
  ['111122223333', '111122223333'],
  [true, undefined],
])('the number %p is the account %p', (said, account) => {
  expect(accountAt({ account: said }, 'account')).toBe(account)
})
