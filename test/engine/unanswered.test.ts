import { describe, expect, test } from '@jest/globals'
import type { RunStore } from '../../src/run/store.ts'
import { finding, newWorld, sshOpen, start } from './simulated-world.ts'

describe('a finding that no playbook answers', () => {
  test('costs no look at the runs and no call', async () => {
    const world = newWorld()
    const asked: string[] = []
    const store: RunStore = {
      ...world.store,
      list: async (filter) => {
        asked.push('list')
        return world.store.list(filter)
      },
      foundBy: async (key) => {
        asked.push('foundBy')
        return world.store.foundBy(key)
      },
      newest: async (playbook, key) => {
        asked.push('newest')
        return world.store.newest(playbook, key)
      },
    }
    const { engine } = start(world, { store })
    const resources = [{ type: 'AWS::S3::Bucket', id: 'logs' }]
    const item = finding(world, { source: 'config', type: 'item:AWS::S3::Bucket', resources })
    for (const status of ['active', 'resolved'] as const) await engine.handle([{ ...item, status }], 'apply')
    expect(asked).toEqual([])
    expect(world.aws.calls).toEqual([])

    await engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    // A group that the finding names leads to its newest run by its key; no list of runs is read for it.
    expect(asked).toEqual(['newest'])
  })
})
