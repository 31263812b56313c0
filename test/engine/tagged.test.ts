import { describe, expect, test } from '@jest/globals'
import { tagList } from '../support/aws-model/security-groups.ts'
import { APPROVE, AUTO, newWorld, sshOpen, start, type World } from './simulated-world.ts'

/** What whoever owns a resource says by its tags. */

const GROUP = 'sg-0web'

function tagged(policy: string, tags: Record<string, string>): World {
  const world = newWorld(policy)
  world.aws.groups.add(GROUP, [{ id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' }], { tags })
  return world
}

const apply = async (world: World) =>
  (await start(world).engine.handle([sshOpen(world, GROUP)], 'apply')).runs

describe('a resource with tags of its owner', () => {
  test.each([
    ['rectify:mode', 'rehearse', { outcome: 'rehearsed' }],
    ['rectify:mode', 'off', { outcome: 'off' }],
    ['rectify:mode', 'approve', { waitingFor: 'approval', mode: 'approve' }],
    ['rectify:mode', 'audit', { outcome: 'blocked' }],
    ['rectify:exempt-until', '2099-12-31', { outcome: 'exempted' }],
    ['rectify:exempt-until', 'next week', { outcome: 'blocked' }],
  ])('%s: %s, under auto', async (key, value, ends) => {
    const world = tagged(AUTO, { [key]: value, 'rectify:owner': 'netops' })
    const [run] = await apply(world)
    expect(run).toMatchObject(ends)
    expect(run!.reason).toContain(`tag ${key}`)
    expect(world.aws.changes()).toEqual([])
  })

  test('is put right where they permit more than the rule, or are over', async () => {
    expect(await apply(tagged(APPROVE, { 'rectify:mode': 'auto' }))).toMatchObject([
      { waitingFor: 'approval' },
    ])
    expect(await apply(tagged(AUTO, { 'rectify:exempt-until': '2020-01-01' }))).toMatchObject([
      { outcome: 'remediated' },
    ])
  })

  test('tagged between the question and the answer is left alone, whatever is approved', async () => {
    const world = tagged(APPROVE, {})
    const [waiting] = await apply(world)
    const group = world.aws.groups.groups.get(GROUP)!
    group.Tags = tagList({ 'rectify:exempt-until': '2099-12-31' })
    const { runs } = await start(world).engine.approve(waiting!.id, {})

    expect(runs).toMatchObject([{ outcome: 'exempted', reason: expect.stringContaining('2099-12-31') }])
    expect(world.aws.changes()).toEqual([])
  })
})
