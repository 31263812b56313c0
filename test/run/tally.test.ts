import { describe, expect, test } from '@jest/globals'
import type { Decision, Run } from '../../src/run/run.ts'
import { tally } from '../../src/run/tally.ts'
import { sampleRun } from '../support/sample-run.ts'

const people = [{ name: 'ann', slack: 'U0ANN', iam: ['arn:aws:iam::*:user/ann'] }]
const [ANN_IAM, ANN, BOB] = ['arn:aws:iam::111122223333:user/ann', 'slack:T0ACME:U0ANN', 'slack:T0ACME:U0BOB']
const decided = (verdict: Decision['verdict'], by: string, more: Partial<Decision> = {}): Decision => ({
  ...{ verdict, by, at: '2026-11-20T09:00:00.000Z', hash: sampleRun().plan!.hash },
  ...more,
})
const approved = (by: string, more?: Partial<Decision>) => decided('approve', by, more)
const asked = (decisions: Decision[], more: Partial<NonNullable<Run['approval']>> = {}) =>
  sampleRun({
    decisions,
    approval: { quorum: 2, expiresAfter: 'PT4H', onExpiry: 'decline', ...more },
  })

describe('people are counted, not identities', () => {
  test.each<[string, Run, string[]]>([
    ['two identities of one person are one', asked([approved(ANN), approved(ANN_IAM)], { people }), [ANN]],
    ['two Slack users are two', asked([approved(ANN), approved(BOB)], { people }), [ANN, BOB]],
    ['nobody knows that they are one: two', asked([approved(ANN), approved(ANN_IAM)]), [ANN, ANN_IAM]],
    [
      'known as one when they decided, by terms that no longer say so: one',
      asked([approved(ANN, { person: 'ann' }), approved(ANN_IAM, { person: 'ann' })]),
      [ANN],
    ],
    [
      'only one of them was known then, and the terms say it now: one',
      asked([approved(ANN, { person: 'ann' }), approved(ANN_IAM)], { people }),
      [ANN],
    ],
    [
      'another person by the terms that hold now',
      asked([approved(ANN, { person: 'bob' }), approved(BOB, { person: 'bob' })], { people }),
      [ANN, BOB],
    ],
  ])('%s', (_, run, counted) => {
    const { approvals, full } = tally(run)
    expect(approvals.map(({ by }) => by)).toEqual(counted)
    expect(full?.by).toBe(counted[1])
  })

  test('an exemption ends it as a decline does, whichever came first', () => {
    const [decline, exempt] = [decided('decline', ANN), decided('exempt', BOB)]
    expect(tally(asked([exempt, decline])).declined).toBe(exempt)
    expect(tally(asked([decline, exempt])).declined).toBe(decline)
  })
})
