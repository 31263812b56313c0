import { beforeEach, describe, expect, test } from '@jest/globals'
import { ANN, BlockingSets, BOB, OTHERS, UPDATE } from './blocking-sets.ts'
import { attack } from './simulated-world.ts'

const HOUR = 3_600_000

let wall: BlockingSets
beforeEach(() => {
  wall = new BlockingSets()
})

describe('whose entry it is', () => {
  test('one that was there before us is never taken out', async () => {
    wall.change([OTHERS, `${ANN}/32`])
    const [run] = await wall.apply(attack(wall.world, [ANN, BOB]))
    wall.world.clock.advance(24 * HOUR)
    await wall.sweep()

    expect(run?.plan?.steps).toMatchObject([{ merge: { add: [`${BOB}/32`] } }])
    expect(wall.v4).toEqual([OTHERS, `${ANN}/32`])
    expect(await wall.timeBoxes()).toEqual([])
  })

  test('one that somebody else put there after our block had ended is theirs, whatever is undone', async () => {
    const [run] = await wall.apply(attack(wall.world, [ANN]))
    wall.world.clock.advance(24 * HOUR)
    await wall.sweep()
    wall.change([OTHERS, `${ANN}/32`])

    expect(await wall.undo(run!)).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringMatching(/^still blocked: .* somebody else has put it there/),
    })
    expect(wall.v4).toEqual([OTHERS, `${ANN}/32`])
  })

  test.each(['undo', 'expiry'])(
    'one that somebody else put there between our look and our write survives our %s',
    async (end) => {
      wall.world.aws.fault({ on: UPDATE, nth: 1, before: () => wall.change([OTHERS, `${ANN}/32`]) })
      const [run] = await wall.apply(attack(wall.world, [ANN, BOB]))
      if (end === 'undo') await wall.undo(run!)
      wall.world.clock.advance(24 * HOUR)
      await wall.sweep()

      expect(run).toMatchObject({ outcome: 'remediated', results: [{ detail: { added: [`${BOB}/32`] } }] })
      expect(wall.v4).toEqual([OTHERS, `${ANN}/32`])
    },
  )

  test.each(['loseAnswer', 'loseAnswerThenRetry'] as const)(
    'in doubt (%s) it is ours, and expires',
    async (kind) => {
      wall.world.aws.fault({ on: UPDATE, nth: 1, kind })
      const [run] = await wall.apply(attack(wall.world, [ANN]))
      const blocked = [...wall.v4]
      wall.world.clock.advance(24 * HOUR)
      await wall.sweep()

      expect(run).toMatchObject({ outcome: 'remediated', results: [{ status: 'alreadyDone' }] })
      expect(blocked).toEqual([OTHERS, `${ANN}/32`])
      expect(wall.v4).toEqual([OTHERS])
    },
  )

  test('of an unverified block it is ours too, and expires', async () => {
    const stale = { IPSet: structuredClone(wall.world.aws.wafv2.set('rectify-block-v4')), LockToken: 'stale' }
    wall.world.aws.fault({
      on: UPDATE,
      nth: 1,
      after: () => wall.world.aws.fault({ on: 'wafv2:GetIPSet', answer: () => stale }),
    })
    const [run] = await wall.apply(attack(wall.world, [ANN]))
    wall.world.aws.clearFaults()
    wall.world.clock.advance(24 * HOUR)
    await wall.sweep()

    expect(run).toMatchObject({ outcome: 'unverified' })
    expect(wall.v4).toEqual([OTHERS])
  })
})
