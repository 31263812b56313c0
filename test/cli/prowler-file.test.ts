import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { inEmptyFolder } from '../support/program-without-aws.ts'
import { prowlerCheck } from '../support/prowler-check.ts'

const { folder, run } = inEmptyFolder()
const ACCOUNT = '123456789012'
const REGION = 'us-east-1'

test('a scan by Prowler is taken as it wrote it: what fails and has a playbook gets its mode, the rest a reason', async () => {
  const at = `arn:aws:ec2:${REGION}:${ACCOUNT}`
  const scan = [
    prowlerCheck(
      'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
      'AwsEc2SecurityGroup',
      `${at}:security-group/sg-0a1b2c3d4e5f60718`,
    ),
    prowlerCheck(
      'ec2_ebs_public_snapshot',
      'AwsEc2Snapshot',
      `arn:aws:ec2:${REGION}::snapshot/snap-0a1b2c3d4e5f60718`,
    ),
    prowlerCheck('ec2_instance_imdsv2_enabled', 'AwsEc2Instance', `${at}:instance/i-0a1b2c3d4e5f60718`),
    prowlerCheck('s3_bucket_level_public_access_block', 'AwsS3Bucket', 'arn:aws:s3:::company-data', 'PASS'),
    prowlerCheck('ec2_ami_public', 'AwsEc2Image', `${at}:image/ami-0a1b2c3d4e5f60718`),
  ]
  writeFileSync(join(folder(), 'output.ocsf.json'), JSON.stringify(scan))
  const ran = await run('triage', 'output.ocsf.json', '--json')

  expect(ran.status).toBe(0)
  const { findings, rejected } = ran.document() as {
    findings: { type: string; actions: { playbook: string; mode: string }[]; ignored?: string }[]
    rejected: unknown[]
  }
  expect(rejected).toEqual([])
  expect(
    findings.map(
      ({ actions, ignored }) => actions.map((each) => `${each.playbook} ${each.mode}`).join() || ignored,
    ),
  ).toEqual([
    'ec2-close-open-ingress rehearse',
    'ec2-unshare-public-snapshot rehearse',
    'ec2-require-imdsv2 rehearse',
    'passed',
    'ec2-unshare-public-image rehearse',
  ])
})
