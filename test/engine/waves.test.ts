import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import type { RunStore } from '../../src/run/store.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { AUTO, newWorld, sshOpen, start, type World } from './simulated-world.ts'

/** As in `src/engine/in-waves.ts`. */
const WAVE = 200

const groupId = (number: number) => `sg-${String(number).padStart(4, '0')}`

/** Open groups, and a finding about each. */
function openGroups(count: number): { world: World; findings: Finding[] } {
  const world = newWorld(AUTO)
  const ids = Array.from({ length: count }, (_, number) => groupId(number))
  for (const [number, id] of ids.entries())
    world.aws.groups.add(id, [
      { id: `sgr-open${number}`, from: 22, cidr: '0.0.0.0/0' },
      { id: `sgr-office${number}`, from: 22, cidr: '10.0.0.0/8' },
    ])
  return { world, findings: ids.map((id) => sshOpen(world, id)) }
}

/** Of each event about a run its wave and what happened, in order. */
async function happenings({ world, findings }: ReturnType<typeof openGroups>) {
  const { engine, progress } = start(world)
  const { runs } = await engine.handle(findings, 'apply')
  const told = progress.flatMap((event) => {
    if (event.kind !== 'state') return []
    return [`${waveOf(event.run.resource)} ${event.state}`]
  })
  return { runs, first: (what: string) => told.indexOf(what), last: (what: string) => told.lastIndexOf(what) }
}

/** The first change is answered late: all others of its wave have ended long before. */
function firstChangeIsSlow({ aws }: World): void {
  aws.fault({ on: 'ec2:RevokeSecurityGroupIngress', nth: 1, before: () => turns(500) })
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const waveOf = (resource: string) => Math.floor(Number(resource.slice(-4)) / WAVE) + 1

describe('many findings', () => {
  test('are taken in waves, of which one looks while the one before is sent', async () => {
    const { runs, first, last } = await happenings(openGroups(WAVE + 1))

    expect(runs.filter(({ outcome }) => outcome === 'remediated')).toHaveLength(WAVE + 1)
    expect(first('2 looking')).toBeGreaterThan(first('1 applying'))
    expect(first('2 looking')).toBeLessThan(last('1 closed'))
  })

  test('are never of more than two waves at a time', async () => {
    const given = openGroups(2 * WAVE + 1)
    firstChangeIsSlow(given.world)
    const { first, last } = await happenings(given)

    expect(first('3 looking')).toBeGreaterThan(last('1 closed'))
  })

  test('are told of in the order in which they came', async () => {
    const { runs } = await happenings(openGroups(WAVE + 2))

    const ids = runs.map(({ resource }) => resource.slice(-7))
    expect(ids).toEqual(Array.from({ length: WAVE + 2 }, (_, number) => groupId(number)))
  })

  test('begin no further wave when a run cannot be stored', async () => {
    const { world, findings } = openGroups(WAVE + 1)
    const store: RunStore = {
      ...world.store,
      async commit() {
        throw new StoreError('unusable', 'the disk is full')
      },
    }
    const { engine, progress } = start(world, { store })
    await expect(engine.handle(findings, 'apply')).rejects.toThrow('the disk is full')
    // Whatever would still begin has begun by then.
    await turns(50)

    expect(progress.filter((event) => event.kind === 'state' && waveOf(event.run.resource) > 1)).toEqual([])
  })
})
