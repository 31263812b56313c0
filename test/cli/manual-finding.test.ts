import { expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { manualFinding } from '../../src/cli/input/manual-finding.ts'
import { BadRequest } from '../../src/engine/refusals.ts'

const named = (id: string) => playbooks.find((playbook) => playbook.id === id)!
const closing = named('ec2-close-open-ingress')
const unshare = named('ec2-unshare-public-snapshot')
const blocking = named('wafv2-block-attacker-ip')
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
  const finding = manualFinding(unshare, 'arn:aws:ec2:eu-west-1::snapshot/snap-1', here, NOW)
  expect(finding).toMatchObject({ account: '123456789012', region: 'eu-west-1' })
})

test.each([
  ['of another type', 'arn:aws:ec2:eu-west-1:111122223333:instance/sg-1'],
  ['of another service', 'arn:aws:rds:eu-west-1:111122223333:db:sg-1'],
  ['of another partition', 'arn:aws-cn:ec2:eu-west-1:111122223333:security-group/sg-1'],
  ['of no partition', 'arn:x:sg-1'],
])('an ARN %s names no group: whatever exempts the group would not see it', (_how, arn) => {
  const naming = () => manualFinding(closing, arn, here, NOW)
  expect(naming).toThrow(BadRequest)
  expect(naming).toThrow('security-group/sg-1')
})

test.each([
  [closing, 'i-1'],
  [closing, ' '],
  [closing, 'arn:'],
  [unshare, 'sg-1'],
  [blocking, '45.155.205.10'],
  [blocking, '45.155.205.0/24'],
])('%# an id of something else is refused before anything is asked', (playbook, resource) => {
  expect(() => manualFinding(playbook, resource, here, NOW)).toThrow(/is neither id nor ARN of an AWS::/)
})

test('a set is named by its name or by its ARN', () => {
  const arn = 'arn:aws:wafv2:eu-west-1:123456789012:regional/ipset/rectify-block-v4/0a1b'
  expect(manualFinding(blocking, arn, here, NOW).resources[0]).toMatchObject({ id: 'rectify-block-v4', arn })
  expect(manualFinding(blocking, 'rectify-block-v4', here, NOW).resources[0]?.id).toBe('rectify-block-v4')
})
