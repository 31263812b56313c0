import { describe, expect, test } from '@jest/globals'
import { as, asked, openGroup, refusal } from './approval-scenes.ts'

describe('a resource that changed between the question and the answer', () => {
  const rdp = { id: 'sgr-v6', from: 22, cidr6: '::/0' }

  test('is asked about again, with the new plan and its own hash', async () => {
    const world = openGroup()
    const waiting = await asked(world)
    world.aws.groups.addRule('sg-0web', rdp)
    const { runs } = await as(world, 'ann').approve(waiting.id, { hash: waiting.plan!.hash })

    expect(runs).toMatchObject([{ id: waiting.id, state: 'waiting', round: 2 }])
    expect(runs[0]!.plan!.hash).not.toBe(waiting.plan!.hash)
    expect(world.aws.changes()).toEqual([])
    await refusal(as(world, 'ann').approve(waiting.id, { hash: waiting.plan!.hash }))
    const second = await as(world, 'ann').approve(waiting.id, { hash: runs[0]!.plan!.hash })
    expect(second.runs).toMatchObject([{ outcome: 'remediated' }])
    expect(world.aws.groups.rules.size).toBe(0)
  })

  test('is asked about again on the terminal, in a round of its own', async () => {
    const world = openGroup()
    const rounds: number[] = []
    const run = await asked(world, ({ round }) => {
      rounds.push(round)
      if (round === 1) world.aws.groups.addRule('sg-0web', rdp)
      return { kind: 'approve' }
    })

    expect(run).toMatchObject({ outcome: 'remediated', round: 2 })
    expect(rounds).toEqual([1, 2])
  })

  test('and back again to the first plan: the first approval does not count for the third round', async () => {
    const world = openGroup()
    const first = await asked(world)
    world.aws.groups.addRule('sg-0web', rdp)
    await as(world, 'ann').approve(first.id, {})
    world.aws.groups.rules.delete(rdp.id)
    const { runs } = await as(world, 'ann').approve(first.id, {})

    expect(runs).toMatchObject([{ state: 'waiting', round: 3, plan: { hash: first.plan!.hash } }])
    expect(world.aws.changes()).toEqual([])
  })

  test('and is right by now: alreadyCompliant, without a change', async () => {
    const world = openGroup()
    const { id } = await asked(world)
    world.aws.groups.rules.clear()

    expect((await as(world, 'ann').approve(id, {})).runs).toMatchObject([{ outcome: 'alreadyCompliant' }])
    expect(world.aws.changes()).toEqual([])
  })

  test('and is gone by now: resourceGone', async () => {
    const world = openGroup()
    const { id } = await asked(world)
    world.aws.groups.remove('sg-0web')

    expect((await as(world, 'ann').approve(id, {})).runs).toMatchObject([{ outcome: 'resourceGone' }])
  })
})
