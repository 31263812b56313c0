import { beforeEach, describe, expect, test } from '@jest/globals'
import { call, type Service } from '../../src/playbook/api.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'

let clock: SimulatedClock
let aws: AwsModel
const revoke = (...SecurityGroupRuleIds: string[]) =>
  aws.send(aws.place, call('ec2', 'RevokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds }))
const authorize = (...cidrs: string[]) =>
  aws.send(
    aws.place,
    call('ec2', 'AuthorizeSecurityGroupIngress', {
      GroupId: 'sg-1',
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: cidrs.map((CidrIp) => ({ CidrIp })) },
      ],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'owner', Value: 'ops' }] }],
    }),
  )
const sources = () => aws.groups.rulesOf('sg-1').map(({ CidrIpv4 }) => CidrIpv4)

beforeEach(() => {
  clock = new SimulatedClock()
  aws = new AwsModel(clock)
})

describe('the model of AWS behaves as AWS does', () => {
  test('a revocation with one unknown rule revokes nothing', async () => {
    aws.groups.add('sg-1', [{ id: 'sgr-1', from: 22, cidr: '0.0.0.0/0' }])
    await expect(revoke('sgr-1', 'sgr-2')).rejects.toMatchObject({ kind: 'alreadySo' })
    expect(sources()).toEqual(['0.0.0.0/0'])
    await revoke('sgr-1')
    expect(sources()).toEqual([])
  })

  test('a rule comes back under a new id, with tags; a duplicate and a full group are refused whole', async () => {
    aws.groups.add('sg-1', [{ id: 'sgr-1', from: 22, cidr: '10.0.0.0/8' }])
    await expect(authorize('192.0.2.0/24', '10.0.0.0/8')).rejects.toMatchObject({
      code: 'InvalidPermission.Duplicate',
    })
    expect(sources()).toEqual(['10.0.0.0/8'])
    await authorize('192.0.2.0/24')
    expect(aws.groups.rulesOf('sg-1')[1]).toMatchObject({ Tags: [{ Key: 'owner', Value: 'ops' }] })
    const many = Array.from({ length: 59 }, (_, n) => `198.18.${n}.0/24`)
    await expect(authorize(...many)).rejects.toMatchObject({
      kind: 'final',
      code: 'RulesPerSecurityGroupLimitExceeded',
    })
    expect(sources()).toHaveLength(2)
  })

  test('a dry run changes nothing and is recorded as one', async () => {
    aws.groups.add('sg-1', [{ id: 'sgr-1', from: 22, cidr: '0.0.0.0/0' }])
    const open = call('ec2', 'RevokeSecurityGroupIngress', {
      GroupId: 'sg-1',
      SecurityGroupRuleIds: ['sgr-1'],
    })
    expect(await aws.send(aws.place, open, { dryRun: true })).toEqual({})
    expect(sources()).toEqual(['0.0.0.0/0'])
    expect(aws.calls[0]).toMatchObject({
      action: 'ec2:RevokeSecurityGroupIngress',
      dryRun: true,
      principal: aws.caller.arn,
    })
    expect(aws.changes()).toEqual([])
  })

  test('faults: a lie has no effect, a lost answer has, and its retry finds the effect', async () => {
    aws.groups.add('sg-1', [
      { id: 'sgr-1', from: 22, cidr: '0.0.0.0/0' },
      { id: 'sgr-2', from: 23, cidr: '0.0.0.0/0' },
    ])
    const on = 'ec2:RevokeSecurityGroupIngress'
    aws.fault({ on, nth: 1, kind: 'lie' })
    aws.fault({ on, nth: 2, kind: 'loseAnswer' })
    aws.fault({ on, nth: 3, kind: 'loseAnswerThenRetry' })
    await revoke('sgr-1')
    expect(sources()).toHaveLength(2)
    await expect(revoke('sgr-1')).rejects.toMatchObject({ kind: 'retryable', inDoubt: true })
    expect(sources()).toHaveLength(1)
    await expect(revoke('sgr-2')).rejects.toMatchObject({ kind: 'alreadySo', inDoubt: true })
    expect(sources()).toHaveLength(0)
  })

  test('only the share with all goes from a snapshot, and twice is no error', async () => {
    aws.ec2.addSnapshot('snap-1', [{ Group: 'all' }, { UserId: '111111111111' }])
    const remove = {
      SnapshotId: 'snap-1',
      Attribute: 'createVolumePermission',
      OperationType: 'remove',
      GroupNames: ['all'],
    } as const
    await aws.send(aws.place, call('ec2', 'ModifySnapshotAttribute', { ...remove, GroupNames: ['all'] }))
    await aws.send(aws.place, call('ec2', 'ModifySnapshotAttribute', { ...remove, GroupNames: ['all'] }))
    expect(aws.ec2.permissions.get('snap-1')).toEqual([{ UserId: '111111111111' }])
  })

  test('what it does not know is an error', async () => {
    await expect(
      aws.send(aws.place, call('ec2', 'RebootInstances', { InstanceIds: ['i-1'] })),
    ).rejects.toMatchObject({ code: 'NotImplemented' })
    const strange = { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] }
    await expect(aws.send(aws.place, call('ec2', 'DescribeSecurityGroups', strange))).rejects.toMatchObject({
      kind: 'final',
    })
  })
})

describe('the model of AWS refuses what AWS refuses', () => {
  const send = (service: Service, operation: string, input: Record<string, unknown>) =>
    aws.send(aws.place, { service, operation, input })

  test.each([
    ['ec2', 'DescribeSnapshotAttribute', { Attribute: 'createVolumePermission' }, 'MissingParameter'],
    ['ec2', 'DescribeSnapshots', { SnapshotIDs: ['snap-1'] }, 'UnknownParameter'],
    ['ec2', 'DescribeInstances', { MaxResults: 'many' }, 'InvalidParameterValue'],
    [
      'ec2',
      'RevokeSecurityGroupIngress',
      { GroupId: 'arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0web' },
      'InvalidGroupId.Malformed',
    ],
    ['wafv2', 'ListIPSets', { Scope: 'GLOBAL' }, 'ValidationException'],
    ['ssm', 'DescribeInstancePatchStates', {}, 'ValidationException'],
  ] as const)('%s:%s %j', async (service, operation, input, code) => {
    await expect(send(service, operation, input)).rejects.toMatchObject({ code })
  })

  test('in a dry run, too', async () => {
    const call = { service: 'ec2' as const, operation: 'ModifySnapshotAttribute', input: {} }
    await expect(aws.send(aws.place, call, { dryRun: true })).rejects.toMatchObject({
      code: 'MissingParameter',
    })
  })
})
