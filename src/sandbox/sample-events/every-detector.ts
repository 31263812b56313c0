import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'
import {
  commandEnded,
  groupOpened,
  keyExposed,
  patchComplianceLost,
  scheduleDue,
  tagsChanged,
} from './account-events.ts'
import {
  blockTakenAway,
  missingPatch,
  openToEverybody,
  reachablePort,
  unrestrictedPort,
} from './analyzers.ts'
import { configRule } from './config-rule.ts'
import type { SampleEvent } from './sample-events.ts'
import { failedCheck, policyNotified } from './scanners.ts'
import { controlImported, controlInOcsf, sentByAction } from './security-hub.ts'
import { attackSequence } from './several-resources.ts'
import { findingReported, published } from './topics.ts'

/** Not a key: those that AWS gives have other letters behind the first four. */
const KEY = 'AKIAEXAMPLE000000BOB'

/**
 * What every other detector would say about the seeds, each in the form in which it says it; what nobody answers, too.
 * The events by which the sandbox is shown are in `sample-events.ts`.
 */
export function detectorEvents(seeds: Record<string, string>): SampleEvent[] {
  const id: Seed = (name) => {
    const found = seeds[name]
    if (!found) throw new Error(`no seed is called ${name}`)
    return found
  }
  return [...ofSecurityHub(id), ...ofAnalyzers(id), ...ofActivity(id), ...withoutBus(id), ...unanswered(id)]
}

/** The id of a seed by its name. */
type Seed = (name: string) => string

const BUCKETS = ['exports-bucket', 'reports-bucket']
const ec2 = (kind: string, id: string, account = SANDBOX_ACCOUNT) =>
  `arn:aws:ec2:${SANDBOX_REGION}:${account}:${kind}/${id}`

function ofSecurityHub(id: Seed): SampleEvent[] {
  const open = { type: 'AwsEc2SecurityGroup', title: 'Security groups should not allow unrestricted access' }
  const group = (name: string) => ec2('security-group', id(name))
  return [
    {
      name: 'securityhub-control',
      about: 'Security Hub: a control that fails; all ports are open in one rule',
      event: controlImported({ ...open, control: 'EC2.19', resources: [group('range-open')] }),
    },
    {
      name: 'securityhub-custom-action',
      about: 'Security Hub: the same kind of finding, sent by a person who pressed a button',
      event: sentByAction('rectify', { ...open, control: 'EC2.13', resources: [group('split-halves')] }),
    },
    {
      name: 'securityhub-v2',
      about: 'Security Hub, second version: a control in OCSF; a prefix list holds the world',
      event: controlInOcsf({ ...open, control: 'EC2.13', resources: [group('prefix-list-open')] }),
    },
    {
      name: 'securityhub-two-buckets',
      about: 'Security Hub: one finding that names two buckets, which are two runs',
      event: controlImported({
        control: 'S3.8',
        title: 'S3 general purpose buckets should block public access',
        type: 'AwsS3Bucket',
        resources: BUCKETS.map((name) => `arn:aws:s3:::${id(name)}`),
      }),
    },
  ]
}

function ofAnalyzers(id: Seed): SampleEvent[] {
  const snapshot = ec2('snapshot', id('public-snapshot'), '')
  return [
    {
      name: 'inspector-reachable-port',
      about: 'Inspector: a port that can be reached from the internet, through a security group',
      event: reachablePort('1c0e7d5a9b3f48e2a6d4c8b7f0e1d2a3', id('web-server'), id('web-ssh-open'), 22),
    },
    {
      name: 'inspector-missing-patch',
      about: 'Inspector: a package with a known hole, for which there is a patch',
      event: missingPatch('2d1f8e6bac40590fb7e5d9c80f1e2d3b', id('patch-me')),
    },
    {
      name: 'trusted-advisor',
      about: 'Trusted Advisor: a row of its report on ports; MySQL is open to the world',
      event: unrestrictedPort(id('db-open-common-ports'), 3306),
    },
    {
      name: 'access-analyzer',
      about: 'IAM Access Analyzer: everybody may restore a snapshot',
      event: openToEverybody(
        '3e209f7cbd515a10',
        snapshot,
        'AWS::EC2::Snapshot',
        'ec2:DescribeSnapshotAttribute',
      ),
    },
    {
      name: 'macie',
      about: 'Macie: the block of public access was taken from a bucket',
      event: blockTakenAway('4f31a08dce626b21', id('exports-bucket')),
    },
  ]
}

function ofActivity(id: Seed): SampleEvent[] {
  return [
    {
      name: 'cloudtrail-call',
      about: 'CloudTrail: somebody opens SSH of a group to the world',
      event: groupOpened(id('web-ssh-open'), 22),
    },
    {
      name: 'guardduty-attack-sequence',
      about: 'GuardDuty: many signals that are one attack, on two buckets and by a key',
      event: attackSequence('5042b19edf737c32e0848d4361952e73', { buckets: BUCKETS.map(id), key: KEY }),
    },
  ]
}

/** What comes by a topic, by a queue or as a file. */
function withoutBus(id: Seed): SampleEvent[] {
  const config = configRule('ec2-imdsv2-check', 'AWS::EC2::Instance', id('web-server'))
  return [
    {
      name: 'config-by-topic',
      about: 'AWS Config, by the topic of its delivery channel: an instance answers IMDSv1',
      event: published('config', config.detail, `[AWS Config:${SANDBOX_REGION}] ec2-imdsv2-check`),
    },
    {
      name: 'inspector-classic',
      about: 'Inspector classic, by a topic: it says that there is a finding, and not which',
      event: published('inspector', findingReported('0-tU5vW7xY')),
    },
    {
      name: 'prowler',
      about: 'Prowler: a check that failed; an instance answers IMDSv1',
      event: failedCheck(
        'ec2_instance_imdsv2_enabled',
        'EC2 instance requires IMDSv2',
        'AwsEc2Instance',
        ec2('instance', id('web-server')),
      ),
    },
    {
      name: 'custodian',
      about: 'Cloud Custodian: what a policy of the team found; nobody answers it',
      event: policyNotified('groups-open-to-the-world', id('range-open')),
    },
  ]
}

function unanswered(id: Seed): SampleEvent[] {
  return [
    {
      name: 'health',
      about: 'AWS Health: a key lies in the open; nobody answers it',
      event: keyExposed(KEY, 'bob'),
    },
    {
      name: 'schedule',
      about: 'EventBridge: a schedule whose time has come, which is no finding',
      event: scheduleDue('nightly-report'),
    },
    {
      name: 'tags',
      about: 'a tag changed; nobody answers it',
      event: tagsChanged(id('web-server')),
    },
    {
      name: 'systems-manager',
      about: 'Systems Manager: an instance is no longer as its patch baseline says; nobody answers it',
      event: patchComplianceLost(id('patch-needs-reboot')),
    },
    {
      name: 'systems-manager-command',
      about: 'Systems Manager: a command that somebody else sent has ended, which is no finding',
      event: commandEnded(id('web-server')),
    },
  ]
}
