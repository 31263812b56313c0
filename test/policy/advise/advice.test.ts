import { describe, expect, test } from '@jest/globals'
import { offered } from '../../../playbooks/offered.ts'
import { adviceOn } from '../../../src/policy/advise/advice.ts'
import { criteriaOf } from '../../../src/policy/advise/criteria.ts'
import { gathering, sinceWhen, underParameters } from '../../../src/policy/advise/gathered-evidence.ts'
import type { Run } from '../../../src/run/run.ts'
import { type Happened, NOW, policyOf, runsOf } from './histories.ts'

const one: Happened = {
  ...{ what: 'rehearsed', isUndone: false, playbook: 'ec2-close-open-ingress', account: '111122223333' },
  ...{ severity: 'HIGH', tags: {}, isOfThisText: true, daysAgo: 1, resource: 1 },
}

type Times = [number, Partial<Happened>]
const rehearsed = (times: number): Times => [times, {}]
const approved = (times: number): Times => [times, { what: 'approved' }]
const automatic = (times: number): Times => [times, { what: 'automatic' }]

/** What is advised for the one playbook. */
async function adviceOnOne(
  mode: string,
  given: Times[],
  { more = '', isCut = false, change = (run: Run) => run } = {},
) {
  const policy = await policyOf(`version: 1\nrules:\n  - mode: ${mode}\n${more}`)
  const criteria = criteriaOf(policy.policy)
  const { add, result } = gathering({ policy, playbooks: offered.playbooks }, criteria, NOW)
  const all = given.flatMap(([times, each]) => Array.from({ length: times }, () => ({ ...one, ...each })))
  for (const run of all.flatMap((each, index) => runsOf(each, index, policy))) add(change(run))
  const gathered = underParameters(result(), () => ({}))
  return adviceOn(policy.policy, gathered, criteria, isCut)[0]
}

/** The same, and why. */
async function advised(...of: Parameters<typeof adviceOnOne>) {
  const advice = await adviceOnOne(...of)
  return advice && [advice.advised ?? 'as it is', advice.why.join('; ')]
}

describe('by default', () => {
  test.each<[string, string, Times[], string, string]>([
    ['10 rehearsals', 'rehearse', [rehearsed(10)], 'approve', '10 rehearsals'],
    ['9 rehearsals', 'rehearse', [rehearsed(9)], 'as it is', '9 of 10 rehearsals'],
    [
      'rehearsals that AWS cannot check, or would not allow',
      'rehearse',
      [rehearsed(9), [7, { what: 'notChecked' }], [2, { what: 'denied' }]],
      'as it is',
      '9 of 10 rehearsals (7 could not be checked, 2 were denied)',
    ],
    ['old rehearsals', 'rehearse', [[10, { daysAgo: 31 }]], 'as it is', '0 of 10 rehearsals'],
    [
      'rehearsals and approvals',
      'approve',
      [rehearsed(10), approved(10)],
      'auto',
      '20 rehearsals; 10 approvals; 0 undone',
    ],
    [
      'all at once',
      'rehearse',
      [rehearsed(10), approved(10)],
      'auto',
      '20 rehearsals; 10 approvals; 0 undone',
    ],
    ['approvals alone', 'approve', [approved(20)], 'auto', '20 rehearsals; 20 approvals; 0 undone'],
    ['too few approvals', 'approve', [rehearsed(20), approved(9)], 'as it is', '9 of 10 approvals'],
    [
      'approvals that were void in the end',
      'approve',
      [rehearsed(20), approved(9), [3, { what: 'drifted' }]],
      'as it is',
      '9 of 10 approvals',
    ],
    [
      'something that was declined',
      'approve',
      [rehearsed(20), approved(10), [1, { what: 'declined' }]],
      'as it is',
      '1 declined (at most 0)',
    ],
    [
      'something that was undone',
      'approve',
      [rehearsed(20), approved(10), [1, { what: 'approved', isUndone: true }]],
      'rehearse',
      '1 undone (at most 0)',
    ],
    [
      'something undone by hand',
      'auto',
      [automatic(50), [1, { what: 'automatic', isUndone: true }]],
      'approve',
      '1 undone (at most 0)',
    ],
    [
      'what failed twice',
      'approve',
      [[2, { what: 'failed' }]],
      'as it is',
      '0 of 20 rehearsals; 0 of 10 approvals',
    ],
    ['what failed three times', 'approve', [[3, { what: 'failed' }]], 'rehearse', '3 failed (at most 2)'],
    ['nothing wrong', 'auto', [automatic(50)], 'as it is', 'nothing speaks against it'],
    [
      'what failed in both modes',
      'auto',
      [
        [3, { what: 'failed' }],
        [1, { what: 'automatic', isUndone: true }],
      ],
      'rehearse',
      '1 undone (at most 0); 3 failed (at most 2)',
    ],
    [
      'steps that cannot be undone',
      'rehearse',
      [rehearsed(19), approved(10), [1, { mark: 'irreversible' }]],
      'approve',
      '20 rehearsals',
    ],
    [
      'plans that ask for a look',
      'approve',
      [rehearsed(20), approved(10), [1, { mark: 'cautions' }]],
      'as it is',
      'never beyond approve: plans of it ask for a look by a person',
    ],
    ['a mode that is a person’s word', 'notify', [rehearsed(50)], 'as it is', "notify is a person's word"],
  ])('%s', async (_, mode, given, what, why) => {
    expect(await advised(mode, given)).toEqual([what, why])
  })

  test('nothing is advised without evidence', async () => {
    expect(await advised('rehearse', [])).toBeUndefined()
    expect(await advised('auto', [[5, { what: 'resourceGone' }]])).toBeUndefined()
  })
})

test('what the policy asks for counts, and what it does not name is as by default', async () => {
  const more =
    'advise: { approveAfter: { rehearsals: 2 }, autoAfter: { undone: 3, within: 7d }, backBeyond: { undone: 5 } }\n'
  expect(await advised('rehearse', [rehearsed(2)], { more })).toEqual(['approve', '2 rehearsals'])
  const undone: Times = [3, { what: 'approved', isUndone: true }]
  const given = [rehearsed(10), approved(10), undone]
  expect(await advised('approve', given, { more })).toEqual(['auto', '20 rehearsals; 10 approvals; 3 undone'])
  const old = given.map(([times, each]): Times => [times, { ...each, daysAgo: 8 }])
  expect(await advised('approve', old, { more })).toEqual([
    'as it is',
    '0 of 20 rehearsals; 0 of 10 approvals',
  ])
  const { policy } = await policyOf(`version: 1\n${more}`)
  expect(NOW - sinceWhen(criteriaOf(policy), NOW)).toBe(30 * 86_400_000)
})

test('nothing is let go by a part of the runs', async () => {
  expect(await advised('rehearse', [rehearsed(10)], { isCut: true })).toEqual([
    ...['as it is', 'not all runs of the time were read'],
  ])
  expect(await advised('approve', [[3, { what: 'failed' }]], { isCut: true })).toEqual([
    ...['rehearse', '3 failed (at most 2)'],
  ])
})

test('what no rule can be said to have decided speaks for nothing, and against letting go', async () => {
  // A tag of the resource decided.
  const byTag = (run: Run): Run => ({
    ...run,
    ruling: {
      ...{ mode: 'approve', reason: 'approve by tag rectify:mode' },
      by: { kind: 'tag', tag: 'rectify:mode' },
    },
  })
  expect(await advised('rehearse', [rehearsed(10)], { change: byTag })).toBeUndefined()
  const change = (run: Run) => (run.outcome === 'failed' ? byTag(run) : run)
  expect(await advised('rehearse', [rehearsed(10), [3, { what: 'failed' }]], { change })).toEqual([
    ...['as it is', '3 failed (at most 2)'],
  ])
})

test('what was seen under other parameters speaks for nothing, and against letting go', async () => {
  const wider = (run: Run): Run => ({ ...run, parameters: { ports: null } })
  expect(await advised('rehearse', [rehearsed(10)], { change: wider })).toBeUndefined()
  const change = (run: Run) => (run.outcome === 'failed' ? wider(run) : run)
  expect(await advised('rehearse', [rehearsed(10), [3, { what: 'failed' }]], { change })).toEqual([
    ...['as it is', '3 failed (at most 2)'],
  ])
})

test('what was approved again, after it had changed under the first approval, is no approval without drift', async () => {
  const change = (run: Run): Run => {
    const [approval] = run.decisions
    return approval ? { ...run, decisions: [{ ...approval, round: 0 }, approval] } : run
  }
  expect(await advised('approve', [rehearsed(20), approved(10)], { change })).toEqual([
    ...['as it is', '0 of 10 approvals'],
  ])
})

test('a rehearsal of which a step was not tried counts for nothing', async () => {
  const change = (run: Run) => ({ ...run, results: [] })
  expect(await advised('rehearse', [rehearsed(10)], { change })).toEqual([
    ...['as it is', '0 of 10 rehearsals (10 could not be checked)'],
  ])
})

describe('what was taken back', () => {
  const given: Times[] = [rehearsed(20), approved(10), [1, { what: 'approved', isUndone: true }]]

  test('by the end of its time was not taken back by anybody', async () => {
    const change = (run: Run): Run => (run.undoOf === undefined ? run : { ...run, expiry: true })
    expect(await advised('approve', given, { change })).toEqual([
      'auto',
      '31 rehearsals; 11 approvals; 0 undone',
    ])
  })

  test('counts too where its run is older than what was read: it speaks against letting go', async () => {
    const change = (run: Run): Run => (run.undoneBy === undefined ? run : { ...run, undoOf: 'another' })
    expect(await advised('approve', given, { change })).toEqual(['as it is', '1 undone (at most 0)'])
  })
})

describe('more is let go only in the accounts in which it was seen to go well', () => {
  const [staging, production] = [one.account, '444455556666']
  const there = (times: number, what: Happened['what'], daysAgo = 1): Times => [
    times,
    { what, daysAgo, account: production },
  ]

  test.each<[string, string, Times[], string, string[]]>([
    [
      'rehearsed in both',
      'rehearse',
      [rehearsed(6), there(4, 'rehearsed')],
      'approve',
      [staging, production],
    ],
    ['denied in the other', 'rehearse', [rehearsed(10), there(5, 'denied')], 'approve', [staging]],
    ['not checked in the other', 'rehearse', [rehearsed(10), there(5, 'notChecked')], 'approve', [staging]],
    ['failed in the other', 'rehearse', [rehearsed(10), there(2, 'failed')], 'approve', [staging]],
    ['expired in the other', 'rehearse', [rehearsed(10), there(1, 'expired')], 'approve', [staging]],
    [
      'rehearsed in the other long ago',
      'rehearse',
      [rehearsed(10), there(9, 'rehearsed', 31)],
      'approve',
      [staging],
    ],
    ['approved in both', 'approve', [approved(12), there(8, 'approved')], 'auto', [staging, production]],
    ['only rehearsed in the other', 'approve', [approved(20), there(9, 'rehearsed')], 'auto', [staging]],
    ['failed in the other, approved', 'approve', [approved(20), there(2, 'failed')], 'auto', [staging]],
  ])('%s', async (_, mode, given, what, accounts) => {
    const advice = await adviceOnOne(mode, given)
    expect([advice?.advised, advice?.accounts]).toEqual([what, accounts])
  })

  test('less is let go in all', async () => {
    const advice = await adviceOnOne('approve', [approved(20), there(3, 'failed')])
    expect([advice?.advised, advice?.accounts]).toEqual(['rehearse', [staging, production]])
  })
})
