import { accountItself, found, type Row, refused } from './row.ts'

const ssm = found('ssm')
const schedule = found('schedule')
const state = found('cloudtrail')
const SSM = 'ssm-eb-amazon-cloudwatch-events-user-guide'
const KMS = 'kms-eb-amazon-cloudwatch-events-user-guide'
const INSTANCE: [string, string] = ['AWS::EC2::Instance', 'i-01234567890abcdef']
const KEY: [string, string] = ['AWS::KMS::Key', '1234abcd-12ab-34cd-56ef-1234567890ab']
const PARAMETER: [string, string] = ['AWS::SSM::Parameter', 'foo']

/** What services tell of themselves; ARNs of other accounts in the guides' examples name nothing of the sender's. */
export const NOTICES: Row[] = [
  ssm(SSM, 'notice', 'EC2 Command Status-change Notification', 'INFORMATIONAL', '123456789012 us-east-1', [
    ['AWS::EC2::Instance', 'i-abcd1111'],
  ]),
  ssm(
    `${SSM}-2`,
    'notice',
    'EC2 Command Invocation Status-change Notification',
    'INFORMATIONAL',
    '123456789012 us-east-1',
    [['AWS::EC2::Instance', 'i-abcd1111']],
  ),
  ssm(
    `${SSM}-4`,
    'notice',
    'EC2 Automation Execution Status-change Notification',
    'INFORMATIONAL',
    '123456789012 us-east-1',
    [['AWS::SSM::AutomationExecution', '333ba70b-2333-48db-b17e-a5e69c6f4d1c']],
  ),
  ssm(
    `${SSM}-6`,
    'notice',
    'EC2 State Manager Instance Association State Change',
    'INFORMATIONAL',
    '123456789012 us-east-1',
    [
      ['AWS::EC2::Instance', 'i-12345678'],
      ['AWS::SSM::Document', 'my-custom-document'],
    ],
  ),
  ssm(`${SSM}-7`, 'passed', 'Compliance:Association', 'MEDIUM', '123456789012 us-west-1', [INSTANCE]),
  ssm(`${SSM}-8`, 'active', 'Compliance:Association', 'MEDIUM', '123456789012 us-west-1', [INSTANCE]),
  ssm(`${SSM}-9`, 'passed', 'Compliance:Patch', 'CRITICAL', '123456789012 us-west-1', [INSTANCE]),
  ssm(`${SSM}-10`, 'active', 'Compliance:Patch', 'CRITICAL', '123456789012 us-west-1', [INSTANCE]),
  ssm(
    `${SSM}-15`,
    'notice',
    'Maintenance Window State-change Notification',
    'INFORMATIONAL',
    '012345678901 us-east-1',
    accountItself('012345678901'),
  ),
  ssm(`${SSM}-16`, 'notice', 'Parameter Store Change', 'INFORMATIONAL', '123456789012 us-east-1', [
    PARAMETER,
  ]),
  ssm(`${SSM}-18`, 'notice', 'Parameter Store Change', 'INFORMATIONAL', '123456789012 us-east-1', [
    PARAMETER,
  ]),
  found('tag')(
    'tag-eb-amazon-cloudwatch-events-user-guide',
    'active',
    'ec2:instance',
    'INFORMATIONAL',
    '123456789012 us-east-1',
    [['AWS::EC2::Instance', 'i-0000000aaaaaaaaaa']],
  ),
  state(KMS, 'notice', 'kms:KMS CMK Rotation', 'INFORMATIONAL', '111122223333 us-west-2', [KEY]),
  state(
    `${KMS}-2`,
    'notice',
    'kms:KMS Imported Key Material Expiration',
    'INFORMATIONAL',
    '111122223333 us-west-2',
    [KEY],
  ),
  state(`${KMS}-3`, 'notice', 'kms:KMS CMK Deletion', 'INFORMATIONAL', '111122223333 us-west-2', [KEY]),
  state(
    'ec2-eb-cloud-custodian-instance-state',
    'notice',
    'ec2:EC2 Instance State-change Notification',
    'INFORMATIONAL',
    '101010101111 us-east-1',
    [['AWS::EC2::Instance', 'i-a2d74f12']],
  ),
  state(
    'asg-eb-cloud-custodian-launch-failed',
    'notice',
    'autoscaling:EC2 Instance Launch Unsuccessful',
    'INFORMATIONAL',
    '619193117841 us-west-2',
    [['AWS::AutoScaling::AutoScalingGroup', 'CustodianTest']],
  ),
  schedule(
    'scheduled-eb-amazon-cloudwatch-events-user-guide',
    'notice',
    'MyScheduledRule',
    'INFORMATIONAL',
    '123456789012 us-east-1',
    [['AWS::Events::Rule', 'MyScheduledRule']],
  ),
  schedule(
    'scheduled-eb-cloud-custodian',
    'notice',
    'my-schedule',
    'INFORMATIONAL',
    '101010101111 us-east-1',
    accountItself('101010101111'),
  ),
  // Its detail is the text "{}".
  schedule(
    'scheduler-eb-transcribed-default-payload',
    'notice',
    'rg-patch-intimation',
    'INFORMATIONAL',
    '111122223333 us-east-2',
    [['AWS::Scheduler::Schedule', 'rg-patch-intimation']],
  ),
  refused('sns-lambda-powertools-lambda-python-plain', 'notJson'),
]
