import { beforeEach, describe, expect, test } from '@jest/globals'
import { ANN, BlockingSets, BOB, EVE, many, OTHERS, UPDATE } from './blocking-sets.ts'
import { attack } from './simulated-world.ts'

const HOUR = 3_600_000

let wall: BlockingSets
beforeEach(() => {
  wall = new BlockingSets()
})

describe('what is never blocked', () => {
  test.each(['10.0.0.5', '127.0.0.1', '169.254.169.254', '100.64.0.1', 'fe80::1', 'fd00::1', '0.0.0.0'])(
    '%s, which is nobody’s public address',
    async (address) => {
      const runs = await wall.apply(attack(wall.world, [address]))

      expect(runs).toMatchObject([{ outcome: 'notApplicable', reason: expect.stringContaining(address) }])
      expect(wall.world.aws.changes()).toEqual([])
    },
  )

  test('our own Elastic IP, and the address of our own network interface', async () => {
    wall.world.aws.ec2.addresses.push({ PublicIp: ANN, AllocationId: 'eipalloc-0own' })
    wall.world.aws.ec2.addInterface('eni-0own', [], { Association: { PublicIp: BOB } })
    const runs = await wall.apply(attack(wall.world, [ANN, BOB]))

    expect(runs).toMatchObject([{ outcome: 'notApplicable' }])
    expect(runs[0]?.reason).toContain('eipalloc-0own')
    expect(runs[0]?.reason).toContain('eni-0own')
    expect(wall.world.aws.changes()).toEqual([])
  })

  test('what the policy says never to block; the others of the finding are', async () => {
    wall = new BlockingSets(
      [OTHERS],
      'version: 1\nrules:\n  - mode: auto\nnever: { addresses: [45.155.205.10/31] }\n',
    )
    const runs = await wall.apply(attack(wall.world, [ANN, BOB, EVE]))

    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(runs[0]?.plan?.warnings.join()).toContain('45.155.205.10/31')
    expect(wall.v4).toEqual([OTHERS, `${EVE}/32`])
  })

  test.each([
    ['ACTOR', 'INBOUND'],
    ['TARGET', 'OUTBOUND'],
  ] as const)('the victim of our own resource (%s, %s)', async (role, direction) => {
    const evidence = { role, remotes: [{ address: ANN, localPort: 443, direction }], ports: [443] }

    expect(await wall.apply(attack(wall.world, [ANN], { evidence }))).toMatchObject([
      { outcome: 'notApplicable' },
    ])
    expect(wall.world.aws.changes()).toEqual([])
  })
})

describe('what is blocked', () => {
  test('IPv6 in the set for IPv6, and IPv4 in IPv6 as IPv4', async () => {
    const runs = await wall.apply(attack(wall.world, ['2a0b:7280::5', `::ffff:${ANN}`]))

    expect(runs.map(({ outcome }) => outcome)).toEqual(['remediated', 'remediated'])
    expect(wall.v4).toEqual([OTHERS, `${ANN}/32`])
    expect(wall.v6).toEqual(['2a0b:7280:0000:0000:0000:0000:0000:0005/128'])
  })

  test('all eight addresses of a port probe on four ports, in one update', async () => {
    const addresses = Array.from({ length: 8 }, (_, n) => `45.155.205.${n + 20}`)
    const ports = [80, 443, 8080, 8443]
    const remotes = addresses.map((address, n) => ({ address, localPort: ports[n % 4]! }))
    const type = 'Recon:EC2/PortProbeUnprotectedPort'
    const probe = attack(wall.world, addresses, { type, evidence: { role: 'TARGET', remotes, ports } })
    const runs = await wall.apply(probe)

    expect(runs.filter(({ playbook }) => playbook.startsWith('wafv2'))).toMatchObject([
      { outcome: 'remediated' },
    ])
    expect(wall.world.aws.changes().map(({ action }) => action)).toEqual([UPDATE])
    expect(wall.v4).toEqual([OTHERS, ...addresses.map((address) => `${address}/32`)])
  })

  test('beside what others write at the same time, whose entries survive', async () => {
    wall.world.aws.fault({
      on: UPDATE,
      nth: 1,
      before: () => wall.change([OTHERS, '45.9.148.99/32']),
    })

    expect(await wall.apply(attack(wall.world, [ANN]))).toMatchObject([{ outcome: 'remediated' }])
    expect(wall.v4).toEqual([OTHERS, '45.9.148.99/32', `${ANN}/32`])
  })

  test('unless the lock is lost each time: failed, and told', async () => {
    wall.world.aws.fault({ on: UPDATE, kind: { code: 'WAFOptimisticLockException' } })

    expect(await wall.apply(attack(wall.world, [ANN]))).toMatchObject([
      { outcome: 'failed', results: [{ status: 'failed', error: { name: 'conflict', action: UPDATE } }] },
    ])
    expect(wall.v4).toEqual([OTHERS])
  })

  test('nothing, where no web ACL that is attached blocks on the set', async () => {
    wall.world.aws.wafv2.attached.clear()
    const runs = await wall.apply(attack(wall.world, [ANN]))

    expect(runs).toMatchObject([
      { outcome: 'notApplicable', reason: expect.stringContaining('blocks nothing') },
    ])
    expect(wall.v4).toEqual([OTHERS])
  })

  test('where the attachment cannot be read; that it has its effect is not proven', async () => {
    wall.world.aws.fault({ on: 'wafv2:ListResourcesForWebACL', kind: 'deny' })
    const [run] = await wall.apply(attack(wall.world, [ANN]))

    expect(run).toMatchObject({
      outcome: 'unverified',
      reason: expect.stringMatching(/^attachment cannot be read: .* wafv2:ListResourcesForWebACL/),
      results: [{ status: 'applied' }],
    })
    expect(run).not.toHaveProperty('verifiedAt')
    expect(run?.plan?.warnings.join()).toContain('cannot be proven afterwards: attachment cannot be read')
    expect(wall.v4).toEqual([OTHERS, `${ANN}/32`])
    expect(await wall.timeBoxes()).toMatchObject([{ run: run!.id }])
  })

  test('once where the attachment cannot be read: the next finding holds it, unproven as well', async () => {
    wall.world.aws.fault({ on: 'wafv2:ListResourcesForWebACL', kind: 'deny' })
    await wall.apply(attack(wall.world, [ANN]))
    const [again] = await wall.apply(attack(wall.world, [ANN], { id: 'again' }))

    expect(again).toMatchObject({
      outcome: 'unverified',
      reason: expect.stringMatching(/^attachment cannot be read/),
      results: [],
    })
    expect(wall.world.aws.changes()).toHaveLength(1)
    expect(await wall.timeBoxes()).toHaveLength(2)
  })

  test('where the web ACL blocks by a rule group', async () => {
    const { wafv2 } = wall.world.aws
    const ARN = wafv2.addBlockingGroup('attackers', wafv2.set('rectify-block-v4'))
    const [acl] = wafv2.acls
    acl!.Rules = [
      {
        Name: 'group',
        Priority: 0,
        Statement: { RuleGroupReferenceStatement: { ARN } },
        OverrideAction: { None: {} },
      },
    ]
    const [run] = await wall.apply(attack(wall.world, [ANN]))

    expect(run).toMatchObject({ outcome: 'remediated' })
    expect(run?.plan?.impact.summary).toContain('rule group/block')
  })

  test('where the rule group cannot be read; that it blocks is not proven', async () => {
    const { wafv2 } = wall.world.aws
    const [acl] = wafv2.acls
    const ARN =
      'arn:aws:wafv2:eu-west-1:999988887777:regional/rulegroup/managers/00000000-0000-0000-0000-000000000000'
    const group = {
      Name: 'managers',
      Priority: 0,
      FirewallManagerStatement: { RuleGroupReferenceStatement: { ARN } },
      OverrideAction: { None: {} },
    }
    Object.assign(acl!, { Rules: [], PreProcessFirewallManagerRuleGroups: [group] })

    expect(await wall.apply(attack(wall.world, [ANN]))).toMatchObject([
      { outcome: 'unverified', reason: expect.stringMatching(/^rule group managers cannot be read/) },
    ])
  })

  test('nothing inside a range that somebody else has put there', async () => {
    wall = new BlockingSets(['45.155.205.0/24'])
    const [run] = await wall.apply(attack(wall.world, [ANN]))

    expect(run).toMatchObject({
      outcome: 'alreadyCompliant',
      reason: `${ANN} is inside 45.155.205.0/24, which is somebody else's`,
    })
    expect(wall.world.aws.changes()).toEqual([])
    expect(await wall.timeBoxes()).toEqual([])
  })

  test('in a range that comes later: the undo says that it is blocked still', async () => {
    const [run] = await wall.apply(attack(wall.world, [ANN]))
    wall.change([OTHERS, `${ANN}/32`, '45.155.205.0/24'])
    const undone = await wall.undo(run!)

    expect(undone).toMatchObject({ outcome: 'undone' })
    expect(undone.reason).toContain(
      `still blocked: ${ANN}/32: inside 45.155.205.0/24, which is somebody else's`,
    )
    expect(wall.v4).toEqual([OTHERS, '45.155.205.0/24'])
  })

  test('in us-east-1 where the set is CloudFront’s, wherever the finding is; the end of the block as well', async () => {
    wall = new BlockingSets(
      [OTHERS],
      [
        'version: 1\nrules:',
        '  - when: { playbook: wafv2-block-attacker-ip }',
        '    mode: auto',
        '    parameters: { scope: CLOUDFRONT, ipv4Set: global-v4 }\n',
      ].join('\n'),
    )
    const { wafv2 } = wall.world.aws
    const set = wafv2.addSet('global-v4', [], { Scope: 'CLOUDFRONT' })
    const app = 'arn:aws:amplify:us-east-1:123456789012:apps/d1234567890'
    wafv2.addBlockingAcl('global', set, [app])
    const [run] = await wall.apply(attack(wall.world, [ANN]))
    const blocked = [...set.Addresses]
    wall.world.clock.advance(24 * HOUR)
    const end = await wall.sweep()

    expect(run).toMatchObject({ outcome: 'remediated', region: 'us-east-1', plan: { region: 'us-east-1' } })
    expect(blocked).toEqual([`${ANN}/32`])
    expect(end).toMatchObject([{ outcome: 'undone', region: 'us-east-1' }])
    expect(set.Addresses).toEqual([])
    expect(new Set(wall.world.aws.changes().map(({ region }) => region))).toEqual(new Set(['us-east-1']))
    const [step] = end[0]!.plan!.steps
    expect(step?.permissions).toEqual([{ action: UPDATE, resource: set.ARN }])
  })

  test('nothing more in a full set: refused, and told', async () => {
    wall = new BlockingSets(many(10_000))

    expect(await wall.apply(attack(wall.world, [ANN]))).toMatchObject([
      { outcome: 'notApplicable', reason: expect.stringContaining('10000 of 10000') },
    ])
    expect(wall.world.aws.changes()).toEqual([])
    expect(wall.v4).toHaveLength(10_000)
  })

  test('nothing in a set that others fill between the look and the write', async () => {
    wall.world.aws.fault({
      on: UPDATE,
      nth: 1,
      before: () => wall.change(many(10_000)),
    })

    expect(await wall.apply(attack(wall.world, [ANN]))).toMatchObject([
      { outcome: 'failed', results: [{ error: { code: 'SetFull' } }] },
    ])
    expect(wall.v4).not.toContain(`${ANN}/32`)
  })

  test('in a full set once our own expired entries have gone, which go first', async () => {
    wall = new BlockingSets(many(9_999))
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(24 * HOUR)
    const runs = await wall.apply(attack(wall.world, [BOB]))

    expect(runs.map(({ outcome }) => outcome).sort()).toEqual(['remediated', 'undone'])
    expect(wall.v4).toEqual([...many(9_999), `${BOB}/32`])
  })
})
