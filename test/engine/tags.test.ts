import { describe, expect, test } from '@jest/globals'
import { blockAttackerIp } from '../../playbooks/wafv2/block-attacker-ip.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { SCENES } from './scene-per-playbook.ts'
import { AUTO, attack, newWorld, sshOpen, start, type World } from './simulated-world.ts'

const BY_TAG = `version: 1
rules:
  - { when: { tags: { environment: production } }, mode: approve }
  - mode: auto
`
const scene = SCENES.find(({ playbook }) => playbook.id === blockAttackerIp.id)!
const WEB = 'i-0a1b2c3d4e5f60718'
const SHOP = 'i-0b2c3d4e5f6071829'
const instance = (id: string) => ({ type: 'AWS::EC2::Instance', id })

/** A set that blocks, and two instances that were attacked. */
function attacked(policy: string, tags: { web?: string; shop?: string } = {}): World {
  const world = newWorld(policy)
  scene.arrange(world)
  const of = (environment?: string) => (environment === undefined ? {} : { tags: { environment } })
  world.aws.ec2.addInstance(WEB, of(tags.web))
  world.aws.ec2.addInstance(SHOP, of(tags.shop))
  return world
}

async function block(world: World, more: Partial<Finding> = {}) {
  const about = attack(world, ['45.155.205.10'], { resources: [instance(WEB)], ...more })
  const { runs } = await start(world).engine.handle([about], 'apply')
  return runs.find(({ playbook }) => playbook === blockAttackerIp.id)
}

describe('a rule that asks for tags', () => {
  test('is decided for a block by the tags of the attacked instance, not by those of the set', async () => {
    expect(await block(attacked(BY_TAG, { web: 'production' }))).toMatchObject({
      state: 'waiting',
      mode: 'approve',
    })
    expect(await block(attacked(BY_TAG, { web: 'test', shop: 'production' }))).toMatchObject({
      outcome: 'remediated',
      mode: 'auto',
    })
    expect(await block(attacked(BY_TAG))).toMatchObject({ outcome: 'remediated' })
  })

  test('holds where any of several attacked instances has them', async () => {
    const world = attacked(BY_TAG, { web: 'test', shop: 'production' })
    expect(await block(world, { resources: [instance(WEB), instance(SHOP)] })).toMatchObject({
      mode: 'approve',
    })
  })

  test.each<[string, (world: World) => Partial<Finding>, string]>([
    ['the instance is gone', () => ({ resources: [instance('i-0c3d4e5f607182930')] }), 'is gone'],
    [
      'another kind of resource is attacked, too',
      () => ({ resources: [instance(WEB), { type: 'AWS::EKS::Cluster', id: 'prod' }] }),
      'AWS::EKS::Cluster prod',
    ],
    ['the finding names nothing', () => ({ resources: [] }), 'names no attacked resource'],
  ])('blocks the run where %s, and nobody else: without such a rule it goes on', async (_, arrange, why) => {
    for (const [policy, outcome] of [
      [BY_TAG, 'blocked'],
      [AUTO, 'remediated'],
      [BY_TAG.replace('tags:', 'playbook: ssm-patch-instance, tags:'), 'remediated'],
    ] as const) {
      const world = attacked(policy, { web: 'test' })
      const run = await block(world, arrange(world))

      expect(run).toMatchObject({ outcome })
      if (outcome === 'blocked') {
        expect(run?.reason).toMatch(/^cannot evaluate policy: tags of the attacked resources/)
        expect(run?.reason).toContain(why)
        expect(world.aws.changes()).toEqual([])
      } else expect(run?.plan?.warnings.join()).toContain(why)
    }
  })

  test('is not passed over where the instances may not be read; nor is any policy without such a rule', async () => {
    for (const policy of [BY_TAG, AUTO]) {
      const world = attacked(policy, { web: 'test' })
      world.aws.fault({ on: 'ec2:DescribeInstances', kind: 'deny' })
      const run = await block(world)

      expect(run).toMatchObject({ outcome: 'blocked' })
      expect(run?.reason).toMatch(
        /^cannot evaluate policy: tags of the attacked resources.*ec2:DescribeInstances/,
      )
      expect(world.aws.changes()).toEqual([])
    }
  })

  test.each(SCENES)('is not passed over by a look that says nothing of tags: $name', async (each) => {
    const world = newWorld(BY_TAG)
    const about = each.arrange(world)
    const forgetful = {
      ...each.playbook,
      async inspect(...args: Parameters<typeof each.playbook.inspect>) {
        const { tags: _, ...seen } = (await each.playbook.inspect(...args)) as {
          tags?: unknown
          state: object
        }
        return seen
      },
    }
    const { engine } = start(world, { playbooks: [forgetful] })
    const { runs } = await engine.handle([about], 'apply')

    expect(runs).toMatchObject([
      { outcome: 'blocked', reason: expect.stringContaining('unreadable: the look gave none') },
    ])
    expect(world.aws.changes()).toEqual([])
  })

  test('takes no tag for a failure to read them, whatever it is called', async () => {
    const world = newWorld(BY_TAG)
    world.aws.groups.add('sg-0aaa', [{ id: 'sgr-ssh', from: 22, cidr: '0.0.0.0/0' }], {
      tags: { unreadable: 'yes' },
    })
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0aaa')], 'apply')

    expect(runs).toMatchObject([{ outcome: 'remediated' }])
  })

  describe('leaves the parameters open until a look', () => {
    const policy = (production: string, others: string) => `version: 1
rules:
  - { when: { playbook: ${blockAttackerIp.id}, tags: { environment: production } }, mode: approve, parameters: ${production} }
  - { when: { playbook: ${blockAttackerIp.id} }, mode: auto, parameters: ${others} }
`
    const onSsh = {
      evidence: {
        role: 'TARGET' as const,
        remotes: [{ address: '45.155.205.10', localPort: 22 }],
        ports: [22],
      },
    }

    test('and those that all rules have which may decide say what is looked at, not the defaults', async () => {
      const any = '{ ports: any }'
      expect(await block(attacked(policy(any, any), { web: 'test' }), onSsh)).toMatchObject({
        outcome: 'remediated',
      })
      expect(await block(attacked(policy(any, any), { web: 'production' }), onSsh)).toMatchObject({
        state: 'waiting',
      })
    })

    test('and where they differ in what is looked at, nothing is and that is told', async () => {
      const world = attacked(policy('{ ipv4Set: other }', '{ expiresAfter: 1h }'), { web: 'test' })
      const run = await block(world)

      expect(run).toMatchObject({ outcome: 'blocked' })
      expect(run?.reason).toMatch(/^cannot evaluate policy: which rule decides/)
      expect(world.aws.changes()).toEqual([])
    })

    test('and where they differ in something else, the rule that decides is heard', async () => {
      const world = attacked(policy('{ expiresAfter: 2h }', '{ expiresAfter: 1h }'), { web: 'test' })
      expect(await block(world)).toMatchObject({
        outcome: 'remediated',
        parameters: { expiresAfter: 'PT1H' },
      })
    })
  })
})
