import { expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { manualFinding } from '../../src/cli/manual-finding.ts'

const closing = playbooks.find(({ id }) => id === 'ec2-close-open-ingress')!
const here = { account: '123456789012', region: 'eu-central-1', partition: 'aws' }
const NOW = Date.parse('2026-11-20T09:00:00Z')

test('a resource named by its id is in the caller account and the given region', () => {
  expect(manualFinding(closing, 'sg-1', here, NOW)).toMatchObject({
    source: 'manual',
    severity: 'MEDIUM',
    status: 'active',
    ...here,
    resources: [
      {
        type: 'AWS::EC2::SecurityGroup',
        id: 'sg-1',
        arn: 'arn:aws:ec2:eu-central-1:123456789012:security-group/sg-1',
      },
    ],
    observedAt: '2026-11-20T09:00:00.000Z',
  })
})

test('a resource named by its ARN is where the ARN says, so that another account is found out', () => {
  const arn = 'arn:aws-cn:ec2:cn-north-1:999999999999:security-group/sg-1'
  expect(manualFinding(closing, arn, here, NOW)).toMatchObject({
    account: '999999999999',
    region: 'cn-north-1',
    partition: 'aws-cn',
    resources: [{ id: 'sg-1', arn }],
  })
})

test('an ARN without an account leaves the caller account', () => {
  const unshare = playbooks.find(({ id }) => id === 'ec2-unshare-public-snapshot')!
  const finding = manualFinding(unshare, 'arn:aws:ec2:eu-west-1::snapshot/snap-1', here, NOW)
  expect(finding).toMatchObject({ account: '123456789012', region: 'eu-west-1' })
})
