import { describe, expect, test } from '@jest/globals'
import { type EndingExemption, tellEnding } from '../../src/engine/rails/ending-exemptions.ts'
import { exemptionsNotice } from '../../src/lambda/tellers/exemptions-notice.ts'
import type { StoredExemption } from '../../src/run/store.ts'
import { AUTO, newWorld, type World } from './simulated-world.ts'

/** Exemptions that end are told a week ahead, once. */

const DAY = 86_400_000

const inDays = ({ clock }: World, days: number) => new Date(clock.now() + days * DAY).toISOString()

const exemption = (world: World, more: Partial<StoredExemption>): StoredExemption => ({
  ...{
    id: 'ex-1',
    resource: 'sg-0web',
    owner: 'netops',
    reason: 'bastion',
    by: 'ann',
    at: world.clock.iso(),
  },
  ...{ until: inDays(world, 30), origin: 'command' },
  ...more,
})

/** What a look each day tells, over so many days. */
async function told(world: World, days: number): Promise<[day: number, where: string][]> {
  const all: [number, string][] = []
  for (let day = 0; day <= days; day++) {
    await tellEnding(
      world,
      async (ending) => void all.push(...ending.map(({ where }) => [day, where] as [number, string])),
    )
    world.clock.advance(DAY)
  }
  return all
}

describe('an exemption', () => {
  test('of the store is told once, when a week is left of it', async () => {
    const world = newWorld(AUTO)
    await world.store.putExemption(exemption(world, { until: inDays(world, 10) }))
    await world.store.putExemption(
      exemption(world, { id: 'ex-2', resource: 'sg-0db', until: inDays(world, 11) }),
    )
    expect(await told(world, 14)).toEqual([
      [3, 'ex-1'],
      [4, 'ex-2'],
    ])
  })

  test('of the file is told with its line', async () => {
    const world = newWorld(`${AUTO}exemptions:
  - { resource: "sg-0*", owner: netops, reason: bastions, until: ${inDays(newWorld(), 9).slice(0, 10)} }
`)
    expect(await told(world, 14)).toEqual([[3, 'rectify.yaml:5']])
  })

  test('that is ended, over, or was given for a week, is not told', async () => {
    const world = newWorld(AUTO)
    const { store, clock } = world
    await store.putExemption(exemption(world, { id: 'ended', until: inDays(world, 10) }))
    await store.endExemption('ended', { by: 'bob', at: clock.iso() })
    await store.putExemption(
      exemption(world, { id: 'over', at: inDays(world, -30), until: inDays(world, -1) }),
    )
    await store.putExemption(exemption(world, { id: 'short', until: inDays(world, 7) }))
    expect(await told(world, 14)).toEqual([])
  })

  test('that could not be told is told at the next look', async () => {
    const world = newWorld(AUTO)
    await world.store.putExemption(exemption(world, { at: inDays(world, -30), until: inDays(world, 3) }))
    await expect(tellEnding(world, () => Promise.reject(new Error('no topic')))).rejects.toThrow('no topic')
    expect(await told(world, 3)).toEqual([[0, 'ex-1']])
  })

  test('is looked for once a day: the sweeps between read nothing but when that was', async () => {
    const world = newWorld(AUTO)
    let reads = 0
    const store = {
      ...world.store,
      exemptions: () => {
        reads++
        return world.store.exemptions()
      },
    }
    for (let sweep = 0; sweep < 48; sweep++) {
      await tellEnding({ ...world, store }, async () => undefined)
      world.clock.advance(DAY / 24)
    }
    expect(reads).toBe(2)
  })
})

describe('what people are told', () => {
  const ending: EndingExemption = {
    ...{
      resource: 'sg-0web',
      playbooks: ['ec2-close-open-ingress'],
      owner: 'netops',
      where: 'rectify.yaml:5',
    },
    ...{ reason: 'bastion\u001b[31m', until: '2027-01-31T23:59:59.999Z' },
  }

  test('names until when, what, whose and why', () => {
    const { subject, text } = exemptionsNotice([ending])
    expect(subject).toBe('Rectify: 1 exemption ends within a week')
    const line =
      'until 2027-01-31: sg-0web from ec2-close-open-ingress, netops: bastion\\u{1b}[31m (rectify.yaml:5)'
    expect(text.split('\n')).toContain(line)
    expect(text).toContain('rectify exemptions --stack NAME')
  })

  test('fits into a message, however many they are', () => {
    const { subject, text } = exemptionsNotice(Array.from({ length: 5_000 }, () => ending))
    expect(subject).toBe('Rectify: 5000 exemptions end within a week')
    expect(text).toContain('... and 4900 more')
    expect(Buffer.byteLength(text)).toBeLessThan(60_000)
  })
})
