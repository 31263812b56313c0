import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { offered } from '../../../playbooks/offered.ts'
import { type Advice, adviceOn } from '../../../src/policy/advise/advice.ts'
import { advisedPolicy } from '../../../src/policy/advise/advised-policy.ts'
import { criteriaOf } from '../../../src/policy/advise/criteria.ts'
import { gathering } from '../../../src/policy/advise/gathered-evidence.ts'
import type { Proposal } from '../../../src/policy/advise/written-edits.ts'
import { isRaised } from '../../../src/policy/compare/compare-decisions.ts'
import { decide } from '../../../src/policy/decide.ts'
import type { PolicyFromFile } from '../../../src/policy/rules.ts'
import type { Run } from '../../../src/run/run.ts'
import { FILE, type Happened, history, NOW, policyOf, policyText, runsOf, subjectOf } from './histories.ts'

const { playbooks } = offered

function adviceUnder(policy: PolicyFromFile, runs: readonly Run[]): Advice[] {
  const criteria = criteriaOf(policy.policy)
  const { add, result } = gathering({ policy, playbooks }, criteria, NOW)
  runs.forEach(add)
  return adviceOn(policy.policy, result(), criteria)
}

const isProposal = (advice: Advice): advice is Proposal => advice.advised !== undefined

async function scene(text: string, happened: readonly Happened[]) {
  const policy = await policyOf(text)
  const newestFirst = happened.toSorted((a, b) => a.daysAgo - b.daysAgo)
  const runs = newestFirst.flatMap((each, index) => runsOf(each, index, policy))
  const proposals = adviceUnder(policy, runs).filter(isProposal)
  const proposed = await advisedPolicy(
    { policy, text, playbooks, path: 'rectify.yaml' },
    proposals,
    () => 'why',
  )
  return { policy, newestFirst, runs, proposals, proposed }
}

/** Which rule decides it, all known. */
const ruleOf = (given: Happened, policy: PolicyFromFile) => {
  const { reason } = decide(policy, subjectOf(given), NOW)
  const number = /^rule (\d+)/.exec(reason)?.[1]
  return number === undefined ? 'none' : Number(number) - 1
}

test('what is advised on any history under any policy lets nothing go without the evidence, is a file that decides just that otherwise, and leaves nothing more to advise', async () => {
  const seen = { raised: 0, lowered: 0 }
  await fc.assert(
    fc.asyncProperty(policyText, history, async (text, happened) => {
      const { policy, newestFirst, runs, proposals, proposed } = await scene(text, happened)
      expect(proposed.byHand).toEqual([])
      for (const proposal of proposals) {
        seen[isRaise(proposal) ? 'raised' : 'lowered']++
        if (isRaise(proposal)) expectEvidence(proposal, policy, happened)
      }
      const after = { ...(await policyOf(proposed.text)), file: FILE }
      for (const each of newestFirst) {
        const subject = subjectOf(each)
        const rule = ruleOf(each, policy)
        const proposal = proposals.find((one) => one.rule === rule && one.playbook === each.playbook)
        const isMeant = proposal && (!isRaise(proposal) || proposal.accounts.includes(each.account))
        const mode = isMeant ? proposal.advised : decide(policy, subject, NOW).mode
        expect(decide(after, subject, NOW).mode).toBe(mode)
      }
      // Nothing more, but that what goes to `auto` where it was done may go to `approve` where it was only rehearsed.
      for (const more of adviceUnder(after, runs).filter(isProposal)) {
        const before = proposals.filter(({ playbook }) => playbook === more.playbook)
        expect([more.advised, before.map(({ advised }) => advised)]).toEqual([
          'approve',
          expect.arrayContaining(['auto']),
        ])
        expect(before.flatMap(({ accounts }) => accounts)).toEqual(expect.not.arrayContaining(more.accounts))
      }
    }),
    { numRuns: 60 },
  )
  expect(seen.raised).toBeGreaterThan(5)
  expect(seen.lowered).toBeGreaterThan(0)
}, 60_000)

const isRaise = ({ mode, advised }: Proposal) => isRaised(mode, advised)

const RAISED_WITH = { approve: { all: 3, approved: 0 }, auto: { all: 4, approved: 2 } } as const

/** Counted anew, from what happened and not from the runs. */
function expectEvidence(
  { rule, playbook, advised, accounts }: Proposal,
  policy: PolicyFromFile,
  happened: readonly Happened[],
): void {
  if (advised === 'rehearse') throw new Error('nothing is raised to a rehearsal')
  const its = happened.filter((each) => each.playbook === playbook && each.daysAgo <= 30)
  const number = (what: Happened['what']) =>
    its.filter((each) => each.what === what && ruleOf(each, policy) === rule).length
  const { all, approved } = RAISED_WITH[advised]
  expect(number('rehearsed') + number('approved')).toBeGreaterThanOrEqual(all)
  expect(number('approved')).toBeGreaterThanOrEqual(approved)
  // 20 days for `approve`, 30 for `auto`.
  const good = advised === 'approve' ? ['rehearsed', 'approved', 'automatic'] : ['approved', 'automatic']
  const within = its.filter(({ daysAgo }) => daysAgo < (advised === 'approve' ? 20 : 30))
  for (const account of accounts)
    expect(
      within.filter((each) => each.account === account && !each.isUndone && good.includes(each.what)).length,
    ).toBeGreaterThan(0)
  if (advised === 'auto')
    expect(happened.filter((each) => each.playbook === playbook && each.mark)).toEqual([])
}
