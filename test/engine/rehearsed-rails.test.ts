import { describe, expect, test } from '@jest/globals'
import { openGroup } from './approval-scenes.ts'
import { AUTO, sshOpen, start, type World } from './simulated-world.ts'

/** A rehearsal says which guard rail would have held the real thing, and is held by none. */

const GROUP = 'sg-0web'
const FROZEN = `version: 1
rules:
  - mode: auto
freezes:
  - { name: year end, from: 2026-01-01T00:00, to: 2026-12-31T00:00, zone: UTC, except: { severity: { atLeast: CRITICAL } } }
`

const rehearse = async (world: World, about = sshOpen(world, GROUP)) =>
  (await start(world).engine.handle([about], 'rehearse')).runs

describe('a rehearsal', () => {
  test('says by which freeze it would be held', async () => {
    const world = openGroup(FROZEN)
    expect(await rehearse(world)).toMatchObject([
      {
        outcome: 'rehearsed',
        wouldHold: { rail: 'freeze', reason: 'freeze "year end"', until: '2026-12-31T00:00:00.000Z' },
      },
    ])
    const [severe] = await rehearse(world, sshOpen(world, GROUP, { severity: 'CRITICAL' }))
    expect(severe).toMatchObject({ outcome: 'rehearsed' })
    expect(severe).not.toHaveProperty('wouldHold')
  })

  test('says that it is paused, and by whom', async () => {
    const world = openGroup(AUTO)
    await world.store.setControl({ paused: true, by: 'ann', at: world.clock.iso(), reason: 'release day' })
    expect(await rehearse(world)).toMatchObject([
      { outcome: 'rehearsed', wouldHold: { rail: 'pause', reason: expect.stringContaining('release day') } },
    ])
  })

  test('leaves no place of a limit taken', async () => {
    const world = openGroup(`${AUTO}limits: { changesPerHour: 1 }\n`)
    for (const _ of [1, 2, 3]) await rehearse(world)
    const { runs } = await start(world).engine.handle([sshOpen(world, GROUP)], 'apply')
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
  })
})
