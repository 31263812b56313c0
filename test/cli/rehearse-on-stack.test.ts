import { describe, expect, test } from '@jest/globals'
import type { RunFilter } from '../../src/run/store.ts'
import { openGroup } from '../engine/approval-scenes.ts'
import { sshOpen } from '../engine/simulated-world.ts'
import { callOn, closed, memoryStack } from './in-memory-stack.ts'

describe('rehearse --stack', () => {
  const REHEARSE = 'version: 1\nrules:\n  - mode: rehearse\n'

  test('reports what the deployment has rehearsed, of each resource the newest, and asks AWS for nothing', async () => {
    const world = openGroup(REHEARSE)
    const stack = memoryStack(world)
    world.aws.groups.add('sg-0closed')
    const first = await stack.arrive([sshOpen(world, 'sg-0web'), sshOpen(world, 'sg-0closed')])
    world.clock.advance(60_000)
    const [again] = await stack.arrive([sshOpen(world, 'sg-0web')])
    world.aws.calls.length = 0
    const ran = await callOn(stack, 'rehearse')
    expect(ran).toMatchObject({ status: 0, document: { ignored: [], rejected: [] } })
    expect(ran.document.runs).toMatchObject([
      { run: again!.id, outcome: 'rehearsed', plan: { hash: expect.any(String) } },
      { run: first[1]!.id, outcome: 'alreadyCompliant' },
    ])
    expect(ran.text).toContain('1 plan')
    expect(world.aws.calls).toEqual([])
  })

  test('reads page by page, as far back as is wanted', async () => {
    const world = openGroup(REHEARSE)
    const stack = memoryStack(world)
    const ids = Array.from({ length: 450 }, (_, n) => `sg-${String(n).padStart(8, '0')}`)
    for (const id of ids) world.aws.groups.add(id)
    await stack.arrive([sshOpen(world, 'sg-0web')])
    world.clock.advance(8 * 24 * 3600 * 1000)
    await stack.arrive(ids.map((id) => sshOpen(world, id)))
    const { list } = stack.store
    const asked: (number | undefined)[] = []
    const paged = {
      ...stack,
      store: {
        ...stack.store,
        list(filter: RunFilter = {}) {
          asked.push(filter.limit)
          return list.call(stack.store, filter)
        },
      },
    }
    expect((await callOn(paged, 'rehearse')).document.runs).toHaveLength(450)
    expect(asked).toEqual([200, 200, 200])
    const since = new Date(world.clock.now() - 9 * 24 * 3600 * 1000).toISOString()
    expect((await callOn(stack, 'rehearse', '--since', since)).document.runs).toHaveLength(451)
  })

  test('leaves out what was changed, and takes nothing else to rehearse', async () => {
    const { stack } = await closed()
    expect((await callOn(stack, 'rehearse')).document).toMatchObject({ runs: [] })
    for (const more of [['events/'], ['--from', 'config'], ['--resume'], ['--accounts', '111122223333']]) {
      const ran = await callOn(stack, 'rehearse', ...more)
      expect(ran).toMatchObject({ status: 2, document: { error: { kind: 'usage' } } })
    }
  })
})
