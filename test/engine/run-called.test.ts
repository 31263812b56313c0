import { expect, test } from '@jest/globals'
import { runCalled } from '../../src/engine/run-called.ts'
import { sampleRun } from '../support/sample-run.ts'

const IDS = ['01K7AAAAAAAAAAAAAAAAAAAAAA', '01K7AAAAAABBBBBBBBBBBBBBBB', '01K7ZZZZZZCCCCCCCCCCCCCCCC']
const runs = IDS.map((id) => sampleRun({ id }))
const store = {
  get: async (id: string) => runs.find((run) => run.id === id),
  list: async () => runs,
}
const called = async (id: string) => (await runCalled(store, id)).id

test('a run is found by its id or by a beginning that no other run has', async () => {
  expect(await called(IDS[0]!)).toBe(IDS[0])
  expect(await called('01K7AAAAAAB')).toBe(IDS[1])
  expect(await called('01k7zzzzzz')).toBe(IDS[2])
  expect(await called('01K7ZZZZZZ…')).toBe(IDS[2])
})

test('a beginning of several runs names them all', async () => {
  await expect(called('01K7AAAAAA')).rejects.toThrow(
    `several runs begin with "01K7AAAAAA": ${IDS[0]}, ${IDS[1]}`,
  )
})

test('a few letters are nobody’s, though only one run begins so', async () => {
  await expect(called('01K7ZZZ')).rejects.toThrow('no run is called "01K7ZZZ" here')
})
