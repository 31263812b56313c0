import { describe, expect, test } from '@jest/globals'
import type { Finding, FindingStatus } from '../../src/findings/finding.ts'
import { openGroup } from './approval-scenes.ts'
import { AUTO, sshOpen, start, type World } from './simulated-world.ts'

async function apply(world: World, about: Finding = sshOpen(world, 'sg-0web'), ...more: Finding[]) {
  return (await start(world).engine.handle([about, ...more], 'apply')).runs
}

function expectUntouched(world: World): void {
  expect(world.aws.changes()).toEqual([])
  expect(world.aws.groups.rules.has('sgr-open')).toBe(true)
}

describe.each<FindingStatus>(['sample', 'archived', 'suppressed', 'resolved'])(
  'a finding that is %s',
  (status) => {
    test.each(['plan', 'rehearse', 'apply'] as const)(
      'is ignored by %s, with that reason',
      async (intent) => {
        const world = openGroup(AUTO)
        const about = sshOpen(world, 'sg-0web', { status })
        const { runs, ignored } = await start(world).engine.handle([about], intent)

        expect({ runs, ignored }).toEqual({ runs: [], ignored: [{ finding: about.id, reason: status }] })
        expectUntouched(world)
      },
    )

    test.each(['plan', 'rehearse', 'apply'] as const)(
      'is taken by %s only if it is a sample',
      async (intent) => {
        const world = openGroup(AUTO)
        const about = sshOpen(world, 'sg-0web', { status })
        const { runs } = await start(world).engine.handle([about], intent, { includeSamples: true })

        expect(runs).toHaveLength(status === 'sample' && intent !== 'apply' ? 1 : 0)
        expectUntouched(world)
      },
    )
  },
)

describe('what the engine itself did', () => {
  test('comes back as an event and leads to no further change', async () => {
    const world = openGroup(AUTO)
    await apply(world)
    world.clock.advance(2_000)
    const item = sshOpen(world, 'sg-0web', { type: 'item:AWS::EC2::SecurityGroup' })

    expect(await apply(world, item)).toMatchObject([{ outcome: 'alreadyCompliant' }])
    expect(world.aws.changes()).toHaveLength(1)
  })

  test('is one run for two findings of one resource in one batch', async () => {
    const world = openGroup(AUTO)
    const other = sshOpen(world, 'sg-0web', { id: 'another detector' })
    const runs = await apply(world, sshOpen(world, 'sg-0web'), other)

    expect(runs).toMatchObject([{ outcome: 'remediated', findings: [{}, { id: 'another detector' }] }])
    expect(world.aws.changes()).toHaveLength(1)
  })

  test('is one change for two findings that two processes take at the same moment', async () => {
    const world = openGroup(AUTO)
    const both = await Promise.all([apply(world), apply(world, sshOpen(world, 'sg-0web', { id: 'another' }))])

    expect(both.flat().map(({ outcome }) => outcome)).not.toContain('failed')
    expect(world.aws.changes()).toHaveLength(1)
    expect(world.aws.groups.rules.size).toBe(0)
  })

  test('is not done again for a replayed finding, which costs no call', async () => {
    const world = openGroup(AUTO)
    const about = sshOpen(world, 'sg-0web')
    const first = await apply(world, about)
    const calls = world.aws.calls.length
    const again = await apply(world, about)

    expect(again.map(({ id }) => id)).toEqual(first.map(({ id }) => id))
    expect(world.aws.calls).toHaveLength(calls)
  })
})
