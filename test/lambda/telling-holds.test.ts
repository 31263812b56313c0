import { describe, expect, test } from '@jest/globals'
import { heldNow } from '../../src/engine/rails/held-now.ts'
import type { Words } from '../../src/lambda/tellers/teller.ts'
import { tellHolds } from '../../src/lambda/tellers/telling-holds.ts'
import { openGroup } from '../engine/approval-scenes.ts'
import { AUTO, newWorld, sshOpen, start, type World } from '../engine/simulated-world.ts'

/** Whatever a guard rail holds, people are told of it once, and not once for each run. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const LIMITED = `${AUTO}limits: { changesPerHour: 5 }\n`
const group = (n: number) => `sg-${String(n).padStart(17, '0')}`

function withGroups(policy: string, count: number): World {
  const world = newWorld(policy)
  for (let n = 0; n < count; n++)
    world.aws.groups.add(group(n), [{ id: `sgr-${n}`, from: 22, cidr: '0.0.0.0/0' }])
  return world
}
async function apply(world: World, from: number, to: number, more = {}): Promise<void> {
  const findings = Array.from({ length: to - from }, (_, n) => sshOpen(world, group(from + n), more))
  await start(world).engine.handle(findings, 'apply')
}

/** What the sweeper tells, as it comes every five minutes. */
async function sweep(world: World): Promise<Words[]> {
  const { runs } = await start(world).engine.sweep()
  const notices: Words[] = []
  const tellers = [{ id: 'sns', tell: async (notice: Words) => void notices.push(notice) }]
  const holds = await heldNow(world.store, world.clock.now(), new Set(runs.map(({ id }) => id)))
  await tellHolds({ store: world.store, now: world.clock.now(), tellers, stack: 'prod' }, holds)
  return notices
}
async function sweeps(world: World, ms: number): Promise<Words[]> {
  const notices: Words[] = []
  for (let passed = 0; passed < ms; passed += 5 * MINUTE) {
    world.clock.advance(5 * MINUTE)
    notices.push(...(await sweep(world)))
  }
  return notices
}

describe('a limit', () => {
  test('that holds 55 of 60 runs is told in one notice, with the number, the reason and how they are seen', async () => {
    const world = withGroups(LIMITED, 60)
    const room = new Date(world.clock.now() + HOUR).toISOString()
    await apply(world, 0, 50)
    await apply(world, 50, 60, { severity: 'HIGH' })
    const [notice, ...others] = await sweep(world)

    expect(others).toEqual([])
    expect(notice!.subject).toBe('Rectify: 55 runs are held: limit changesPerHour: 5 changes within the hour')
    expect(notice!.text.split('\n')).toEqual([
      '55 runs are held: limit changesPerHour: 5 changes within the hour',
      '  severity  10 HIGH, 45 MEDIUM',
      '  playbook  55 ec2-close-open-ingress',
      expect.stringMatching(`^ {2}room at {3}${room.slice(0, 13)}`),
      '  goes on   by themselves as there is room, the severest first, of these the one that has waited longest',
      '',
      'They are listed by `rectify runs --outcome held --stack prod`.',
    ])
  })

  test('is told again once a day while it lasts, with the number as it stands, and no more when it holds none', async () => {
    const world = withGroups(LIMITED.replace('5', '2'), 60)
    await apply(world, 0, 60)
    expect((await sweep(world))[0]!.subject).toContain('58 runs are held')
    expect(await sweeps(world, 24 * HOUR - 5 * MINUTE)).toEqual([])
    // After a day all of them are asked once more, and may be on their way.
    const first = await sweeps(world, 10 * MINUTE)
    expect(first).toHaveLength(1)
    const left = Number(/(\d+) runs/.exec(first[0]!.subject)![1])
    expect(left).toBe(60 - world.aws.changes().length)
    expect(await sweeps(world, 30 * HOUR)).toEqual([])
    expect(world.aws.changes()).toHaveLength(60)
  })

  test('that is used up again within the hour is no new one, and after it is', async () => {
    const world = withGroups(LIMITED, 24)
    await apply(world, 0, 6)
    expect(await sweep(world)).toHaveLength(1)
    expect(await sweeps(world, HOUR)).toEqual([])
    await apply(world, 6, 12)
    world.clock.advance(5 * MINUTE)
    expect(await sweep(world)).toEqual([])
    expect(await sweeps(world, 4 * HOUR)).toEqual([])
    await apply(world, 12, 24)
    expect(await sweep(world)).toHaveLength(1)
  })
})

describe('a pause', () => {
  const pause = (world: World, scope = 'all') =>
    world.store.setControlOf(scope, { paused: true, by: 'ann', at: world.clock.iso() })

  test('is told with the command that ends it, and the next one anew', async () => {
    const world = withGroups(AUTO, 2)
    for (let n = 0; n < 2; n++) {
      await pause(world, 'playbook:ec2-close-open-ingress')
      const at = world.clock.iso()
      await apply(world, n, n + 1)
      const [notice, ...others] = await sweep(world)
      expect(others).toEqual([])
      expect(notice!.subject).toBe(
        `Rectify: 1 run is held: paused for playbook ec2-close-open-ingress by ann at ${at}`,
      )
      expect(notice!.text).toContain('rectify resume --playbook ec2-close-open-ingress --stack prod')
      world.clock.advance(MINUTE)
      expect(await sweep(world)).toEqual([])
      await world.store.setControlOf('playbook:ec2-close-open-ingress', { paused: false })
      expect(await sweep(world)).toEqual([])
    }
  })

  test('that was ended before the sweeper came is not told', async () => {
    const world = openGroup(AUTO)
    await pause(world)
    await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    await world.store.setControl({ paused: false })
    const [run] = await world.store.list()

    expect(await heldNow(world.store, world.clock.now(), new Set([run!.id]))).toEqual([])
    expect(await sweep(world)).toEqual([])
  })
})

test('a freeze is told, and one that is over and whose runs nobody has woken yet is not', async () => {
  const frozen = `${AUTO}freezes: [{ name: year end, from: 2026-01-01, to: 2099-01-01, zone: UTC }]\n`
  const world = openGroup(frozen)
  await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')

  expect(await sweep(world)).toMatchObject([
    {
      subject: 'Rectify: 1 run is held: freeze "year end"',
      text: expect.stringMatching(/^ {2}until {5}2099-01-02T00:00:00.000Z$/m),
    },
  ])
  expect(await heldNow(world.store, Date.parse('2099-01-03'))).toEqual([])
})

test('an open breaker is told under its playbook, whoever tries again', async () => {
  const world = withGroups(`${AUTO}limits: { breaker: { failures: 1, within: 1h, retryAfter: 2h } }\n`, 3)
  world.aws.fault({ on: 'ec2:RevokeSecurityGroupIngress', dryRun: false, kind: 'deny' })
  await apply(world, 0, 1)
  await apply(world, 1, 3)
  const [notice, ...others] = await sweep(world)

  expect(others).toEqual([])
  expect(notice!.subject).toBe(
    'Rectify: 2 runs are held: breaker of ec2-close-open-ingress: 1 runs went wrong',
  )
})

test('many holds that are new at once are one notice', async () => {
  const world = newWorld()
  const hold = (n: number) => ({
    ...{ key: `limit ${n}`, rail: 'limit' as const, reason: `limit ${n}`, runs: n, isCut: n === 6 },
    ...{ severities: { HIGH: n }, playbooks: { one: n } },
  })
  const holds = [6, 5, 4, 3, 2, 1].map(hold)
  const notices: Words[] = []
  const tellers = [{ id: 'sns', tell: async (notice: Words) => void notices.push(notice) }]

  expect(await tellHolds({ store: world.store, now: world.clock.now(), tellers }, holds)).toBe(1)
  expect(notices).toMatchObject([{ subject: 'Rectify: 21 runs held, by 6 guard rails' }])
  expect(notices[0]!.text).toContain('6 or more runs are held: limit 6')
  expect(notices[0]!.text).toContain('1 run is held: limit 1')
})

test('what could not be told is told at the next sweep', async () => {
  const world = withGroups(LIMITED, 6)
  await apply(world, 0, 6)
  const holds = await heldNow(world.store, world.clock.now())
  const tellers = [{ id: 'sns', tell: () => Promise.reject(new Error('no topic')) }]
  const telling = tellHolds({ store: world.store, now: world.clock.now(), tellers }, holds)

  await expect(telling).rejects.toThrow('no topic')
  expect(await sweep(world)).toHaveLength(1)
})

test('nothing is written while nothing is held', async () => {
  const world = newWorld()

  expect(await sweep(world)).toEqual([])
  expect(await world.store.bookmark('holds told')).toBeUndefined()
})
