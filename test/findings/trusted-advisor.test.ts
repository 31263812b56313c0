import { describe, expect, test } from '@jest/globals'
import { bus, onlyOne, readWith } from './aws-detectors.ts'

const item = (name: string, cells: object, more: object = {}) =>
  bus('aws.trustedadvisor', 'Trusted Advisor Check Item Refresh Notification', {
    'check-name': name,
    'check-item-detail': cells,
    status: 'ERROR',
    resource_id: '',
    uuid: 'row-1',
    ...more,
  })

const IN = { Region: 'eu-west-1' }
const ACCOUNT = ['AWS::::Account', '111122223333']

describe('the security checks', () => {
  test.each([
    [
      'Security Groups - Unrestricted Access',
      { ...IN, 'SG ID': 'sg-0a1b2c3d4e5f60718', Port: '22' },
      '1iG5NDGVre',
      ['AWS::EC2::SecurityGroup', 'sg-0a1b2c3d4e5f60718'],
      { ports: [22] },
    ],
    [
      'Security Groups – Unrestricted Access',
      {
        ...IN,
        'Security Group ID': 'sg-0a1b2c3d4e5f60718 (vpc-0a1b2c3d)',
        'From Port': '20',
        'To Port': '22',
      },
      '1iG5NDGVre',
      ['AWS::EC2::SecurityGroup', 'sg-0a1b2c3d4e5f60718'],
      { ports: [20, 21, 22] },
    ],
    [
      'Security Groups - Specific Ports Unrestricted',
      { ...IN, 'SG ID': 'sg-0a1b2c3d4e5f60718', Protocol: 'udp', Ports: '53' },
      'HCP4007jGY',
      ['AWS::EC2::SecurityGroup', 'sg-0a1b2c3d4e5f60718'],
      {},
    ],
    ['MFA on Root Account', {}, '7DAFEmoDos', ACCOUNT, {}],
    [
      'IAM Access Key Rotation',
      { Status: 'Red', 'IAM user': 'build', 'Access Key': 'AKIAEXAMPLE' },
      'DqdJqYeRm5',
      ['AWS::IAM::AccessKey', 'AKIAEXAMPLE'],
      { principal: 'build', userType: 'IAMUser' },
    ],
    [
      'Security Groups - Specific Ports Unrestricted',
      { ...IN, 'Security Group ID': 'sg-0a1b2c3d4e5f60718', Ports: '3306, 5432-5433' },
      'HCP4007jGY',
      ['AWS::EC2::SecurityGroup', 'sg-0a1b2c3d4e5f60718'],
      { ports: [3306, 5432, 5433] },
    ],
    [
      'Amazon EBS Public Snapshots',
      { ...IN, 'Snapshot ID': 'snap-0a1b2c3d4e5f60718', 'Volume ID': 'vol-0a1b2c3d4e5f60718' },
      'ePs02jT06w',
      ['AWS::EC2::Snapshot', 'snap-0a1b2c3d4e5f60718'],
      {},
    ],
    [
      'Amazon RDS Security Group Access Risk',
      { ...IN, 'RDS SG Name': 'legacy' },
      'nNauJisYIT',
      ['AWS::RDS::DBSecurityGroup', 'legacy'],
      {},
    ],
    [
      'Amazon RDS Backups',
      { 'Region/AZ': 'eu-west-1a', 'DB Instance': 'orders', 'Backup Retention Period': '0' },
      'opQPADkZvH',
      ['AWS::RDS::DBInstance', 'orders'],
      {},
    ],
    [
      'Amazon RDS Public Snapshots',
      { ...IN, 'Snapshot ID': 'orders-1' },
      'rSs93HQwa1',
      ['AWS::RDS::DBSnapshot', 'orders-1'],
      {},
    ],
    [
      'Amazon Route 53 MX Resource Record Sets and Sender Policy Framework',
      { 'Hosted Zone ID': 'Z1EXAMPLE' },
      'c9D319e7sG',
      ['AWS::Route53::HostedZone', 'Z1EXAMPLE'],
      {},
    ],
    [
      'Amazon S3 Bucket Permissions',
      {
        'Region Name': 'Ireland',
        'Region API Parameter': 'eu-west-1',
        'Bucket Name': 'open',
        'ACL Allows List': 'Yes',
      },
      'Pfx0RwqBli',
      ['AWS::S3::Bucket', 'open'],
      {},
    ],
    [
      'AWS CloudTrail Logging',
      { ...IN, 'Trail Name': 'main', 'Logging Status': 'Off' },
      'vjafUGJ9H0',
      ['AWS::CloudTrail::Trail', 'main'],
      {},
    ],
    [
      'ELB Security Groups',
      { ...IN, 'Load Balancer Name': 'web', 'Security Group IDs': 'sg-0a1b2c3d, sg-1a2b3c4d' },
      'xSqX82fQu',
      ['AWS::ElasticLoadBalancing::LoadBalancer', 'web'],
      { groups: ['sg-0a1b2c3d', 'sg-1a2b3c4d'] },
    ],
    [
      'Application Load Balancer Security Groups',
      { ...IN, 'ALB Name': 'web', 'ALB SG ID': 'sg-0a1b2c3d', 'Target SG ID': 'sg-1a2b3c4d' },
      '8604e947f2',
      ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'web'],
      { groups: ['sg-0a1b2c3d'] },
    ],
    [
      'Amazon CloudWatch Log Group Retention Period',
      { ...IN, Resource: '/aws/lambda/orders', 'AWS Config Rule': 'cw-loggroup-retention-period-check' },
      'c18d2gz186',
      ['AWS::Logs::LogGroup', '/aws/lambda/orders'],
      {},
    ],
    ['IAM Use', {}, 'zXCkfM1nI3', ACCOUNT, {}],
    ['IAM Password Policy', { 'Password Policy': 'Disabled' }, 'Yw2K9puPzl', ACCOUNT, {}],
    [
      'CloudFront Custom SSL Certificates in the IAM Certificate Store',
      { 'Distribution ID': 'E1EXAMPLE' },
      'N425c450f2',
      ['AWS::CloudFront::Distribution', 'E1EXAMPLE'],
      {},
    ],
    [
      'CloudFront SSL Certificate on the Origin Server',
      { 'Distribution ID': 'E1EXAMPLE' },
      'N430c450f2',
      ['AWS::CloudFront::Distribution', 'E1EXAMPLE'],
      {},
    ],
    [
      'Exposed Access Keys',
      { 'Access Key ID': 'AKIAEXAMPLE', 'User Name (IAM or Root)': 'Root' },
      '12Fnkpl8Y5',
      ['AWS::IAM::AccessKey', 'AKIAEXAMPLE'],
      { userType: 'Root' },
    ],
  ])('%s %j is %s', (name, cells, type, [resourceType, id], evidence) => {
    const finding = onlyOne(item(name, cells))
    expect(finding).toMatchObject({
      type,
      status: 'active',
      severity: 'HIGH',
      account: '111122223333',
      evidence,
    })
    expect(finding.resources).toEqual([{ type: resourceType, id }])
    expect(finding.region).toBe(JSON.stringify(cells).includes('eu-west-1') ? 'eu-west-1' : 'us-east-1')
  })

  test('of a cluster’s snapshot go by its ARN', () => {
    const arn = 'arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:orders-1'
    const finding = onlyOne(
      item('Amazon RDS Public Snapshots', { ...IN, 'Snapshot ID': 'orders-1' }, { resource_id: arn }),
    )
    expect(finding.resources).toEqual([{ type: 'AWS::RDS::DBClusterSnapshot', id: 'orders-1', arn }])
  })

  test('name a range of all ports by none', () => {
    const cells = { ...IN, 'SG ID': 'sg-0a1b2c3d', 'From Port': '0', 'To Port': '65535' }
    expect(onlyOne(item('Security Groups - Unrestricted Access', cells)).evidence.ports).toBeUndefined()
  })
})

test('what is in a region is never taken for being in that of the event', () => {
  const { rejected } = readWith(item('Amazon EBS Public Snapshots', { 'Snapshot ID': 'snap-0a1b2c3d' }))
  expect(rejected).toEqual([{ code: 'missingField', field: 'check-item-detail.Region' }])
})

test('an ARN of another account is left out, and what it names stays under its id', () => {
  const arn = 'arn:aws:s3:eu-west-1:444455556666:accesspoint/open'
  expect(onlyOne(item('Some new check', IN, { resource_id: arn })).resources).toEqual([
    { type: 'AWS::S3::AccessPoint', id: 'open' },
  ])
})

describe('the state of an item', () => {
  test.each([
    ['ERROR', 'Red', 'active', 'HIGH'],
    ['WARN', 'Yellow', 'active', 'MEDIUM'],
    ['INFO', 'Blue', 'notice', 'INFORMATIONAL'],
    ['OK', 'Green', 'passed', 'INFORMATIONAL'],
    [undefined, 'warning', 'active', 'MEDIUM'],
    [undefined, 'ok', 'passed', 'INFORMATIONAL'],
    // Two words that differ: the one that asks for nothing counts.
    ['ERROR', 'Green', 'passed', 'HIGH'],
  ])('%s with the colour %s is %s', (status, Status, expected, severity) => {
    expect(onlyOne(item('IAM Use', { Status }, { status }))).toMatchObject({ status: expected, severity })
  })

  test.each([
    ['FINE', 'unknownShape'],
    [undefined, 'missingField'],
  ])('%p alone is refused', (status, code) => {
    expect(readWith(item('IAM Use', {}, { status })).rejected).toMatchObject([{ code, field: 'status' }])
  })

  test('of a bucket that could not be checked asks for nothing', () => {
    const cells = {
      'Region API Parameter': 'eu-west-1',
      'Bucket Name': 'closed',
      'ACL Allows List': '',
      Status: 'Yellow',
    }
    expect(onlyOne(item('Amazon S3 Bucket Permissions', cells, { status: 'WARN' })).status).toBe('notice')
  })
})
