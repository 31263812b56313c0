import { describe, expect, test } from '@jest/globals'
import type { RunStore, StoredExemption } from '../../src/run/store.ts'
import { openGroup } from './approval-scenes.ts'
import { APPROVE, AUTO, sshOpen, start, type World } from './simulated-world.ts'

/** "Leave this alone", said while runs are under way: it counts when it is planned and right before the change. */

const GROUP = 'sg-0web'
const PLAYBOOK = 'ec2-close-open-ingress'
const REASON = 'exempted by netops until 2099-01-01T00:00:00.000Z: public bastion'

const exemption = (world: World, more: Partial<StoredExemption> = {}): StoredExemption => ({
  ...{ id: 'ex-1', resource: GROUP, owner: 'netops', reason: 'public bastion', by: 'ann' },
  ...{ until: '2099-01-01T00:00:00.000Z', at: world.clock.iso(), origin: 'command' },
  ...more,
})

const apply = async (world: World, store: RunStore = world.store) =>
  (await start(world, { store }).engine.handle([sshOpen(world, GROUP)], 'apply')).runs

/** A store of a world in which somebody does something right after the first look has asked it. */
function afterTheLook(world: World, act: () => Promise<unknown>): RunStore {
  let asked = 0
  return {
    ...world.store,
    async exemptionsOf(...about) {
      const found = await world.store.exemptionsOf(...about)
      if (++asked === 1) await act()
      return found
    },
  }
}

describe('a resource that somebody exempts at run time', () => {
  test.each([
    'sg-0web',
    'arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0web',
    'arn:aws:ec2:eu-west-1::security-group/sg-0web',
  ])('is left alone, spelled %s', async (resource) => {
    const world = openGroup(AUTO)
    await world.store.putExemption(exemption(world, { resource }))
    expect(await apply(world)).toMatchObject([{ outcome: 'exempted', reason: REASON }])
    expect(world.aws.changes()).toEqual([])
  })

  test.each([
    ['another resource', { resource: 'sg-0web2' }],
    ['another account', { resource: 'arn:aws:ec2:eu-west-1:999999999999:security-group/sg-0web' }],
    ['another region', { resource: 'arn:aws:ec2:us-east-1:123456789012:security-group/sg-0web' }],
    ['another playbook', { playbook: 'ec2-close-admin-ports' }],
    ['a time that is over', { until: '2020-01-01T00:00:00.000Z' }],
  ])('but not by what is about %s', async (_, more) => {
    const world = openGroup(AUTO)
    await world.store.putExemption(exemption(world, more))
    expect(await apply(world)).toMatchObject([{ outcome: 'remediated' }])
  })

  test('between the question and the answer is left alone, whatever is approved', async () => {
    const world = openGroup(APPROVE)
    const [waiting] = await apply(world)
    await world.store.putExemption(exemption(world, { playbook: PLAYBOOK }))
    const { runs } = await start(world).engine.approve(waiting!.id, {})
    expect(runs).toMatchObject([{ outcome: 'exempted', reason: REASON }])
    expect(world.aws.changes()).toEqual([])
  })

  test('between the look and the claim is left alone', async () => {
    const world = openGroup(AUTO)
    const store = afterTheLook(world, () => world.store.putExemption(exemption(world)))
    expect(await apply(world, store)).toMatchObject([{ outcome: 'exempted', reason: REASON, plan: {} }])
    expect(world.aws.changes()).toEqual([])
    expect(await world.store.lock((await world.store.list())[0]!.resource)).not.toHaveProperty('lockedBy')
  })

  test('is asked about when the exemption ended between the question and the answer', async () => {
    const world = openGroup(APPROVE)
    const [waiting] = await apply(world)
    await world.store.putExemption(exemption(world))
    await world.store.endExemption('ex-1', { by: 'bob', at: world.clock.iso() })
    const { runs } = await start(world).engine.approve(waiting!.id, {})
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
  })

  test('stays as it was decided at the look when the exemption ends right after', async () => {
    const world = openGroup(AUTO)
    await world.store.putExemption(exemption(world))
    const ended = () => world.store.endExemption('ex-1', { by: 'bob', at: world.clock.iso() })
    expect(await apply(world, afterTheLook(world, ended))).toMatchObject([{ outcome: 'exempted' }])
    expect(await apply(world)).toMatchObject([{ outcome: 'remediated' }])
  })

  test.each([1, 2])('is not changed while nobody can say (at question %i)', async (failing) => {
    const world = openGroup(AUTO)
    let asked = 0
    const store: RunStore = {
      ...world.store,
      exemptionsOf: (...about) =>
        ++asked === failing ? Promise.reject(new Error('no table')) : world.store.exemptionsOf(...about),
    }
    await expect(apply(world, store)).rejects.toThrow('no table')
    expect(asked).toBe(failing)
    expect(world.aws.changes()).toEqual([])
  })
})
