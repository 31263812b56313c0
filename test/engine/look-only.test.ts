import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import type { Run } from '../../src/run/run.ts'
import { finding, newWorld, sshOpen, start, type World } from './simulated-world.ts'

/** What changes nothing is carried out side by side, and given as it ends. */

function manyGroups(count: number): { world: World; ids: string[] } {
  const world = newWorld()
  const ids = Array.from({ length: count }, (_, n) => `sg-${String(n).padStart(8, '0')}`)
  for (const id of ids) {
    world.aws.groups.add(id)
    world.aws.groups.addRule(id, { id: `sgr-${id.slice(3)}`, from: 22, cidr: '0.0.0.0/0' })
  }
  return { world, ids }
}

const inOrder = (runs: readonly Run[]) => runs.map(({ target }) => target.id)

test('each run is given in the order of the findings, waited for, and not kept', async () => {
  const { world, ids } = manyGroups(450)
  const { engine } = start(world)
  const given: Run[] = []
  let open = 0
  const report = await engine.handle(
    ids.map((id) => sshOpen(world, id)),
    'rehearse',
    {
      async onEnd(run) {
        open += 1
        expect(open).toBe(1)
        await Promise.resolve()
        given.push(run)
        open -= 1
      },
    },
  )
  expect(inOrder(given)).toEqual(ids)
  expect(
    new Set(given.map(({ outcome, reason }) => `${outcome} ${outcome === 'failed' ? reason : ''}`)),
  ).toEqual(new Set(['rehearsed ']))
  expect(report).toEqual({ runs: [], ignored: [] })
})

test('once it is to stop nothing more is begun, and what is under way ends', async () => {
  const { world, ids } = manyGroups(1000)
  const { engine } = start(world)
  const stop = new AbortController()
  const given: Run[] = []
  await engine.handle(
    ids.map((id) => sshOpen(world, id)),
    'rehearse',
    {
      until: stop.signal,
      onEnd(run) {
        given.push(run)
        stop.abort()
      },
    },
  )
  expect(given.length).toBeGreaterThanOrEqual(200)
  expect(given.length).toBeLessThan(1000)
  expect(inOrder(given)).toEqual(ids.slice(0, given.length))
  expect(given.every(({ state }) => state === 'closed')).toBe(true)
})

test('what was rehearsed before is left out', async () => {
  const { world, ids } = manyGroups(3)
  const { engine } = start(world)
  const { runs } = await engine.handle(
    ids.map((id) => sshOpen(world, id)),
    'rehearse',
    { isDone: (playbook, key) => playbook === 'ec2-close-open-ingress' && key.endsWith(ids[1]!) },
  )
  expect(inOrder(runs)).toEqual([ids[0], ids[2]])
})

/** The playbook of groups, with something before each look at one. */
const lookingAfter = (before: (group: string) => Promise<void> | void): AnyPlaybook[] =>
  playbooks.map((playbook) =>
    playbook.id === 'ec2-close-open-ingress'
      ? {
          ...playbook,
          async inspect(target, ...given) {
            await before(target.id)
            return playbook.inspect(target, ...given)
          },
        }
      : playbook,
  )

test('one that waits holds up no other: all portions behind it look before it does', async () => {
  const { world, ids } = manyGroups(600)
  let looked = 0
  let release = () => {}
  const allOthers = new Promise<void>((resolve) => {
    release = resolve
  })
  const { engine } = start(world, {
    playbooks: lookingAfter((group) => {
      if (group === ids[0]) return allOthers
      looked += 1
      if (looked === ids.length - 1) release()
    }),
  })
  const findings = ids.map((id) => sshOpen(world, id))
  const { runs } = await engine.handle(findings, 'plan')
  expect(inOrder(runs)).toEqual(ids)
})

describe('a fault of ours', () => {
  const broken = lookingAfter((group) => {
    if (group === 'sg-00000001') throw new TypeError('no x of undefined')
  })

  test.each(['plan', 'rehearse'] as const)('fails its own run of a %s, and no other', async (intent) => {
    const { world, ids } = manyGroups(3)
    const { engine } = start(world, { playbooks: broken })
    const { runs } = await engine.handle(
      ids.map((id) => sshOpen(world, id)),
      intent,
    )
    const well = intent === 'plan' ? 'planned' : 'rehearsed'
    expect(runs.map(({ outcome }) => outcome)).toEqual([well, 'failed', well])
    expect(runs[1]?.reason).toContain('no x of undefined')
  })
})

test('what is ignored is told before the first look', async () => {
  const { world } = manyGroups(0)
  const { engine } = start(world)
  const told: unknown[] = []
  const report = await engine.handle([finding(world, { source: 'config', type: 'NOBODY' })], 'plan', {
    onIgnored: (ignored) => void told.push(...ignored),
  })
  expect(told).toMatchObject([{ reason: expect.stringContaining('no playbook answers') }])
  expect(report.ignored).toEqual([])
})
