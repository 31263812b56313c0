import { describe, expect, test } from '@jest/globals'
import { planFile } from '../../../src/approvals/card/plan-lines.ts'
import { threadReplies } from '../../../src/approvals/card/thread-replies.ts'
import type { Run } from '../../../src/run/run.ts'
import { NOW } from '../../support/arbitrary-runs.ts'
import { asked, decided, REMEDIATED } from '../../support/asked-run.ts'
import { samplePlan, sampleStep } from '../../support/sample-run.ts'

const ID = asked().id
const replies = (run: Run, now = NOW) => threadReplies({ run, now })
const keys = (run: Run) => replies(run).map(({ key }) => key)
const text = (run: Run, key: string) => replies(run).find((reply) => reply.key === key)?.text
const at = '2026-11-20T09:00:00.000Z'
const terms = {
  ...asked().approval!,
  approvers: ['U0ANN'],
  escalate: [
    { after: 'PT2H', approvers: ['S0LEADS'] },
    { after: 'PT4H', approvers: ['U0CIO'] },
  ],
}

describe('the thread of a card', () => {
  test.each<[of: string, run: Run, keys: string[]]>([
    ['that was just asked', asked(), []],
    ['at half of its time', asked({ asked: { at, level: 0, reminded: 'half' } }), [`${ID}-1-half`]],
    ['near its end', asked({ asked: { at, level: 0, reminded: 'lastTenth' } }), [`${ID}-1-lastTenth`]],
    [
      'that was escalated twice',
      asked({ approval: terms, asked: { at, level: 2 } }),
      [`${ID}-1-level-1`, `${ID}-1-level-2`],
    ],
    [
      'that is approved',
      asked({ decisions: [decided()], asked: { at, level: 0, reminded: 'half' } }),
      [`${ID}-1-starting`],
    ],
    ['that is declined without a reason', asked({ decisions: [decided({ verdict: 'decline' })] }), []],
    [
      'that is declined with one',
      asked({ decisions: [decided({ verdict: 'decline', reason: 'no' })] }),
      [`${ID}-1-reason`],
    ],
    ['that was carried out', REMEDIATED, [`${ID}-changed`, `${ID}-closed`]],
    [
      'that was undone',
      { ...REMEDIATED, undoneBy: '01KUNDO' },
      [`${ID}-changed`, `${ID}-closed`, `${ID}-undone`],
    ],
  ])('%s has what belongs there', (_, run, wanted) => {
    expect(keys(run)).toEqual(wanted)
  })

  test('calls those who may decide when it reminds, and each level when it opens', () => {
    expect(text(asked({ asked: { at, level: 0, reminded: 'half' } }), `${ID}-1-half`)).toMatch(
      /^⏳ Half of the time is over: `sg-0web` waits .* <@U0ANN>$/,
    )
    const escalated = asked({ approval: terms, asked: { at, level: 1 } })
    expect(text(escalated, `${ID}-1-level-1`)).toContain('<!subteam^S0LEADS>')
    expect(text(escalated, `${ID}-1-level-2`)).toBeUndefined()
  })

  test('calls by their Slack users those whom the policy calls by name', () => {
    const people = [
      { name: 'ann', slack: 'U0ANN' },
      { name: 'cleo', slack: 'U0CLEO' },
    ]
    const escalate = [{ after: 'PT1H', approvers: ['cleo'] }]
    const approval = { ...terms, approvers: ['ann'], escalate, people }
    const run = asked({ approval, asked: { at, level: 1, reminded: 'half' } })
    expect(text(run, `${ID}-1-half`)).toContain('<@U0ANN>, <@U0CLEO>')
    expect(text(run, `${ID}-1-level-1`)).toContain('<@U0CLEO>')
  })

  test('says who has approved when it starts, and by what the end is proven', () => {
    expect(text(asked({ decisions: [decided()] }), `${ID}-1-starting`)).toContain(
      'Approved by <@U0ANN>, starting',
    )
    expect(text(REMEDIATED, `${ID}-changed`)).toContain('`revoke` applied (answer)')
    expect(text(REMEDIATED, `${ID}-closed`)).toContain('*Proven*: read again <!date^')
  })

  test('says the same of the end when the run is undone later', () => {
    expect(text({ ...REMEDIATED, undoneBy: '01KUNDO' }, `${ID}-closed`)).toBe(
      text(REMEDIATED, `${ID}-closed`),
    )
  })

  test('has the whole plan as a file where the card has no room for it', () => {
    const steps = Array.from({ length: 300 }, (_, index) => sampleStep({ id: `step-${index}` }))
    const run = asked({ plan: samplePlan({ steps }) })
    const [first] = replies(run)
    expect(first?.key).toBe(`${ID}-1-plan`)
    expect(first?.file?.content).toContain(run.plan?.hash)
    expect(first?.file?.content).toContain('"step": "step-299"')
    expect(planFile(asked())).toBeUndefined()
  })

  test('of a card whose place another took gets nothing more', () => {
    const run = asked({ asked: { at, level: 0, reminded: 'half' } })
    expect(threadReplies({ run, now: NOW, link: 'https://acme.slack.com/archives/C0OPS/p2' })).toEqual([])
  })
})
