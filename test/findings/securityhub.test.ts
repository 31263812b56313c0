import { describe, expect, test } from '@jest/globals'
import type { Fields } from '../../src/findings/json-object.ts'
import type { Told } from '../../src/findings/wrapping.ts'
import { ACCOUNT, asff, fault, GROUP, ocsf, read, TOLD, V2 } from './hub-bodies.ts'

test('a copy in an administrator account and an aggregation region is about the member and its region', () => {
  expect(read(asff())).toMatchObject({
    account: ACCOUNT,
    region: 'eu-west-1',
    type: 'EC2.19',
    status: 'active',
  })
  expect(read(asff({ Resources: [{ Type: 'AwsS3Bucket', Id: 'arn:aws:s3:::b' }] }))).toMatchObject({
    account: ACCOUNT,
    region: 'eu-west-1',
  })
})

test('whose copy of it was told is kept, with its name there: to Security Hub it is answered by those', () => {
  const { Id, ProductArn } = asff()
  expect(read(asff()).origin).toEqual({
    account: TOLD.account,
    region: TOLD.region,
    form: 'asff',
    id: Id,
    product: ProductArn,
  })
})

describe('an update that is our own note', () => {
  const seen = '2026-11-20T09:14:27.361Z'
  const noted = (UpdatedAt: string, more: Fields = {}) =>
    asff({
      UpdatedAt: seen,
      Workflow: { Status: 'NOTIFIED' },
      Note: { Text: 'Rectify run 01J: failed', UpdatedBy: 'Rectify', UpdatedAt },
      ...more,
    })
  const later = '2026-11-20T09:20:00.000Z'
  const before = '2026-11-20T09:00:00.000Z'
  const imported = { detailType: 'Security Hub Findings - Imported', id: 'event-1' }
  const action = { ...imported, detailType: 'Security Hub Findings - Custom Action' }
  test.each<[what: string, status: string, body: Fields, event: Partial<Told>]>([
    ['is own', 'own', noted(later), imported],
    ['is own in the same millisecond', 'own', noted(seen), imported],
    ['is own where it resolves', 'own', noted(later, { Workflow: { Status: 'RESOLVED' } }), imported],
    [
      'is the check’s where that passes',
      'passed',
      noted(later, { Compliance: { Status: 'PASSED' } }),
      imported,
    ],
    ['is the detector’s news where that saw it again since', 'active', noted(before), imported],
    ['is meant where a person sends it', 'active', noted(later), action],
    ['is open where somebody asks what is', 'active', noted(later), {}],
    [
      'is none of a person',
      'active',
      noted(later, { Note: { UpdatedBy: 'ann', UpdatedAt: later } }),
      imported,
    ],
  ])('%s', (_, status, body, event) => {
    expect(read(body, { ...TOLD, ...event }).status).toBe(status)
  })
})

test('a resource that another account owns is looked for there, and those elsewhere are left out', () => {
  const owner = '444455556666'
  const shared = `arn:aws:ec2:eu-west-1:${owner}:subnet/subnet-1`
  const found = read(
    asff({
      Resources: [
        { Type: 'AwsEc2Subnet', Id: shared },
        { Type: 'AwsEc2SecurityGroup', Id: GROUP },
      ],
    }),
  )
  expect(found.account).toBe(owner)
  expect(found.resources).toEqual([{ type: 'AWS::EC2::Subnet', id: 'subnet-1', arn: shared }])
})

test('what a control was told to check is evidence, where its finding says so', () => {
  const SecurityControlParameters = [
    { Name: 'authorizedTcpPorts', Value: ['443', '1020-1025'] },
    { Name: 'authorizedUdpPorts', Value: [] },
  ]
  const control = { Status: 'FAILED', SecurityControlId: 'EC2.18' }
  const told = read(asff({ Compliance: { ...control, SecurityControlParameters } }))
  expect(told.evidence.ruleParameters).toEqual({
    authorizedTcpPorts: '443,1020-1025',
    authorizedUdpPorts: '',
  })
  expect(read(asff({ Compliance: control })).evidence).toEqual({})
  const odd = [{ Name: 'ports', Value: [{ toString: 1 }, 22, null, ['80'], true] }]
  expect(
    read(asff({ Compliance: { ...control, SecurityControlParameters: odd } })).evidence.ruleParameters,
  ).toEqual({ ports: '22,true' })
})

/** RDS has no capitals. */
const INVENTED = `arn:aws:rds:eu-west-1:${ACCOUNT}:db:generatedfindingdbinstanceid`

describe('the state', () => {
  test.each([
    ['archived', { RecordState: 'ARCHIVED' }],
    ['suppressed', { Workflow: { Status: 'SUPPRESSED' } }],
    ['resolved', { Workflow: { Status: 'RESOLVED' } }],
    ['passed', { Compliance: { Status: 'PASSED' }, Workflow: { Status: 'RESOLVED' } }],
    ['notice', { Compliance: { Status: 'NOT_AVAILABLE' } }],
    ['notice', { Compliance: { Status: 'WARNING' } }],
    ['sample', { Sample: true }],
    ['sample', { Resources: [{ Type: 'AwsRdsDbInstance', Id: INVENTED, Region: 'eu-west-1' }] }],
    ['active', { Workflow: { Status: 'NOTIFIED' } }],
  ])('is %s with %j', (status, changes) => {
    expect(read(asff(changes)).status).toBe(status)
  })

  test.each([
    ['resolved', { activity_id: 3, activity_name: 'Close' }],
    ['resolved', { type: 1, activity_name: 'Close' }],
    ['suppressed', { status_id: 3, status: 'Suppressed' }],
    ['resolved', { status_id: 4, status: 'Resolved' }],
    ['archived', { status_id: 5, status: 'Archived' }],
    ['passed', { compliance: { control: 'EC2.19', status: 'Pass', status_id: 1 } }],
    ['notice', { compliance: { control: 'EC2.19', status: 'Warning', status_id: 2 } }],
    ['active', { status_id: 2, status: 'In Progress' }],
    ['sample', { unmapped: { Sample: 'true' } }],
    ['sample', { unmapped: { 'ProductFields.aws/guardduty/service/additionalInfo/sample': 'true' } }],
    ['archived', { unmapped: { RecordState: 'ARCHIVED', Sample: 'false' } }],
    ['active', { unmapped: { RecordState: 'ACTIVE', Sample: 'false' } }],
  ])('in OCSF is %s with %j', (status, changes) => {
    expect(read(ocsf(changes), V2).status).toBe(status)
  })

  test.each([
    ['RecordState', { RecordState: 'GONE' }],
    ['RecordState', { RecordState: undefined }],
    ['Workflow.Status', { Workflow: { Status: 'PARKED' } }],
    ['Workflow.Status', { Workflow: undefined }],
    ['Compliance.Status', { Compliance: undefined }],
  ])('that is not known in %s is no finding', (field, changes) => {
    expect(fault(asff(changes)).field).toBe(field)
  })

  test.each([
    ['activity_id', { activity_id: 99 }],
    ['status_id', { status_id: 99 }],
    ['compliance.status_id', { compliance: undefined }],
    ['unmapped.RecordState', { unmapped: { RecordState: 'GONE' } }],
  ])('that is not known in %s of OCSF is no finding', (field, changes) => {
    expect(fault(ocsf(changes), V2).field).toBe(field)
  })
})

test('a coverage finding is told for information', () => {
  const info = { uid: 'arn:2', title: 'GuardDuty is not enabled', types: ['Posture Management', 'Coverage'] }
  expect(read(ocsf({ finding_info: info }), V2).status).toBe('notice')
})

test('an exposure is a finding of Security Hub with a type of its own', () => {
  const info = {
    uid: 'arn:3',
    title: 'Reachable and exploitable',
    types: ['Exposure'],
    analytic: { name: 'Exposure' },
  }
  const found = read(ocsf({ class_uid: 2004, compliance: undefined, finding_info: info }), V2)
  expect(found).toMatchObject({ source: 'securityhub', type: 'Exposure', status: 'active' })
  expect(found.via).toBeUndefined()
})

test('a product that is not known cannot pass for a control of Security Hub', () => {
  const found = read(asff({ ProductArn: 'arn:aws:securityhub:eu-west-1::product/acme/scanner' }))
  expect(found).toMatchObject({ source: 'securityhub', type: 'acme/scanner:security-control/EC2.19' })
})

test('OCSF of anybody else, and about another cloud, is refused', () => {
  expect(fault(ocsf({ metadata: { product: { name: 'EDR', uid: 'edr' } } })).code).toBe('unknownShape')
  expect(fault(ocsf({ cloud: { provider: 'Azure', account: { uid: ACCOUNT } } })).field).toBe(
    'cloud.provider',
  )
})

test('another event of Security Hub is no finding', () => {
  expect(fault({ hubArn: 'arn' }, { ...TOLD, detailType: 'Security Hub Something New' }).code).toBe(
    'unknownShape',
  )
})
