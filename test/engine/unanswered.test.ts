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
        asked.push(JSON.stringify(filter))
        return world.store.list(filter)
      },
    }
    const { engine } = start(world, { store })
    const resources = [{ type: 'AWS::S3::Bucket', id: 'logs' }]
    const item = finding(world, { source: 'config', type: 'item:AWS::S3::Bucket', resources })
    for (const status of ['active', 'resolved'] as const) await engine.handle([{ ...item, status }], 'apply')
    expect(asked).toEqual([])
    expect(world.aws.calls).toEqual([])

    await engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    expect(asked).not.toEqual([])
  })
})
