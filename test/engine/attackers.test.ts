import { beforeEach, describe, expect, test } from '@jest/globals'
import { ANN, BOB, EVE, many, OTHERS, UPDATE, Wall } from './wall.ts'
import { attack } from './world.ts'

const HOUR = 3_600_000

let wall: Wall
beforeEach(() => {
  wall = new Wall()
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
    wall = new Wall(
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

  test('where the attachment cannot be read, with a warning', async () => {
    wall.world.aws.fault({ on: 'wafv2:ListResourcesForWebACL', kind: 'deny' })
    const runs = await wall.apply(attack(wall.world, [ANN]))

    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(runs[0]?.plan?.warnings.join()).toContain('wafv2:ListResourcesForWebACL')
  })

  test('nothing more in a full set: refused, and told', async () => {
    wall = new Wall(many(10_000))

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
    wall = new Wall(many(9_999))
    await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(24 * HOUR)
    const runs = await wall.apply(attack(wall.world, [BOB]))

    expect(runs.map(({ outcome }) => outcome).sort()).toEqual(['remediated', 'undone'])
    expect(wall.v4).toEqual([...many(9_999), `${BOB}/32`])
  })
})
