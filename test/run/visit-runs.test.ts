import { describe, expect, test } from '@jest/globals'
import { comingBack } from '../../src/run/came-back.ts'
import type { Run } from '../../src/run/run.ts'
import { visitRuns } from '../../src/run/visit-runs.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { sampleRun } from '../support/sample-run.ts'

async function stored(count: number) {
  const store = memoryStore()
  for (let index = 0; index < count; index++) {
    const startedAt = new Date(Date.parse('2026-11-20T00:00:00Z') + index * 1_000).toISOString()
    const run = sampleRun({ id: `01K${index}`, startedAt, revision: 1 })
    await store.commit({ id: `${run.id}-1`, run, audit: [], expect: { revision: 0 } })
  }
  return store
}

describe('a visit to runs', () => {
  test.each([
    [5, 10, 5, false],
    [5, 5, 5, false],
    [5, 4, 4, true],
    [0, 4, 0, false],
  ])(
    'of %d, of which at most %d are shown, shows %d, the newest first',
    async (count, most, shown, isCut) => {
      const seen: string[] = []
      const visited = await visitRuns(await stored(count), {}, ({ id }) => seen.push(id), most)
      expect(visited).toEqual({ runs: shown, isCut })
      expect(seen).toEqual(Array.from({ length: shown }, (_, index) => `01K${count - 1 - index}`))
    },
  )

  test('ends where its time begins', async () => {
    const seen: string[] = []
    await visitRuns(await stored(4), { since: Date.parse('2026-11-20T00:00:02Z') }, ({ id }) => seen.push(id))
    expect(seen).toEqual(['01K3', '01K2'])
  })
})

test.each<[string, Partial<Run>[], boolean[]]>([
  ['twice the same', [{}, {}], [false, true]],
  ['another playbook', [{ playbook: 'other' }, {}], [false, false]],
  ['another resource', [{ key: 'other' }, {}], [false, false]],
  ['then taken back by us', [{}, { undoneBy: '01KU' }], [false, false]],
  ['an undo of it', [{ undoOf: '01K' }, {}], [false, false]],
  ['what went wrong, again', [{}, { outcome: 'failed' }, {}], [false, false, true]],
])('what was put right came back: %s', (_, newestFirst, expected) => {
  const isBack = comingBack()
  expect(newestFirst.map((more) => isBack(sampleRun(more)))).toEqual(expected)
})
