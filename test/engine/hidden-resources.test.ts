import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import type { Run } from '../../src/run/run.ts'
import { HIDDEN } from '../support/aws-model/ec2.ts'
import { BALANCER } from './scene-per-playbook.ts'
import { attack, newWorld, sshOpen, start, unpatched, type World } from './simulated-world.ts'

/** An account that hides what AWS services manage (nodes of EKS Auto Mode and the like). */
describe('what an account hides is there all the same', () => {
  const only = async (world: World, finding: Finding): Promise<Run> =>
    (await start(world).engine.handle([finding], 'apply')).runs[0]!

  test('an address of a hidden interface is our own and never blocked', async () => {
    const world = newWorld()
    const set = world.aws.wafv2.addSet('rectify-block-v4')
    world.aws.wafv2.addBlockingAcl('web', set, [BALANCER])
    world.aws.ec2.addInterface('eni-0node', ['sg-0node'], {
      ...HIDDEN,
      Association: { PublicIp: '45.155.205.10' },
    })

    expect(await only(world, attack(world, ['45.155.205.10']))).toMatchObject({
      outcome: 'notApplicable',
      reason: expect.stringContaining('our own address (network interface eni-0node)'),
    })
    expect(world.aws.changes()).toEqual([])
  })

  test('a hidden interface that wears the group is counted and shown', async () => {
    const world = newWorld()
    world.aws.groups.add('sg-0node', [{ id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' }])
    world.aws.ec2.addInterface('eni-0node', ['sg-0node'], HIDDEN)

    const { plan } = await only(world, sshOpen(world, 'sg-0node'))
    expect(plan?.impact).toMatchObject({ count: 1, affected: [{ id: 'eni-0node' }] })
  })

  test('a hidden instance is not taken for gone', async () => {
    const world = newWorld()
    world.aws.ec2.addInstance('i-0000node', HIDDEN)
    world.aws.ssm.addInstance('i-0000node', { MissingCount: 0 })

    expect(await only(world, unpatched(world, 'i-0000node'))).toMatchObject({ outcome: 'alreadyCompliant' })
  })
})
