import { describe, expect, test } from '@jest/globals'
import { cardWishes } from '../../src/lambda/tellers/slack-teller.ts'
import type { Run } from '../../src/run/run.ts'
import { sampleRun } from '../support/sample-run.ts'

const approval: NonNullable<Run['approval']> = {
  channel: 'C1',
  quorum: 1,
  expiresAfter: 'PT24H',
  onExpiry: 'decline',
}
const waiting = (more: Partial<Run> = {}) =>
  sampleRun({ approval, state: 'waiting', waitingFor: 'approval', outcome: null, round: 1, ...more })
const closed = (outcome: Run['outcome'], more: Partial<Run> = {}) => sampleRun({ approval, outcome, ...more })
const decision = { verdict: 'approve' as const, by: 'slack:T1:U1', at: '2026-11-20T09:00:00.000Z', hash: 'h' }
const asked = { at: '2026-11-20T09:00:00.000Z', level: 0 }

describe('of Slack is wished', () => {
  test.each<[string, Run, string[]]>([
    ['a card where a round is asked', waiting(), ['post']],
    [
      'a card though it was decided about in a round before',
      waiting({ round: 2, decisions: [{ ...decision, round: 1 }] }),
      ['post'],
    ],
    ['an update where it has been decided', waiting({ decisions: [{ ...decision, round: 1 }] }), ['update']],
    ['an update where people were reminded', waiting({ asked: { ...asked, reminded: 'half' } }), ['update']],
    ['an update where a further level was asked', waiting({ asked: { ...asked, level: 1 } }), ['update']],
    ['an update while it is carried out', sampleRun({ approval, state: 'open', outcome: null }), ['update']],
    ['an update where it ended well', closed('remediated'), ['update']],
    ['an update where it was undone, however it had ended', closed('failed', { undoneBy: 'x' }), ['update']],
    [
      'an update at once and a card where there is none, of an end that somebody must look at',
      closed('blocked'),
      ['update', 'post'],
    ],
    [
      'nothing where no channel is told',
      closed('failed', { approval: { ...approval, channel: undefined } as never }),
      [],
    ],
    ['nothing where nobody is asked', sampleRun({ outcome: 'failed' }), []],
  ])('%s', (_, run, wishes) => {
    expect(cardWishes(run, false)).toEqual(wishes)
  })

  test('no card of an end long ago, whose item only changes', () => {
    expect(cardWishes(closed('failed'), true)).toEqual(['update'])
  })
})
