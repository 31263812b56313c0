import { expect, test } from '@jest/globals'
import { parseEvents } from '../../src/findings/read.ts'
import { bus } from '../findings/aws-detectors.ts'
import { openGroup } from './approval-scenes.ts'
import { AUTO, sshOpen, start } from './simulated-world.ts'

const ACCOUNT = '123456789012'
const REGION = 'eu-west-1'
const GROUP = 'sg-0a1b2c3d4e5f60718'
const ARN = `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/${GROUP}`
const TIME = '2026-03-04T09:15:23.000Z'
const HUB = `arn:aws:securityhub:${REGION}:${ACCOUNT}:subscription`

/** Security Hub's control under one of its standards, without consolidation. */
const underStandard = (generator: string) => ({
  SchemaVersion: '2018-10-08',
  Id: `${HUB}/${generator}/finding/1`,
  ProductArn: `arn:aws:securityhub:${REGION}::product/aws/securityhub`,
  GeneratorId: generator,
  AwsAccountId: ACCOUNT,
  Types: ['Software and Configuration Checks'],
  CreatedAt: TIME,
  UpdatedAt: TIME,
  Severity: { Label: 'HIGH' },
  Title: 'Port 22 is open',
  Resources: [{ Type: 'AwsEc2SecurityGroup', Id: ARN, Region: REGION }],
  Compliance: { Status: 'FAILED' },
  Workflow: { Status: 'NEW' },
  RecordState: 'ACTIVE',
})

/** A finding in OCSF, of the second version of Security Hub or of Prowler's file. */
const ocsf = (uid: string, product: string, more: object) => ({
  class_uid: 2003,
  activity_id: 1,
  status_id: 1,
  status_code: 'FAIL',
  severity: 'High',
  cloud: { provider: 'aws', account: { uid: ACCOUNT }, region: REGION },
  finding_info: { uid, title: 'Port 22 is open', created_time_dt: TIME },
  resources: [{ type: 'AwsEc2SecurityGroup', uid: ARN, region: REGION }],
  compliance: { control: 'EC2.13', status: 'Fail' },
  metadata: { product: { uid: product }, ...more },
})

const EVENTS = [
  bus('aws.securityhub', 'Security Hub Findings - Imported', {
    findings: [
      underStandard('aws-foundational-security-best-practices/v/1.0.0/EC2.13'),
      underStandard('arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.1'),
      underStandard('pci-dss/v/3.2.1/PCI.EC2.5'),
    ],
  }),
  bus('aws.securityhub', 'Findings Imported V2', {
    findings: [ocsf('v2', `arn:aws:securityhub:${REGION}::productv2/aws/securityhub`, {})],
  }),
  {
    ...bus('aws.trustedadvisor', 'Trusted Advisor Check Item Refresh Notification', {
      'check-name': 'Security Groups - Specific Ports Unrestricted',
      'check-item-detail': { Region: REGION, 'Security Group ID': GROUP, Protocol: 'tcp', Ports: '22' },
      status: 'WARN',
      resource_id: '',
      uuid: 'row-1',
    }),
    account: ACCOUNT,
    region: 'us-east-1',
  },
  ocsf('prowler-1', 'prowler', {
    event_code: 'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
  }),
]

test('one hole that Config, Security Hub, Trusted Advisor and Prowler report is one run, with all findings on it', async () => {
  const world = openGroup(AUTO, GROUP)
  const { findings, rejected } = parseEvents(EVENTS, 'events.json')
  expect(rejected).toEqual([])
  const { runs } = await start(world).engine.handle([sshOpen(world, GROUP), ...findings], 'apply')

  expect(runs).toMatchObject([{ outcome: 'remediated', target: { resource: ARN } }])
  const told = runs[0]!.findings.map(({ source, type }) => `${source} ${type}`)
  expect(told.sort()).toEqual([
    'config INCOMING_SSH_DISABLED',
    'prowler ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
    'securityhub EC2.13',
    'securityhub EC2.13',
    'securityhub EC2.13',
    'securityhub EC2.13',
    'trustedadvisor HCP4007jGY',
  ])
  expect(world.aws.changes()).toHaveLength(1)
})
