import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { afterDecisions } from '../../src/engine/decide/after-decisions.ts'
import { decideAs } from '../../src/engine/decide/decide-as.ts'
import { slackIdentity } from '../../src/run/identity.ts'
import { arn, asked, openGroup, terms } from './approval-scenes.ts'

const PEOPLE = ['ann', 'bob', 'cy']
const LEVEL_MS = 3_600_000
/** Ann and Bob may decide at once, Cy once an hour has passed; Eve never. */
const POLICY = `${terms('{ approvers: [ann, U0BOB], quorum: 2, expiresAfter: 4h, escalate: [{ after: 1h, approvers: [cy] }] }')}slack: { workspace: T0ACME }
people:
${PEOPLE.map((name) => `  - { name: ${name}, slack: U0${name.toUpperCase()}, iam: "${arn(name)}" }`).join('\n')}
`

interface Said {
  who: string
  inSlack: boolean
  verdict: 'approve' | 'decline'
  /** ms that pass before. */
  after: number
}

const said: fc.Arbitrary<Said> = fc.record({
  who: fc.constantFrom(...PEOPLE, 'eve'),
  inSlack: fc.boolean(),
  verdict: fc.constantFrom('approve', 'approve', 'approve', 'decline'),
  after: fc.constantFrom(0, 1, LEVEL_MS / 2, LEVEL_MS),
})

const identity = ({ who, inSlack }: Said) =>
  inSlack ? slackIdentity({ workspace: 'T0ACME', user: `U0${who.toUpperCase()}` }) : arn(who)

/** What it comes to by the rule as people would say it. */
function expected(all: readonly Said[]): 'approved' | 'declined' | undefined {
  const approving = new Set<string>()
  let passed = 0
  for (const { who, verdict, after } of all) {
    passed += after
    const may = who === 'ann' || who === 'bob' || (who === 'cy' && passed >= LEVEL_MS)
    if (passed >= 4 * LEVEL_MS) return undefined
    if (!may) continue
    if (verdict === 'decline') return 'declined'
    approving.add(who)
    if (approving.size === 2) return 'approved'
  }
  return undefined
}

test('two people who may decide in time let a run go, whoever speaks how often and by which way', async () => {
  const outcomes = new Set<string | undefined>()
  await fc.assert(
    fc.asyncProperty(fc.array(said, { maxLength: 8 }), async (all) => {
      const world = openGroup(POLICY)
      const run = await asked(world)
      const answers: string[] = []
      const saying: Said[] = []
      for (const each of all) {
        world.clock.advance(each.after)
        const decided = await decideAs(world, run, {
          ...{ verdict: each.verdict, speaker: { by: identity(each) }, hash: run.plan!.hash },
        })
        answers.push(decided.kind)
        // Who has approved by this identity cannot decline by it any more: as if somebody said it who may not.
        saying.push(decided.kind === 'decided' ? { ...each, who: 'eve' } : each)
      }
      const outcome = expected(saying)
      outcomes.add(outcome)
      const stored = await world.store.get(run.id)
      expect([answers, afterDecisions(stored!)?.type]).toEqual([answers, outcome])
    }),
    { numRuns: 100 },
  )
  expect(outcomes).toEqual(new Set(['approved', 'declined', undefined]))
})
