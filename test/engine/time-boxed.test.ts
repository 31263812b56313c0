import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import type { Run } from '../../src/store/run.ts'
import { BALANCER } from './scenes.ts'
import { APPROVE, attack, newWorld, start, type World } from './world.ts'

const HOUR = 3_600_000
const UPDATE = 'wafv2:UpdateIPSet'
const [ANN, BOB, EVE] = ['45.155.205.10', '45.155.205.11', '45.155.205.12'] as const
const OTHERS = '45.9.148.1/32'

let world: World
beforeEach(() => {
  world = newWorld()
  setUp(world)
})

function setUp({ aws }: World, addresses: string[] = [OTHERS]): void {
  const v4 = aws.wafv2.addSet('rectify-block-v4', addresses)
  const v6 = aws.wafv2.addSet('rectify-block-v6')
  aws.wafv2.addBlockingAcl('web', v4, [BALANCER])
  aws.wafv2.addBlockingAcl('web6', v6, [BALANCER])
}

const v4 = () => world.aws.wafv2.set('rectify-block-v4').Addresses
const v6 = () => world.aws.wafv2.set('rectify-block-v6').Addresses
const arnOf = (set = 'rectify-block-v4') => world.aws.wafv2.set(set).ARN
const sweep = async () => (await start(world).engine.sweep()).runs
const apply = async (...findings: Finding[]) => (await start(world).engine.handle(findings, 'apply')).runs
async function undo(run: Run): Promise<Run> {
  const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
  return (await engine.undo(run.id, { holdFor: 'PT24H' })).runs[0]!
}

describe('what is never blocked', () => {
  // R27
  test.each(['10.0.0.5', '127.0.0.1', '169.254.169.254', '100.64.0.1', 'fe80::1', 'fd00::1', '0.0.0.0'])(
    '%s, which is nobody’s public address',
    async (address) => {
      const runs = await apply(attack(world, [address]))

      expect(runs).toMatchObject([{ outcome: 'notApplicable', reason: expect.stringContaining(address) }])
      expect(world.aws.changes()).toEqual([])
    },
  )

  // R27
  test('our own Elastic IP, and the address of our own network interface', async () => {
    world.aws.ec2.addresses.push({ PublicIp: ANN, AllocationId: 'eipalloc-0own' })
    world.aws.ec2.addInterface('eni-0own', [], { Association: { PublicIp: BOB } })
    const runs = await apply(attack(world, [ANN, BOB]))

    expect(runs).toMatchObject([{ outcome: 'notApplicable' }])
    expect(runs[0]?.reason).toContain('eipalloc-0own')
    expect(runs[0]?.reason).toContain('eni-0own')
    expect(world.aws.changes()).toEqual([])
  })

  // R27
  test('what the policy says never to block; the others of the finding are', async () => {
    world = newWorld('version: 1\nrules:\n  - mode: auto\nnever: { addresses: [45.155.205.10/31] }\n')
    setUp(world)
    const runs = await apply(attack(world, [ANN, BOB, EVE]))

    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(runs[0]?.plan?.warnings.join()).toContain('45.155.205.10/31')
    expect(v4()).toEqual([OTHERS, `${EVE}/32`])
  })

  // R28
  test.each([
    ['ACTOR', 'INBOUND'],
    ['TARGET', 'OUTBOUND'],
  ] as const)('the victim of our own resource (%s, %s)', async (role, direction) => {
    const evidence = { role, remotes: [{ address: ANN, localPort: 443, direction }], ports: [443] }

    expect(await apply(attack(world, [ANN], { evidence }))).toMatchObject([{ outcome: 'notApplicable' }])
    expect(world.aws.changes()).toEqual([])
  })
})

describe('what is blocked', () => {
  // R29
  test('IPv6 in the set for IPv6, and IPv4 in IPv6 as IPv4', async () => {
    const runs = await apply(attack(world, ['2a0b:7280::5', `::ffff:${ANN}`]))

    expect(runs.map(({ outcome }) => outcome)).toEqual(['remediated', 'remediated'])
    expect(v4()).toEqual([OTHERS, `${ANN}/32`])
    expect(v6()).toEqual(['2a0b:7280:0000:0000:0000:0000:0000:0005/128'])
  })

  // R30
  test('all eight addresses of a port probe on four ports, in one update', async () => {
    const addresses = Array.from({ length: 8 }, (_, n) => `45.155.205.${n + 20}`)
    const ports = [80, 443, 8080, 8443]
    const remotes = addresses.map((address, n) => ({ address, localPort: ports[n % 4]! }))
    const type = 'Recon:EC2/PortProbeUnprotectedPort'
    const probe = attack(world, addresses, { type, evidence: { role: 'TARGET', remotes, ports } })
    const runs = await apply(probe)

    expect(runs.filter(({ playbook }) => playbook.startsWith('wafv2'))).toMatchObject([
      { outcome: 'remediated' },
    ])
    expect(world.aws.changes().map(({ action }) => action)).toEqual([UPDATE])
    expect(v4()).toEqual([OTHERS, ...addresses.map((address) => `${address}/32`)])
  })

  // R31
  test('beside what others write at the same time, whose entries survive', async () => {
    world.aws.fault({
      on: UPDATE,
      nth: 1,
      before: () => world.aws.wafv2.change('rectify-block-v4', [OTHERS, '45.9.148.99/32']),
    })

    expect(await apply(attack(world, [ANN]))).toMatchObject([{ outcome: 'remediated' }])
    expect(v4()).toEqual([OTHERS, '45.9.148.99/32', `${ANN}/32`])
  })

  // R31
  test('unless the lock is lost each time: failed, and told', async () => {
    world.aws.fault({ on: UPDATE, kind: { code: 'WAFOptimisticLockException' } })

    expect(await apply(attack(world, [ANN]))).toMatchObject([
      { outcome: 'failed', results: [{ status: 'failed', error: { name: 'conflict', action: UPDATE } }] },
    ])
    expect(v4()).toEqual([OTHERS])
  })

  // R35
  test('nothing, where no web ACL that is attached blocks on the set', async () => {
    world.aws.wafv2.attached.clear()
    const runs = await apply(attack(world, [ANN]))

    expect(runs).toMatchObject([
      { outcome: 'notApplicable', reason: expect.stringContaining('blocks nothing') },
    ])
    expect(v4()).toEqual([OTHERS])
  })

  test('where the attachment cannot be read, with a warning', async () => {
    world.aws.fault({ on: 'wafv2:ListResourcesForWebACL', kind: 'deny' })
    const runs = await apply(attack(world, [ANN]))

    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(runs[0]?.plan?.warnings.join()).toContain('wafv2:ListResourcesForWebACL')
  })

  // R34
  test('nothing more in a full set: refused, and told', async () => {
    world = newWorld()
    setUp(world, many(10_000))

    expect(await apply(attack(world, [ANN]))).toMatchObject([
      { outcome: 'notApplicable', reason: expect.stringContaining('10000 of 10000') },
    ])
    expect(world.aws.changes()).toEqual([])
    expect(v4()).toHaveLength(10_000)
  })

  // R34
  test('nothing in a set that others fill between the look and the write', async () => {
    world.aws.fault({
      on: UPDATE,
      nth: 1,
      before: () => world.aws.wafv2.change('rectify-block-v4', many(10_000)),
    })

    expect(await apply(attack(world, [ANN]))).toMatchObject([
      { outcome: 'failed', results: [{ error: { code: 'SetFull' } }] },
    ])
    expect(v4()).not.toContain(`${ANN}/32`)
  })

  // R34
  test('in a full set once our own expired entries have gone, which go first', async () => {
    world = newWorld()
    setUp(world, many(9_999))
    await apply(attack(world, [ANN]))
    world.clock.advance(24 * HOUR)
    const runs = await apply(attack(world, [BOB]))

    expect(runs.map(({ outcome }) => outcome).sort()).toEqual(['remediated', 'undone'])
    expect(v4()).toEqual([...many(9_999), `${BOB}/32`])
  })
})

describe('the end of a block', () => {
  // R32
  test('comes by the sweep, not before its time, and leaves the set empty', async () => {
    world = newWorld()
    setUp(world, [])
    const [run] = await apply(attack(world, [ANN]))
    world.clock.advance(24 * HOUR - 1)
    const early = await sweep()
    world.clock.advance(1)
    const due = await sweep()

    expect(early).toEqual([])
    expect(due).toMatchObject([{ outcome: 'undone', undoOf: run!.id, expiry: true, mode: 'auto' }])
    expect(v4()).toEqual([])
    expect(await world.store.get(run!.id)).toMatchObject({ undoneBy: due[0]!.id })
    expect(await sweep()).toEqual([])
  })

  test('leaves the entries of others for ever', async () => {
    await apply(attack(world, [ANN]))
    world.clock.advance(1_000 * 24 * HOUR)
    await sweep()

    expect(v4()).toEqual([OTHERS])
    expect(await sweep()).toEqual([])
  })

  test('was approved together with the block: nobody is asked again', async () => {
    world = newWorld(APPROVE)
    setUp(world)
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    await engine.handle([attack(world, [ANN])], 'apply')
    world.clock.advance(24 * HOUR)

    expect(await sweep()).toMatchObject([{ outcome: 'undone' }])
    expect(v4()).toEqual([OTHERS])
  })

  test('that fails is tried again by the next sweep', async () => {
    await apply(attack(world, [ANN]))
    world.clock.advance(24 * HOUR)
    world.aws.fault({ on: UPDATE, kind: 'deny' })
    const failed = await sweep()
    world.aws.clearFaults()
    const done = await sweep()

    expect([...failed, ...done]).toMatchObject([{ outcome: 'failed' }, { outcome: 'undone' }])
    expect(v4()).toEqual([OTHERS])
  })

  test('is one write when two sweeps meet', async () => {
    await apply(attack(world, [ANN]))
    world.clock.advance(24 * HOUR)
    const both = (await Promise.all([sweep(), sweep()])).flat()

    expect(both.map(({ outcome }) => outcome)).not.toContain('failed')
    expect(world.aws.changes()).toHaveLength(2)
    expect(v4()).toEqual([OTHERS])
    expect(await world.store.holds(arnOf())).toEqual([])
  })

  test('does not take out what another process blocks again while the sweep looks', async () => {
    await apply(attack(world, [ANN]))
    world.clock.advance(24 * HOUR)
    world.aws.fault({
      on: 'wafv2:GetIPSet',
      nth: 1,
      before: async () => void (await apply(attack(world, [ANN], { id: 'again' }))),
    })
    await sweep()
    const held = [...v4()]
    world.clock.advance(24 * HOUR)
    await sweep()

    expect(held).toEqual([OTHERS, `${ANN}/32`])
    expect(v4()).toEqual([OTHERS])
  })

  test('of an entry that somebody else took out is no change', async () => {
    await apply(attack(world, [ANN]))
    world.aws.wafv2.change('rectify-block-v4', [OTHERS])
    world.clock.advance(24 * HOUR)

    expect(await sweep()).toMatchObject([{ outcome: 'alreadyCompliant' }])
    expect(world.aws.changes()).toHaveLength(1)
    expect(await sweep()).toEqual([])
  })

  test('of a set that is gone ends there', async () => {
    await apply(attack(world, [ANN]))
    world.aws.wafv2.sets.length = 0
    world.clock.advance(24 * HOUR)

    expect(await sweep()).toMatchObject([{ outcome: 'resourceGone' }])
    expect(await sweep()).toEqual([])
  })

  test('does not keep the same attacker from being blocked again', async () => {
    await apply(attack(world, [ANN]))
    world.clock.advance(24 * HOUR)
    await sweep()

    expect(await apply(attack(world, [ANN]))).toMatchObject([{ outcome: 'remediated' }])
    expect(v4()).toEqual([OTHERS, `${ANN}/32`])
  })
})

describe('two findings about one attacker', () => {
  // R33
  test('extend the block, without a second entry or a second write', async () => {
    const [first] = await apply(attack(world, [ANN]))
    world.clock.advance(12 * HOUR)
    const [second] = await apply(attack(world, [ANN], { id: 'again' }))
    world.clock.advance(12 * HOUR)
    const half = await sweep()
    const held = [...v4()]
    world.clock.advance(12 * HOUR)
    const end = await sweep()

    expect(second).toMatchObject({ outcome: 'alreadyCompliant', results: [] })
    expect(world.aws.changes()).toHaveLength(2)
    expect({ half, held }).toEqual({ half: [], held: [OTHERS, `${ANN}/32`] })
    expect(end).toMatchObject([{ outcome: 'undone', undoOf: first!.id }])
    expect(v4()).toEqual([OTHERS])
  })

  // R33
  test('extend it also when it is the same finding, updated', async () => {
    await apply(attack(world, [ANN]))
    world.clock.advance(12 * HOUR)
    await apply(attack(world, [ANN]))
    world.clock.advance(12 * HOUR)

    expect(await sweep()).toEqual([])
    expect(v4()).toContain(`${ANN}/32`)
  })

  test('at the same moment in two processes are one write, and both hold it', async () => {
    const both = await Promise.all([
      apply(attack(world, [ANN])),
      apply(attack(world, [ANN], { id: 'again' })),
    ])

    expect(
      both
        .flat()
        .map(({ outcome }) => outcome)
        .sort(),
    ).toEqual(['alreadyCompliant', 'remediated'])
    expect(world.aws.changes()).toHaveLength(1)
    expect(await world.store.holds(arnOf())).toHaveLength(2)
  })

  test('keep it when the first is undone; the undo names the other', async () => {
    const [first] = await apply(attack(world, [ANN]))
    const [second] = await apply(attack(world, [ANN], { id: 'again' }))
    const undone = await undo(first!)

    expect(undone).toMatchObject({ outcome: 'alreadyCompliant' })
    expect(undone.reason).toContain(`${ANN}/32 stays: also held by ${second!.id}`)
    expect(v4()).toContain(`${ANN}/32`)
    world.clock.advance(24 * HOUR)
    expect(await sweep()).toMatchObject([{ outcome: 'undone' }])
    expect(v4()).toEqual([OTHERS])
  })

  test('of which the second brings a new address: only that one is written, both are held', async () => {
    await apply(attack(world, [ANN]))
    world.clock.advance(HOUR)
    const [second] = await apply(attack(world, [ANN, BOB], { id: 'again' }))
    world.clock.advance(23 * HOUR)
    await sweep()

    expect(second?.plan?.steps).toMatchObject([{ merge: { add: [`${BOB}/32`] } }])
    expect(v4()).toEqual([OTHERS, `${ANN}/32`, `${BOB}/32`])
    world.clock.advance(HOUR)
    await sweep()
    expect(v4()).toEqual([OTHERS])
  })

  test('for several addresses: the undo takes out what only it holds', async () => {
    const [first] = await apply(attack(world, [ANN, BOB]))
    await apply(attack(world, [BOB], { id: 'again' }))
    const undone = await undo(first!)

    expect(undone).toMatchObject({
      outcome: 'undone',
      plan: { steps: [{ merge: { remove: [`${ANN}/32`] } }] },
    })
    expect(v4()).toEqual([OTHERS, `${BOB}/32`])
  })
})

describe('whose entry it is', () => {
  test('one that was there before us is never taken out', async () => {
    world.aws.wafv2.change('rectify-block-v4', [OTHERS, `${ANN}/32`])
    const [run] = await apply(attack(world, [ANN, BOB]))
    world.clock.advance(24 * HOUR)
    await sweep()

    expect(run?.plan?.steps).toMatchObject([{ merge: { add: [`${BOB}/32`] } }])
    expect(v4()).toEqual([OTHERS, `${ANN}/32`])
    expect(await world.store.holds(arnOf())).toEqual([])
  })

  test('one that somebody else put there between our look and our write is theirs', async () => {
    world.aws.fault({
      on: UPDATE,
      nth: 1,
      before: () => world.aws.wafv2.change('rectify-block-v4', [OTHERS, `${ANN}/32`]),
    })
    const [run] = await apply(attack(world, [ANN, BOB]))
    const undone = await undo(run!)

    expect(run).toMatchObject({ outcome: 'remediated', results: [{ detail: { added: [`${BOB}/32`] } }] })
    expect(undone).toMatchObject({ outcome: 'undone' })
    expect(v4()).toEqual([OTHERS, `${ANN}/32`])
  })

  // R7
  test.each(['loseAnswer', 'loseAnswerThenRetry'] as const)(
    'in doubt (%s) it is ours, and expires',
    async (kind) => {
      world.aws.fault({ on: UPDATE, nth: 1, kind })
      const [run] = await apply(attack(world, [ANN]))
      const blocked = [...v4()]
      world.clock.advance(24 * HOUR)
      await sweep()

      expect(run).toMatchObject({ outcome: 'remediated', results: [{ status: 'alreadyDone' }] })
      expect(blocked).toEqual([OTHERS, `${ANN}/32`])
      expect(v4()).toEqual([OTHERS])
    },
  )

  test('of an unverified block it is ours too, and expires', async () => {
    const stale = { IPSet: structuredClone(world.aws.wafv2.set('rectify-block-v4')), LockToken: 'stale' }
    world.aws.fault({
      on: UPDATE,
      nth: 1,
      after: () => world.aws.fault({ on: 'wafv2:GetIPSet', answer: () => stale }),
    })
    const [run] = await apply(attack(world, [ANN]))
    world.aws.clearFaults()
    world.clock.advance(24 * HOUR)
    await sweep()

    expect(run).toMatchObject({ outcome: 'unverified' })
    expect(v4()).toEqual([OTHERS])
  })
})

function many(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `5.${n >> 16}.${(n >> 8) & 255}.${n & 255}/32`)
}
