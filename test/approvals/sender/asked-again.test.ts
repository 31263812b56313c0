import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Run } from '../../../src/run/run.ts'
import { asking, CardsAtWork, closedAs, decided } from './cards-at-work.ts'

let at: CardsAtWork
beforeEach(() => {
  at = new CardsAtWork()
})
const warned = (run: Run, ...warnings: string[]): Run => ({ ...run, plan: { ...run.plan!, warnings } })

describe('a run that is asked again', () => {
  test('gets a card of its own; each of the two leads to the other, and the new one knows the plan before', async () => {
    const run = warned(asking('a'), 'one rule')
    at.put(run)
    await at.post(run)
    const again = warned({ ...run, round: 2 }, 'two rules')
    at.put(again)
    await at.post(again)
    await at.post(again)
    const [before, after] = at.slack.cards()
    expect(at.texts()).toEqual([
      `a waiting/approval 0 decided superseded by https://slack.test/C1/${after!.ts}`,
      `a waiting/approval 0 decided instead of https://slack.test/C1/${before!.ts} before: one rule`,
    ])
  })

  test('loses the buttons of its card before at the first message that is carried out', async () => {
    const run = asking('a')
    at.put(run)
    await at.post(run)
    at.put({ ...run, round: 2 })
    await at.update(run)
    expect(at.texts()).toEqual(['a waiting/approval 0 decided superseded'])
  })

  test('gets one card where the first was never posted', async () => {
    const run = asking('a')
    at.put({ ...run, round: 2 })
    await at.post(run, { ...run, round: 2 })
    expect(at.texts()).toEqual(['a waiting/approval 0 decided'])
    expect((await at.cards.cardOf('a'))?.id).toBe('a-2')
  })

  test('a third time is told of on the first card, too, and its end as well', async () => {
    const [other, run] = [asking('a', { playbook: 'close-ssh' }), asking('b', { playbook: 'close-ssh' })]
    at.put(other, run)
    await at.post(other, run)
    for (const round of [2, 3]) {
      at.put({ ...run, round })
      await at.post({ ...run, round })
    }
    at.put({ ...closedAs(decided(run), 'expired'), round: 3 })
    await at.update({ ...run, round: 3 })
    const its = at.texts().map((text) => text.split('\n').find((line) => line.startsWith('b ')))
    expect(its).toEqual(Array(3).fill(expect.stringContaining('b closed/expired 1 decided')))
    expect(its.map((line) => line?.includes('superseded'))).toEqual([true, true, false])
  })

  test('leaves no buttons on its first card though its second was never posted', async () => {
    const run = asking('a')
    at.put(run)
    await at.post(run)
    const [second, third] = [2, 3].map((round) => ({ ...run, round })) as [Run, Run]
    at.put(second)
    at.slack.faults = [{ refused: 'is_archived' }]
    at.slack.faults.unshift('none')
    await at.once([{ run: 'a', round: 2, post: true }])
    at.put(third)
    await at.post(third)
    const [first, last] = at.slack.cards()
    expect(first!.text).toContain(`superseded by https://slack.test/C1/${last!.ts}`)
  })

  test('shows its end on the card before where it ended before the new one was posted', async () => {
    const run = asking('a')
    at.put(run)
    await at.post(run)
    const again = { ...run, round: 2 }
    at.put(again)
    at.slack.faults = ['none', 'unheard']
    await at.once([{ run: 'a', round: 2, post: true }])
    await at.update(again)
    at.put(closedAs(decided(again), 'remediated'))
    at.clock.advance(30_000)
    await at.update(again)
    await at.post(again)
    expect(at.texts()).toEqual(['a closed/remediated 1 decided'])
  })

  test('supersedes a card whose answer was lost', async () => {
    const run = asking('a')
    at.put(run)
    at.slack.faults = ['lost']
    await at.once([{ run: 'a', round: 1, post: true }])
    at.clock.advance(30_000)
    const again = { ...run, round: 2 }
    at.put(again)
    await at.post(run, again)
    expect(at.texts()).toHaveLength(2)
    expect(at.texts()[0]).toContain('superseded by https://slack.test/C1/')
  })

  test('shows its end on the newest card only', async () => {
    const run = asking('a')
    at.put(run)
    await at.post(run)
    const again = { ...run, round: 2 }
    at.put(again)
    await at.post(again)
    at.put(closedAs(again, 'remediated'))
    await at.update(again)
    expect(at.texts().map((text) => /closed\/remediated.*(superseded|instead)/.exec(text)?.[1])).toEqual([
      'superseded',
      'instead',
    ])
  })
})
