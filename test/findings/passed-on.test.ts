import { describe, expect, test } from '@jest/globals'
import { BadEvent } from '../../src/findings/bad-event.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { Fields } from '../../src/findings/json-object.ts'
import { config } from '../../src/findings/sources/config.ts'
import { guardDuty } from '../../src/findings/sources/guardduty.ts'
import { prowler } from '../../src/findings/sources/prowler.ts'
import { securityHub } from '../../src/findings/sources/securityhub/securityhub.ts'
import type { SourceReader } from '../../src/findings/sources/source.ts'
import type { Told } from '../../src/findings/wrapping.ts'
import { sample } from './hand-written-events.ts'

const TOLD: Told = { source: 'aws.securityhub', detailType: 'Security Hub Findings - Imported' }

const read = (reader: SourceReader, body: Fields, told: Told = {}) => reader.read(body, told) as Finding

/** The same finding as far as a playbook and a run tell it apart. */
function identity({ source, type, id, severity, account, region, resources }: Finding) {
  const names = resources.map((each) => `${each.type} ${each.id}`)
  return { source, type, id, severity, account, region, names }
}

const hubForm = (told: Finding, changes: Fields): Fields => ({
  SchemaVersion: '2018-10-08',
  AwsAccountId: told.account,
  Region: told.region,
  Title: told.title,
  UpdatedAt: told.observedAt,
  Severity: { Label: told.severity },
  Workflow: { Status: 'NEW' },
  RecordState: 'ACTIVE',
  ...changes,
})

describe('what Security Hub passes on is the finding that the detector itself tells', () => {
  test('of AWS Config', () => {
    const detail = sample('config-compliance-restricted-ssh').detail as Fields
    const told = read(config, detail)
    const passed = read(
      securityHub,
      hubForm(told, {
        Id: `arn:aws:config:${told.region}:${told.account}:config-rule/config-rule-a/finding/1`,
        ProductArn: `arn:aws:securityhub:${told.region}::product/aws/config`,
        GeneratorId: `arn:aws:config:${told.region}:${told.account}:config-rule/config-rule-a`,
        Compliance: { Status: 'FAILED' },
        ProductFields: { 'aws/config/ConfigRuleName': detail.configRuleName },
        Resources: [
          {
            Type: 'AwsEc2SecurityGroup',
            Id: `arn:aws:ec2:${told.region}:${told.account}:security-group/${told.resources[0]!.id}`,
          },
        ],
      }),
      TOLD,
    )
    expect(identity(passed)).toEqual(identity(told))
    expect(passed.via).toBe('securityhub')
    expect(passed.evidence.ports).toEqual(told.evidence.ports)
  })

  test('of GuardDuty, as the same version', () => {
    const detail = sample('guardduty-port-probe').detail as { arn: string; type: string; service: Fields }
    const told = read(guardDuty, detail)
    const { arn, type, service } = detail
    const passed = read(
      securityHub,
      hubForm(told, {
        Id: arn,
        ProductArn: `arn:aws:securityhub:${told.region}::product/aws/guardduty`,
        GeneratorId: arn.split('/finding/')[0],
        Types: [`TTPs/Discovery/${type.replace('/', '-')}`],
        Action: service.action,
        ProductFields: {
          'aws/guardduty/service/count': String(service.count),
          'aws/guardduty/service/resourceRole': service.resourceRole,
        },
        Resources: [
          {
            Type: 'AwsEc2Instance',
            Id: `arn:aws:ec2:${told.region}:${told.account}:instance/${told.resources[0]!.id}`,
          },
        ],
      }),
      TOLD,
    )
    expect(identity(passed)).toEqual(identity(told))
    expect(passed.version).toBe(told.version)
    expect(passed.evidence.remotes).toEqual(told.evidence.remotes)
    expect(passed.evidence.role).toBe(told.evidence.role)
  })
})

const ACCOUNT = '111122223333'
const BUCKET = 'arn:aws:s3:::data'

const prowlerAsff = (changes: Fields = {}): Fields => ({
  SchemaVersion: '2018-10-08',
  Id: `prowler-s3_bucket_public_access-${ACCOUNT}-eu-west-1-000000000`,
  ProductArn: 'arn:aws:securityhub:eu-west-1::product/prowler/prowler',
  GeneratorId: 'prowler-s3_bucket_public_access',
  AwsAccountId: ACCOUNT,
  Title: 'Bucket is public',
  UpdatedAt: '2026-10-01T10:00:00Z',
  Severity: { Label: 'HIGH' },
  Resources: [{ Type: 'AwsS3Bucket', Id: BUCKET, Region: 'eu-west-1' }],
  Compliance: { Status: 'FAILED' },
  RecordState: 'ACTIVE',
  ...changes,
})

const prowlerOcsf = (changes: Fields = {}): Fields => ({
  class_uid: 2004,
  activity_id: 1,
  status: 'New',
  status_id: 1,
  status_code: 'FAIL',
  severity: 'High',
  time: 1_790_848_800,
  cloud: { account: { uid: ACCOUNT }, provider: 'aws', region: 'eu-west-1' },
  finding_info: { uid: 'prowler-aws-s3_bucket_public_access', title: 'Bucket is public' },
  metadata: { event_code: 's3_bucket_public_access', product: { uid: 'prowler', name: 'Prowler' } },
  resources: [{ type: 'AwsS3Bucket', uid: BUCKET, region: 'eu-west-1' }],
  ...changes,
})

const HIGH_RISK =
  'Security group web (sg-1) has the following high-risk ports open to the Internet: 25, 8088.'

test.each<[string, Fields]>([
  ['OCSF', prowlerOcsf({ status_detail: HIGH_RISK })],
  ['ASFF', prowlerAsff({ Description: HIGH_RISK })],
])('which high-risk ports are open is said in a sentence of Prowler, in %s', (_, body) => {
  expect(read(prowler, body).evidence).toEqual({ ports: [25, 8088] })
})

describe('Prowler', () => {
  test.each([
    ['active', {}],
    ['passed', { Compliance: { Status: 'PASSED' } }],
    ['muted', { Compliance: { Status: 'WARNING' } }],
    ['notice', { Compliance: { Status: 'NOT_AVAILABLE' } }],
    ['archived', { RecordState: 'ARCHIVED' }],
    ['suppressed', { Workflow: { Status: 'SUPPRESSED' } }],
  ])('is %s in ASFF with %j', (status, changes) => {
    expect(read(prowler, prowlerAsff(changes)).status).toBe(status)
  })

  test.each([
    ['active', {}],
    ['passed', { status_code: 'PASS' }],
    ['muted', { status: 'Suppressed', status_id: 3 }],
    ['notice', { status_code: 'MANUAL' }],
  ])('is %s in OCSF with %j', (status, changes) => {
    expect(read(prowler, prowlerOcsf(changes)).status).toBe(status)
  })

  test('is passed on by Security Hub when Security Hub tells it, and then says whether anybody worked on it', () => {
    expect(read(prowler, prowlerAsff()).via).toBeUndefined()
    const told = prowlerAsff({ Workflow: { Status: 'NEW' } })
    expect(read(securityHub, told, TOLD)).toMatchObject({ source: 'prowler', via: 'securityhub' })
    const stored = prowlerAsff({ ProductFields: { 'aws/securityhub/FindingId': 'arn' } })
    expect(() => read(prowler, stored)).toThrow(expect.objectContaining({ field: 'Workflow.Status' }))
  })

  test('names what it checked by the same id in both forms', () => {
    const [asff, ocsf] = [read(prowler, prowlerAsff()), read(prowler, prowlerOcsf())]
    expect(ocsf.id).toMatch(/^prowler-s3_bucket_public_access-111122223333-eu-west-1-[0-9a-f]{9}$/)
    expect({ ...ocsf, id: '' }).toEqual({ ...asff, id: '' })
  })

  test.each([
    ['status_code', { status_code: undefined }],
    ['status_code', { status_code: 'PERHAPS' }],
    ['cloud.provider', { cloud: { provider: 'gcp', account: { uid: 'project' } } }],
  ])('with a bad %s is refused', (field, changes) => {
    expect(() => read(prowler, prowlerOcsf(changes))).toThrow(BadEvent)
    expect(() => read(prowler, prowlerOcsf(changes))).toThrow(expect.objectContaining({ field }))
  })
})
