import type { Fields } from '../../src/findings/json-object.ts'

/** What detectors answer of a group, in the words of their APIs. */
const ACCOUNT = '123456789012'
const REGION = 'eu-west-1'
export const groupArn = (id: string): string => `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/${id}`

/** The control of Security Hub on ports with high risk. */
export const inHub = (id: string, at: string, more: Fields = {}): Fields => ({
  SchemaVersion: '2018-10-08',
  Id: `arn:aws:securityhub:${REGION}:${ACCOUNT}:security-control/EC2.13/finding/${id}`,
  ProductArn: `arn:aws:securityhub:${REGION}::product/aws/securityhub`,
  ProductName: 'Security Hub',
  GeneratorId: 'security-control/EC2.13',
  AwsAccountId: ACCOUNT,
  Region: REGION,
  Title: 'Security groups should not allow ingress from 0.0.0.0/0 to port 22',
  Types: ['Software and Configuration Checks'],
  CreatedAt: at,
  UpdatedAt: at,
  Severity: { Label: 'HIGH', Normalized: 70 },
  Resources: [{ Type: 'AwsEc2SecurityGroup', Id: groupArn(id), Region: REGION }],
  Compliance: { Status: 'FAILED', SecurityControlId: 'EC2.13' },
  Workflow: { Status: 'NEW' },
  RecordState: 'ACTIVE',
  ...more,
})

export const inGuardDuty = (id: string, at: string, service: Fields = {}, more: Fields = {}): Fields => ({
  AccountId: ACCOUNT,
  Arn: `arn:aws:guardduty:${REGION}:${ACCOUNT}:detector/d0/finding/${id}`,
  CreatedAt: at,
  UpdatedAt: at,
  Id: id,
  Partition: 'aws',
  Region: REGION,
  SchemaVersion: '2.0',
  Severity: 2,
  Title: 'An unprotected port is being probed',
  Type: 'Recon:EC2/PortProbeUnprotectedPort',
  Resource: { ResourceType: 'Instance', InstanceDetails: { InstanceId: 'i-0a1b2c3d4e5f60718' } },
  Service: { ServiceName: 'guardduty', DetectorId: 'd0', Archived: false, Count: 1, ...service },
  ...more,
})

export const analyzer = (name: string, more: Fields = {}): Fields => ({
  arn: `arn:aws:access-analyzer:${REGION}:${ACCOUNT}:analyzer/${name}`,
  name,
  type: 'ACCOUNT',
  status: 'ACTIVE',
  createdAt: new Date('2026-01-01T00:00:00Z'),
  ...more,
})

export const inAnalyzer = (bucket: string, at: string, more: Fields = {}): Fields => ({
  id: `access-to-${bucket}`,
  principal: { AWS: '*' },
  action: ['s3:GetObject'],
  resource: `arn:aws:s3:::${bucket}`,
  isPublic: true,
  resourceType: 'AWS::S3::Bucket',
  condition: {},
  createdAt: new Date(at),
  analyzedAt: new Date(at),
  updatedAt: new Date(at),
  status: 'ACTIVE',
  resourceOwnerAccount: ACCOUNT,
  ...more,
})

export const inInspector = (id: string, at: string, more: Fields = {}): Fields => ({
  findingArn: `arn:aws:inspector2:${REGION}:${ACCOUNT}:finding/${id}`,
  awsAccountId: ACCOUNT,
  type: 'PACKAGE_VULNERABILITY',
  title: 'CVE-2026-1 - curl',
  description: 'curl',
  severity: 'HIGH',
  status: 'ACTIVE',
  fixAvailable: 'YES',
  firstObservedAt: new Date(at),
  lastObservedAt: new Date(at),
  updatedAt: new Date(at),
  packageVulnerabilityDetails: { vulnerablePackages: [{ name: 'curl', version: '1', packageManager: 'OS' }] },
  resources: [{ type: 'AWS_EC2_INSTANCE', id: 'i-0a1b2c3d4e5f60718', region: REGION }],
  remediation: {},
  ...more,
})
