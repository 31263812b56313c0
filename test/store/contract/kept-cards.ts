import { expect, test } from '@jest/globals'
import type { Card, CardStore } from '../../../src/run/card.ts'

export const aCard = (more: Partial<Card> = {}): Card => ({
  id: 'run-1-1',
  version: 0,
  playbook: 'close-ssh',
  channel: 'C1',
  runs: [{ run: 'run-1', round: 1 }],
  thread: {},
  plans: {},
  ...more,
})

/** What every store of cards promises. `make` gives an empty one. */
export function keepsCards(make: () => Promise<CardStore>): void {
  test('a card is found by its id, its run and its channel and playbook, as it was stored', async () => {
    const store = await make()
    const plans = { 'run-1': Array.from({ length: 200 }, (_, n) => `- rule ${n}`) }
    const stored = await store.put(aCard({ ts: '17.5', plans }), ['run-1'])
    expect(stored).toEqual(aCard({ ts: '17.5', plans, version: 1 }))
    expect(await store.card('run-1-1')).toEqual(stored)
    expect(await store.cardOf('run-1')).toEqual(stored)
    expect(await store.newestOf('C1', 'close-ssh')).toEqual(stored)
  })

  test('what was never stored is not found', async () => {
    const store = await make()
    await store.put(aCard(), ['run-1'])
    expect(await store.card('run-2-1')).toBeUndefined()
    expect(await store.cardOf('run-2')).toBeUndefined()
    expect(await store.newestOf('C2', 'close-ssh')).toBeUndefined()
    expect(await store.newestOf('C1', 'other')).toBeUndefined()
  })

  test('of two who have read the same version one stores', async () => {
    const store = await make()
    const read = (await store.put(aCard(), ['run-1']))!
    const [first, second] = await Promise.all([
      store.put({ ...read, ts: '1.1' }),
      store.put({ ...read, ts: '2.2' }),
    ])
    expect([first, second].filter(Boolean)).toHaveLength(1)
    expect((await store.card('run-1-1'))?.ts).toBe((first ?? second)?.ts)
  })

  test('a card is made once', async () => {
    const store = await make()
    expect(await store.put(aCard(), ['run-1'])).toBeDefined()
    expect(await store.put(aCard({ ts: '2.2' }), ['run-1'])).toBeUndefined()
    expect(await store.card('run-1-1')).toEqual(aCard({ version: 1 }))
  })

  test('a run that is shown on a card of this round or a later one joins no other, and nothing of that is stored', async () => {
    const store = await make()
    await store.put(aCard(), ['run-1'])
    const other = aCard({ id: 'run-2-1', runs: [{ run: 'run-2', round: 1 }] })
    const digest = (await store.put(other, ['run-2']))!
    const joined = { ...digest, runs: [...digest.runs, { run: 'run-1', round: 1 }] }
    expect(await store.put(joined, ['run-1'])).toBeUndefined()
    expect(await store.card('run-2-1')).toEqual(digest)
    expect((await store.cardOf('run-1'))?.id).toBe('run-1-1')
  })

  test('a run that is asked again is shown on its new card, and the card before can be stored still', async () => {
    const store = await make()
    const before = (await store.put(aCard(), ['run-1']))!
    await store.put(aCard({ id: 'run-1-2', runs: [{ run: 'run-1', round: 2 }] }), ['run-1'])
    expect((await store.cardOf('run-1'))?.id).toBe('run-1-2')
    expect(await store.put({ ...before, ts: '1.1' })).toBeDefined()
    expect((await store.cardOf('run-1'))?.id).toBe('run-1-2')
    expect((await store.newestOf('C1', 'close-ssh'))?.id).toBe('run-1-2')
  })
}
