import { describe, expect, test } from '@jest/globals'
import { memoryOwners, memoryStore } from '../../src/store/memory.ts'
import { keepsTheContract } from './contract.ts'

describe('the run store in memory', () => {
  keepsTheContract(memoryStore)
})

describe('owners in memory', () => {
  test('live until they are released or taken out of the registry', async () => {
    const registry = new Set<string>()
    const first = memoryOwners('first', registry)
    const second = memoryOwners('second', registry)
    expect([await first.alive('first'), await first.alive('second'), await first.alive('third')]).toEqual([
      true,
      true,
      false,
    ])
    registry.delete('second')
    expect(await first.alive('second')).toBe(false)
    await first.release()
    expect(await second.alive('first')).toBe(false)
  })
})
