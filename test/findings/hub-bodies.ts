import { BadEvent } from '../../src/findings/bad-event.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { Fields } from '../../src/findings/json-object.ts'
import { securityHub } from '../../src/findings/sources/securityhub/securityhub.ts'
import type { Told } from '../../src/findings/wrapping.ts'

export const ACCOUNT = '111122223333'
export const GROUP = `arn:aws:ec2:eu-west-1:${ACCOUNT}:security-group/sg-0a1b2c3d4e5f60718`
export const TOLD: Told = {
  source: 'aws.securityhub',
  detailType: 'Security Hub Findings - Imported',
  account: '999988887777',
  region: 'us-east-1',
}
export const V2: Told = { ...TOLD, detailType: 'Findings Imported V2' }

export const asff = (changes: Fields = {}): Fields => ({
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

export const ocsf = (changes: Fields = {}): Fields => ({
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

export const read = (body: Fields, told: Told = TOLD) => securityHub.read(body, told) as Finding
export const fault = (body: Fields, told: Told = TOLD): BadEvent => {
  try {
    read(body, told)
  } catch (error) {
    if (error instanceof BadEvent) return error
    throw error
  }
  throw new Error('was read')
}
