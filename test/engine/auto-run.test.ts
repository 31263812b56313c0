import { describe, expect, test } from '@jest/globals'
import { attack, newWorld, publicSnapshots, sshOpen, start, unpatched } from './simulated-world.ts'

describe('an auto run', () => {
  test('closes the open rule, proves it, and leaves every other rule as it is', async () => {
    const world = newWorld()
    world.aws.groups.add('sg-0web', [
      { id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' },
      { id: 'sgr-office', from: 22, cidr: '10.0.0.0/8', description: 'office' },
      { id: 'sgr-out', egress: true, protocol: '-1', cidr: '0.0.0.0/0' },
    ])
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(runs).toMatchObject([{ outcome: 'remediated', state: 'closed', mode: 'auto' }])
    expect(runs[0]?.results).toMatchObject([{ status: 'applied' }])
    expect([...world.aws.groups.rules.keys()]).toEqual(['sgr-office', 'sgr-out'])
  })

  test('costs five calls and two transactions, for a group of sixty rules too', async () => {
    const world = newWorld()
    const narrow = Array.from({ length: 58 }, (_, n) => ({ from: 22, cidr: `10.${n}.0.0/16` }))
    world.aws.groups.add('sg-0web', [{ from: 22, cidr: '0.0.0.0/0' }, { from: 22, cidr6: '::/0' }, ...narrow])
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(runs[0]?.outcome).toBe('remediated')
    expect(world.aws.calls.map(({ operation }) => operation).sort()).toEqual([
      'DescribeNetworkInterfaces',
      'DescribeSecurityGroupRules',
      'DescribeSecurityGroupRules',
      'DescribeSecurityGroups',
      'RevokeSecurityGroupIngress',
    ])
    expect(world.commits).toHaveLength(2)
  })

  test('makes each public snapshot of the account private and keeps its account shares', async () => {
    const world = newWorld()
    world.aws.ec2.addSnapshot('snap-0a', [{ Group: 'all' }, { UserId: '111122223333' }])
    world.aws.ec2.addSnapshot('snap-0b', [{ UserId: '111122223333' }])
    const { runs } = await start(world).engine.handle([publicSnapshots(world)], 'apply')

    expect(runs).toMatchObject([{ outcome: 'remediated', target: { id: 'snap-0a' } }])
    expect(world.aws.ec2.permissions.get('snap-0a')).toEqual([{ UserId: '111122223333' }])
    expect(world.aws.ec2.permissions.get('snap-0b')).toEqual([{ UserId: '111122223333' }])
  })

  test('blocks the attacker and leaves the entries of others in the set', async () => {
    const world = newWorld()
    const set = world.aws.wafv2.addSet('rectify-block-v4', ['45.9.148.1/32'])
    world.aws.wafv2.addBlockingAcl('web', set, [
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/1',
    ])
    const { runs } = await start(world).engine.handle([attack(world, ['45.155.205.10'])], 'apply')

    expect(runs).toMatchObject([{ outcome: 'remediated', playbook: 'wafv2-block-attacker-ip' }])
    expect(world.aws.wafv2.sets[0]?.Addresses).toEqual(['45.9.148.1/32', '45.155.205.10/32'])
  })

  test('patches the instance, waits for the command, and reads the result', async () => {
    const world = newWorld()
    world.aws.ec2.addInstance('i-00000web')
    world.aws.ssm.addInstance('i-00000web', { MissingCount: 3 })
    const { runs } = await start(world).engine.handle([unpatched(world, 'i-00000web')], 'apply')

    expect(runs).toMatchObject([{ outcome: 'remediated', playbook: 'ssm-patch-instance' }])
    expect(world.aws.ssm.commands).toHaveLength(1)
  })
})
