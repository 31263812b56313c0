import { describe, expect, test } from '@jest/globals'
import { BadEvent } from '../../src/findings/bad-event.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { Fields } from '../../src/findings/json-object.ts'
import { controlId } from '../../src/findings/sources/securityhub/control-id.ts'
import { securityHub } from '../../src/findings/sources/securityhub/securityhub.ts'
import type { Told } from '../../src/findings/wrapping.ts'

const ACCOUNT = '111122223333'
const GROUP = `arn:aws:ec2:eu-west-1:${ACCOUNT}:security-group/sg-0a1b2c3d4e5f60718`
const TOLD: Told = {
  source: 'aws.securityhub',
  detailType: 'Security Hub Findings - Imported',
  account: '999988887777',
  region: 'us-east-1',
}
const V2: Told = { ...TOLD, detailType: 'Findings Imported V2' }

const asff = (changes: Fields = {}): Fields => ({
  SchemaVersion: '2018-10-08',
  Id: `arn:aws:securityhub:eu-west-1:${ACCOUNT}:security-control/EC2.19/finding/1`,
  ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub',
  GeneratorId: 'security-control/EC2.19',
  AwsAccountId: ACCOUNT,
  Title: 'Security groups should not allow unrestricted access to ports with high risk',
  UpdatedAt: '2026-10-01T10:00:00.000Z',
  Severity: { Label: 'CRITICAL', Normalized: 90 },
  Resources: [{ Type: 'AwsEc2SecurityGroup', Id: GROUP, Region: 'eu-west-1' }],
  Compliance: { Status: 'FAILED', SecurityControlId: 'EC2.19' },
  Workflow: { Status: 'NEW' },
  WorkflowState: 'NEW',
  RecordState: 'ACTIVE',
  ...changes,
})

const ocsf = (changes: Fields = {}): Fields => ({
  class_uid: 2003,
  activity_id: 1,
  activity_name: 'Create',
  status_id: 1,
  status: 'New',
  severity_id: 5,
  severity: 'Critical',
  time: 1_790_848_800_000,
  cloud: { account: { uid: ACCOUNT }, provider: 'AWS', region: 'eu-west-1' },
  compliance: { control: 'EC2.19', status: 'Fail', status_id: 3 },
  finding_info: { uid: 'arn:1', title: 'Open ports', types: ['Posture Management'] },
  metadata: {
    product: { uid: 'arn:aws:securityhub:eu-west-1::productv2/aws/securityhub', name: 'Security Hub' },
  },
  resources: [{ type: 'AWS::EC2::SecurityGroup', uid: GROUP, region: 'eu-west-1' }],
  ...changes,
})

const read = (body: Fields, told: Told = TOLD) => securityHub.read(body, told) as Finding
const fault = (body: Fields, told: Told = TOLD): BadEvent => {
  try {
    read(body, told)
  } catch (error) {
    if (error instanceof BadEvent) return error
    throw error
  }
  throw new Error('was read')
}

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
})

describe('the state', () => {
  test.each([
    ['archived', { RecordState: 'ARCHIVED' }],
    ['suppressed', { Workflow: { Status: 'SUPPRESSED' } }],
    ['resolved', { Workflow: { Status: 'RESOLVED' } }],
    ['passed', { Compliance: { Status: 'PASSED' }, Workflow: { Status: 'RESOLVED' } }],
    ['notice', { Compliance: { Status: 'NOT_AVAILABLE' } }],
    ['notice', { Compliance: { Status: 'WARNING' } }],
    ['sample', { Sample: true }],
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

test('GuardDuty in ASFF names every prober of each port', () => {
  const probe = (port: number, address: string) => ({
    LocalPortDetails: { Port: port },
    RemoteIpDetails: { IpAddressV4: address },
  })
  const changes = {
    ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty',
    Id: `arn:aws:guardduty:eu-west-1:${ACCOUNT}:detector/d/finding/f`,
    Types: ['TTPs/Discovery/Recon:EC2-PortProbeUnprotectedPort'],
    Compliance: undefined,
    Resources: [
      { Type: 'AwsEc2Instance', Id: `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-0a1b2c3d4e5f60718` },
    ],
  }
  const remotes = [
    { address: '198.51.100.7', localPort: 22, direction: 'INBOUND' },
    { address: '2001:db8::9', localPort: 3389, direction: 'INBOUND' },
  ]
  const action = {
    PortProbeAction: {
      PortProbeDetails: [
        probe(22, '198.51.100.7'),
        { LocalPortDetails: { Port: 3389 }, RemoteIpDetails: { IpAddressV6: '2001:db8::9' } },
      ],
    },
  }
  const way = 'aws/guardduty/service/action/portProbeAction/portProbeDetails'
  const fields = {
    [`${way}.0_/localPortDetails/port`]: '22',
    [`${way}.0_/remoteIpDetails/ipAddressV4`]: '198.51.100.7',
    [`${way}.1_/localPortDetails/port`]: '3389',
    [`${way}.1_/remoteIpDetails/ipAddressV6`]: '2001:db8::9',
    'aws/guardduty/service/resourceRole': 'TARGET',
  }
  const found = read(asff({ ...changes, Action: action }))
  expect(found).toMatchObject({
    source: 'guardduty',
    via: 'securityhub',
    id: 'f',
    type: 'Recon:EC2/PortProbeUnprotectedPort',
  })
  expect(found.evidence).toMatchObject({ remotes, ports: [22, 3389] })
  expect(read(asff({ ...changes, ProductFields: fields })).evidence).toMatchObject({
    role: 'TARGET',
    remotes,
    ports: [22, 3389],
  })
})

test.each([
  ['INBOUND', '198.51.100.7', 22],
  ['OUTBOUND', '10.0.0.1', 40_000],
])('in OCSF the far side of an %s connection is the other end', (direction, address, localPort) => {
  const body = ocsf({
    class_uid: 2004,
    compliance: undefined,
    metadata: { product: { uid: 'arn:aws:securityhub:eu-west-1::productv2/aws/guardduty' } },
    finding_info: {
      uid: 'arn:aws:guardduty:r:a:detector/d/finding/f',
      title: 't',
      types: ['Threats', 'Backdoor:EC2/Spambot'],
    },
    evidences: [
      {
        connection_info: { direction },
        src_endpoint: { ip: '198.51.100.7', port: 40_000 },
        dst_endpoint: { ip: '10.0.0.1', port: 22 },
      },
    ],
  })
  expect(read(body, V2).evidence.remotes).toEqual([{ address, localPort, direction }])
})

test('names of product fields that are hostile plant nothing outside', () => {
  const fields = JSON.parse(
    '{"action/__proto__/polluted":"x","action/constructor/prototype/polluted":"x","action/a.9999_/b":"x"}',
  )
  const changes = {
    ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty',
    Types: ['Recon:EC2-Portscan'],
  }
  expect(read(asff({ ...changes, ProductFields: fields })).evidence).toEqual({})
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test.each([
  ['EC2.19', 'security-control/EC2.19'],
  ['EC2.19', 'aws-foundational-security-best-practices/v/1.0.0/EC2.19'],
  ['EC2.13', 'nist-800-53/v/5.0.0/EC2.13'],
  ['EC2.13', 'arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.1'],
  ['EC2.13', 'pci-dss/v/3.2.1/PCI.EC2.5'],
  ['EC2.21', 'cis-aws-foundations-benchmark/v/1.4.0/5.1'],
  ['CloudWatch.10', 'arn:aws:securityhub:eu-west-1:1:control/cis-aws-foundations-benchmark/v/1.2.0/3.10'],
  ['ELB.1', 'aws-foundational-security-best-practices/v/1.0.0/ELBv2.1'],
  ['CloudTrail.2', 'service-managed-aws-control-tower/v/1.0.0/CloudTrail.2'],
  ['cis-aws-foundations-benchmark/v/9.0.0/4.1', 'cis-aws-foundations-benchmark/v/9.0.0/4.1'],
  [undefined, 'lambda-finding'],
])('the control %s is named by %s', (control, said) => {
  expect(controlId(said)).toBe(control)
})
