import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Run } from '../../../src/run/run.ts'
import { sampleRun } from '../../support/sample-run.ts'
import { asking, CardsAtWork, closedAs, decided } from './cards-at-work.ts'

let at: CardsAtWork
beforeEach(() => {
  at = new CardsAtWork()
})

describe('a run that asks', () => {
  test('gets one card, however often and by whatever message it is named, and the card is remembered', async () => {
    const run = asking('a')
    at.put(run)
    await at.post(run, run)
    await at.update(run)
    await at.post(run)
    expect(at.texts()).toEqual(['a waiting/approval 0 decided'])
    const [message] = at.slack.cards()
    expect(await at.cards.cardOf('a')).toMatchObject({ id: 'a-1', channel: 'C1', ts: message!.ts })
    expect(at.slack.times('update')).toEqual([])
  })

  test('is shown as it stands when it is posted, not as it stood when that was asked for', async () => {
    const run = asking('a')
    at.put(decided(run))
    await at.post(run)
    expect(at.texts()).toEqual(['a waiting/approval 1 decided'])
  })

  test('that changes while it is posted is brought up to date by whoever posted it', async () => {
    const run = asking('a')
    at.put(run)
    const slack = at.slack.api()
    await at.once([{ run: 'a', round: 1, post: true }], {
      slack: {
        ...slack,
        async postMessage(message) {
          const posted = await slack.postMessage(message)
          at.put(decided(run))
          await at.update(run)
          return posted
        },
      },
    })
    expect(at.texts()).toEqual(['a waiting/approval 1 decided'])
  })

  test('gets no card by a message that only brings cards up to date, nor when it has ended well meanwhile', async () => {
    const run = asking('a')
    at.put(run)
    await at.update(run)
    at.put(closedAs(run, 'remediated'))
    await at.post(run)
    expect(at.slack.calls).toEqual([])
  })

  test('shows its end in its card, and nothing is called for what is shown already', async () => {
    const run = asking('a')
    at.put(run)
    await at.post(run)
    at.put(closedAs(run, 'remediated'))
    await at.update(run, run)
    await at.update(run)
    expect(at.texts()).toEqual(['a closed/remediated 0 decided'])
    expect(at.slack.times('update')).toHaveLength(1)
  })
})

test('an end that somebody must look at is told in the channel though nobody was asked, a quiet one is not', async () => {
  const [failed, quiet] = [closedAs(asking('a'), 'failed'), closedAs(asking('b'), 'alreadyCompliant')]
  at.put(failed, quiet)
  await at.post(failed, quiet)
  expect(at.texts()).toEqual(['a closed/failed 0 decided'])
})

test('a run without a channel, and one that is gone, are nothing to Slack', async () => {
  at.put(sampleRun({ id: 'a', outcome: 'failed' }))
  await at.post(sampleRun({ id: 'a' }), asking('gone'))
  expect(at.slack.calls).toEqual([])
})

describe('runs of one playbook', () => {
  const runs = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      asking(`r${String(n).padStart(2, '0')}`, { playbook: 'close-ssh' }),
    )

  test('within a minute are one card with a list, updated once for all that come together', async () => {
    const three = runs(3)
    at.put(...three)
    await at.post(...three)
    expect(at.texts()).toEqual([three.map(({ id }) => `${id} waiting/approval 0 decided`).join('\n')])
    expect(at.slack.times('update')).toHaveLength(1)
    expect(await at.cards.cardOf('r02')).toMatchObject({ id: 'r00-1' })
  })

  test('are at most ten on a card', async () => {
    const many = runs(23)
    at.put(...many)
    await at.post(...many)
    expect(at.texts().map((text) => text.split('\n').length)).toEqual([10, 10, 3])
  })

  test('have cards of their own after a minute, in another channel, or when none of the first waits any more', async () => {
    const [a, b, c, d] = runs(4) as [Run, Run, Run, Run]
    const elsewhere = { ...c, approval: { ...c.approval!, channel: 'C2' } }
    at.put(a, b, elsewhere, d)
    await at.post(a)
    await at.post(elsewhere)
    at.clock.advance(60_000)
    await at.post(b)
    at.put(closedAs(b, 'declined'))
    await at.post(d)
    expect(at.texts()).toHaveLength(3)
    expect(at.texts('C2')).toHaveLength(1)
  })

  test('leave the list where one is asked again, which gets a card of its own', async () => {
    const [a, b] = runs(2) as [Run, Run]
    at.put(a, b)
    await at.post(a, b)
    const again = { ...b, round: 2 }
    at.put(again)
    await at.post(again)
    const [list, own] = at.texts()
    expect(list).toMatch(/^r00 waiting\/approval 0 decided\nr01 .*superseded by https/)
    expect(own).toContain('r01 waiting/approval 0 decided instead of')
  })

  test('that were only told of join no list', async () => {
    const [a, b] = runs(2) as [Run, Run]
    at.put(a, closedAs(b, 'failed'))
    await at.post(a, b)
    expect(at.texts()).toHaveLength(2)
  })
})

describe('in the thread of a card', () => {
  const reminded = (run: Run): Run => ({ ...run, asked: { at: run.startedAt, reminded: 'half', level: 0 } })

  test('each thing is said once', async () => {
    const run = asking('a', { parameters: 'long' })
    at.put(run)
    await at.post(run)
    at.put(reminded(run))
    await at.update(run, run)
    await at.update(run)
    const [card] = at.slack.cards()
    expect(at.slack.threadOf(card!).map(({ text }) => text)).toEqual(['all of it', 'reminder'])
  })

  test.each(['lost', 'unheard'] as const)('each thing is said once where the answer is %s', async (fault) => {
    const run = asking('a', { parameters: 'long' })
    at.put(run)
    at.slack.faults = ['none', fault]
    await at.post(run)
    at.put(reminded(run))
    at.slack.faults = ['none', fault]
    await at.update(run)
    const [card] = at.slack.cards()
    expect(at.slack.threadOf(card!).map(({ text }) => text)).toEqual(['all of it', 'reminder'])
  })

  test('what Slack refuses is told and not tried again, and the card is kept up to date', async () => {
    const run = asking('a', { parameters: 'long' })
    at.put(run)
    at.slack.faults = ['none', { refused: 'file_uploads_disabled' }]
    await at.post(run)
    at.put(decided(run))
    await at.update(run)
    expect(at.texts()).toEqual(['a waiting/approval 1 decided'])
    expect(at.slack.times('upload')).toHaveLength(1)
    expect(at.events.filter(({ kind }) => kind === 'refused')).toHaveLength(1)
  })
})

describe('a message that somebody deleted', () => {
  test('is posted once more, with the files of its thread, and not a second time', async () => {
    const run = asking('a', { parameters: 'long' })
    at.put(run)
    await at.post(run)
    at.slack.delete(at.slack.cards()[0]!.ts)
    at.put(decided(run))
    await at.update(run)
    expect(at.texts()).toEqual(['a waiting/approval 1 decided'])
    expect(at.slack.threadOf(at.slack.cards()[0]!)).toHaveLength(1)
    at.slack.delete(at.slack.cards()[0]!.ts)
    at.put(closedAs(run, 'remediated'))
    await at.update(run)
    expect(at.texts()).toEqual([])
  })

  test.each(['is asked again', 'ends'])(
    'and held others that wait is posted once more, also where that fails first and one of them %s',
    async (what) => {
      const [a, b] = ['a', 'b'].map((id) => asking(id, { playbook: 'close-ssh' })) as [Run, Run]
      at.put(a, b)
      await at.post(a, b)
      at.slack.delete(at.slack.cards()[0]!.ts)
      at.put(decided(a))
      at.slack.faults = ['none', 'unheard']
      await at.once([{ run: 'a', round: 1, post: false }])
      at.clock.advance(90_000)
      at.put(what === 'ends' ? closedAs(a, 'remediated') : { ...a, round: 2 })
      await at.post(at.runs.get('a')!)
      expect(at.texts().filter((text) => text.includes('b waiting/approval'))).toHaveLength(1)
    },
  )

  test('is posted once more and shows the end where that fails first, and nobody else would be told of it', async () => {
    const run = asking('a')
    at.put(run)
    await at.post(run)
    at.slack.delete(at.slack.cards()[0]!.ts)
    at.put(closedAs(run, 'expired'))
    at.slack.faults = ['none', 'unheard']
    await at.once([{ run: 'a', round: 1, post: false }])
    at.clock.advance(30_000)
    await at.post(run)
    await at.update(run)
    expect(at.texts()).toEqual(['a closed/expired 0 decided'])
  })

  test('is posted once more where Slack holds that back first', async () => {
    const run = asking('a')
    at.put(run)
    await at.post(run)
    at.slack.delete(at.slack.cards()[0]!.ts)
    at.put(decided(run))
    at.slack.faults = ['none', { limited: 60 }]
    await at.update(run)
    expect(at.texts()).toEqual(['a waiting/approval 1 decided'])
  })
})
