import { describe, expect, test } from '@jest/globals'
import { allBoundIn } from '../../../src/approvals/card/action-ids.ts'
import { digestOf } from '../../../src/approvals/card/digest.ts'
import { cardOf } from '../../../src/approvals/card/run-card.ts'
import type { Run } from '../../../src/run/run.ts'
import { NOW } from '../../support/arbitrary-runs.ts'
import { asked, decided, PLAN, REMEDIATED } from '../../support/asked-run.ts'
import { problemsOfMessage } from '../../support/block-kit.ts'
import { samplePlan, sampleStep } from '../../support/sample-run.ts'
import { buttonsIn, wordsIn } from '../../support/slack-markup.ts'

const numbered = (run: Run, at: number): Run => ({
  ...run,
  id: `01K0000000000000000000${String(at).padStart(4, '0')}`,
  target: { ...run.target, id: `sg-${at}` },
})
const list = (runs: Run[]) => {
  const card = digestOf(runs.map((run) => ({ run, now: NOW })))
  expect(problemsOfMessage(card)).toEqual([])
  return { words: wordsIn(card.blocks), buttons: buttonsIn(card.blocks), text: card.text }
}
const fixed = samplePlan({ steps: [sampleStep({ undo: { irreversible: 'gone' } })] })

describe('a card for several runs', () => {
  test('lists each with its resource, its hash and buttons of its own', () => {
    const { words, buttons } = list([1, 2, 3].map((at) => numbered(asked(), at)))
    expect(words.split('\n')[0]).toBe('3 resources, 3 to decide · ec2-close-open-ingress')
    for (const at of [1, 2, 3]) expect(words).toContain(`🔴 CRITICAL · sg-${at}`)
    const own = buttons.filter(({ action_id }) => action_id !== 'approve_all')
    expect(own.map(({ action_id }) => action_id).slice(0, 3)).toEqual(['approve', 'decline', 'details'])
    expect(new Set(own.map(({ block, action_id }) => `${block} ${action_id}`)).size).toBe(9)
  })

  test('approves at once those that still wait and need no second question, each with its plan', () => {
    const runs = [
      numbered(asked(), 1),
      numbered(asked({ decisions: [decided()] }), 2),
      numbered(asked({ plan: fixed }), 3),
      numbered(REMEDIATED, 4),
      numbered(asked(), 5),
    ]
    const all = list(runs).buttons.find(({ action_id }) => action_id === 'approve_all')
    expect(all?.text.text).toBe('Approve all 2')
    expect(allBoundIn(all?.value ?? '')).toEqual([0, 4].map((at) => ({ run: runs[at]?.id, hash: PLAN.hash })))
  })

  test('offers no approval of all where one is left', () => {
    const { buttons } = list([numbered(asked(), 1), numbered(REMEDIATED, 2)])
    expect(buttons.map(({ action_id }) => action_id)).toEqual([
      'approve',
      'decline',
      'details',
      'undo',
      'details',
    ])
  })

  test('keeps who decided about each, and how it ended', () => {
    const bob = decided({ by: 'arn:aws:iam::123456789012:user/bob' })
    const { words, text } = list([
      numbered(asked(), 1),
      numbered({ ...REMEDIATED, decisions: [decided(), bob] }, 2),
    ])
    for (const said of [words, text]) {
      expect(said).toContain('✅ remediated · sg-2')
      expect(said).toContain(
        '*Approved* by <@U0ANN>, `arn:aws:iam::123456789012:user/bob`, <!date^1795167000^',
      )
    }
  })

  test('says who may decide once, where it is the same for all', () => {
    expect(list([numbered(asked(), 1), numbered(asked(), 2)]).words).toContain('Who may decide: <@U0ANN>')
    const other = asked({ approval: { ...asked().approval!, approvers: ['U0BOB'] } })
    expect(list([numbered(asked(), 1), numbered(other, 2)]).words).toContain('Who may decide differs')
  })

  test('of one run is its card, and of eleven none', () => {
    const view = { run: asked(), now: NOW }
    expect(digestOf([view])).toEqual(cardOf(view))
    expect(() => list(Array.from({ length: 11 }, (_, at) => numbered(asked(), at)))).toThrow(RangeError)
  })

  test('has room for ten of which all wait', () => {
    const { buttons } = list(Array.from({ length: 10 }, (_, at) => numbered(asked(), at)))
    const all = buttons.find(({ action_id }) => action_id === 'approve_all')
    expect(allBoundIn(all?.value ?? '')).toHaveLength(10)
  })
})
