import { describe, expect, test } from '@jest/globals'
import { closeOpenIngress } from '../../playbooks/ec2/close-open-ingress.ts'
import { blockAttackerIp } from '../../playbooks/wafv2/block-attacker-ip.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import type { Run } from '../../src/run/run.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { arn, openGroup } from '../engine/approval-scenes.ts'
import { ANN, BlockingSets, BOB } from '../engine/blocking-sets.ts'
import { Life } from '../engine/killed-process.ts'
import { attack, sshOpen, type World } from '../engine/simulated-world.ts'
import { Deployment } from './simulated-deployment.ts'

const HOUR = 3_600_000

/** A deployment in which a run waits for an approval. */
async function asking(
  playbooks?: AnyPlaybook[],
): Promise<{ world: World; deployment: Deployment; run: Run }> {
  const world = openGroup()
  const deployment = new Deployment(world)
  if (playbooks) deployment.playbooks = playbooks
  await deployment.findings(sshOpen(world, 'sg-0web'))
  await deployment.invoke()
  const [run] = await world.store.list()
  return { world, deployment, run: run! }
}

async function approve({ world, deployment, run }: Awaited<ReturnType<typeof asking>>): Promise<void> {
  const decision = { verdict: 'approve' as const, by: arn('ann'), at: world.clock.iso() }
  await world.store.decide(run.id, { ...decision, hash: run.plan!.hash }, world.clock.now())
  await deployment.waker(new Life()).now(run, 'decision', run.revision)
}

/** Runs of a version with another machine, or another name for a playbook, after which this one was deployed. */
const UPGRADES: [what: string, named: string, upgraded: () => ReturnType<typeof asking>][] = [
  [
    'machine version',
    'version 99',
    async () => {
      const scenery = await asking()
      const { world, run } = scenery
      const machine = { ...run.machine, version: 99 }
      const revision = run.revision + 1
      const expected = { revision: run.revision }
      const changed = { ...run, machine, revision }
      const due = Date.parse(run.waitingUntil!)
      const id = `${run.id}-${revision}`
      await world.store.commit({ id, run: changed, expect: expected, audit: [], due })
      return scenery
    },
  ],
  [
    'playbook',
    'ec2-old-name',
    async () => {
      const scenery = await asking([{ ...closeOpenIngress, id: 'ec2-old-name' }])
      scenery.deployment.playbooks = [closeOpenIngress]
      return scenery
    },
  ],
]

describe.each(UPGRADES)('a run of a %s that this build does not know', (_what, named, upgraded) => {
  test('is parked as it is, and told at each sweep once it is due', async () => {
    const { world, deployment, run } = await upgraded()
    await deployment.settle(25 * HOUR)
    while (await deployment.invoke());
    expect((await world.store.get(run.id))?.state).toBe('waiting')
    expect(world.aws.changes()).toEqual([])
    expect(deployment).toMatchObject({ errors: [], queue: [] })
    expect(deployment.told.length).toBeGreaterThan(5)
    const message = expect.stringMatching(`is parked: .*${named}`)
    expect(deployment.told[0]).toMatchObject({ kind: 'stuck', run: { id: run.id }, message })
  })

  test('is left waiting by a person who decides about it', async () => {
    const scenery = await upgraded()
    await approve(scenery)
    await scenery.deployment.invoke()
    expect(await scenery.world.store.get(scenery.run.id)).toMatchObject({ state: 'waiting', outcome: null })
    expect(scenery.deployment).toMatchObject({ errors: [], queue: [] })
  })
})

test('a finding is handled although an earlier run about its resource is of a playbook that is unknown', async () => {
  const [, , upgraded] = UPGRADES[1]!
  const { world, deployment } = await upgraded()
  await deployment.settle(30 * HOUR)
  await deployment.findings({ ...sshOpen(world, 'sg-0web'), id: 'later' })
  while (await deployment.invoke());
  const [newest] = await world.store.list()
  expect(newest).toMatchObject({ state: 'waiting', waitingFor: 'approval', findings: [{ id: 'later' }] })
})

describe('a wake-up that fails', () => {
  /** An approved run whose next commit fails so. */
  async function failing(error: unknown) {
    const scenery = await asking()
    const { world, deployment } = scenery
    await approve(scenery)
    const { store } = world
    world.store = {
      ...store,
      commit: async () => {
        world.store = store
        throw error
      },
    }
    await deployment.invoke()
    world.store = store
    return scenery
  }

  test.each([
    ['a defect of ours', new TypeError('undefined is not a function')],
    ['a run that the table has no room for', new StoreError('tooLarge', 'item size has exceeded')],
    ['a write that the table does not take', new StoreError('unusable', 'ValidationError')],
  ])('for %s is told and done with; the sweeper tries again', async (_why, error) => {
    const { world, deployment, run } = await failing(error)
    expect(deployment).toMatchObject({ errors: [], queue: [] })
    expect(deployment.told).toMatchObject([{ kind: 'stuck', run: { id: run.id }, error }])
    await deployment.settle()
    expect(await world.store.get(run.id)).toMatchObject({ outcome: 'remediated' })
  })

  test.each([
    ['a store that is busy', new StoreError('busy', 'try again')],
    [
      'AWS that is asked too fast',
      new AwsError({ kind: 'throttled', code: 'Throttling', action: 'sts:GetCallerIdentity' }, 'slow down'),
    ],
    [
      'a queue that is asked too fast',
      Object.assign(new Error('slow down'), { $metadata: { httpStatusCode: 400 } }),
    ],
  ])('for %s comes again', async (_why, error) => {
    const { deployment } = await failing(error)
    expect(deployment).toMatchObject({ errors: [error], told: [], queue: [{ message: { kind: 'wake' } }] })
  })

  test('because the store cannot be reached comes again', async () => {
    const scenery = await asking()
    const { world, deployment } = scenery
    await approve(scenery)
    const error = new StoreError('unusable', 'cannot use the table')
    const get = () => Promise.reject(error)
    world.store = { ...world.store, get }
    await deployment.invoke()
    expect(deployment).toMatchObject({ errors: [error], told: [], queue: [{ message: { kind: 'wake' } }] })
  })

  test('after its run was closed comes again: the run may have left something to a new one', async () => {
    const scenery = await asking()
    const { world, deployment, run } = scenery
    await approve(scenery)
    const error = new TypeError('undefined is not a function')
    const { store } = world
    world.store = {
      ...store,
      attached: async (id) => {
        if ((await store.get(id))?.state === 'closed') throw error
        return store.attached(id)
      },
    }
    await deployment.invoke()
    expect((await store.get(run.id))?.outcome).toBe('remediated')
    expect(deployment).toMatchObject({ errors: [error], queue: [{ message: { kind: 'wake' } }] })
  })
})

test('the end of a block whose playbook is unknown is told, and holds up nothing about its set', async () => {
  const wall = new BlockingSets([])
  const deployment = new Deployment(wall.world)
  deployment.playbooks = [{ ...blockAttackerIp, id: 'wafv2-old-name' }]
  await deployment.findings(attack(wall.world, [ANN]))
  await deployment.invoke()
  deployment.playbooks = [blockAttackerIp]
  wall.world.clock.advance(25 * HOUR)
  await deployment.sweep()
  while (await deployment.invoke());
  expect(deployment).toMatchObject({ errors: [], queue: [] })
  expect(deployment.told).toMatchObject([
    { kind: 'stuck', message: expect.stringContaining('wafv2-old-name') },
  ])
  await deployment.findings(attack(wall.world, [BOB], { id: 'later' }))
  await deployment.invoke()
  expect(wall.v4).toEqual([`${ANN}/32`, `${BOB}/32`])
})

test('the end of a block that only lacks time in its invocation comes again, and nobody is told', async () => {
  const wall = new BlockingSets([])
  const deployment = new Deployment(wall.world)
  await deployment.findings(attack(wall.world, [ANN]))
  await deployment.invoke()
  wall.world.clock.advance(25 * HOUR)
  wall.world.aws.fault({ on: 'wafv2:GetIPSet', nth: 1, delayMs: 100_000 })
  await deployment.sweep()
  await deployment.invoke()
  expect(deployment.told).toEqual([])
  expect(deployment.queue).toHaveLength(1)
  await deployment.settle()
  expect(wall.v4).toEqual([])
})
