import { expect, test } from '@jest/globals'
import { waitsForOthers } from '../../src/cli/stack/waits-for-others.ts'
import type { Decision, Run } from '../../src/run/run.ts'
import { sampleRun } from '../support/sample-run.ts'

const ME = 'arn:aws:iam::123456789012:user/me'
const OTHER = 'arn:aws:iam::123456789012:user/other'

function asked(approvers: string[] | undefined, quorum: number, ...by: string[]): Run {
  const terms = { quorum, expiresAfter: 'PT1H', onExpiry: 'decline' } as const
  const run = sampleRun({
    state: 'waiting',
    waitingFor: 'approval',
    approval: approvers ? { ...terms, approvers } : terms,
  })
  const decision = { verdict: 'approve', at: run.startedAt, hash: run.plan!.hash, round: run.round } as const
  return { ...run, decisions: by.map((who): Decision => ({ ...decision, by: who })) }
}

test.each<[string, Run, boolean]>([
  ['its word is still on its way', asked(undefined, 1), false],
  ['its word was enough', asked(undefined, 1, ME), false],
  ['its word is one of two', asked(undefined, 2, ME), true],
  ['it is one of two and has not spoken', asked([ME, OTHER], 2, OTHER), false],
  ['it is not among those who may decide', asked([OTHER], 1), true],
  [
    'the run has ended',
    { ...asked([OTHER], 1), state: 'closed', waitingFor: undefined } as unknown as Run,
    false,
  ],
])('whoever asks for an undo waits for others: %s', (_, run, others) => {
  expect(waitsForOthers(ME)(run)).toBe(others)
})
