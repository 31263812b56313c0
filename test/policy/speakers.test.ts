import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  canFillQuorum,
  countsUnder,
  DEFAULT_APPROVAL,
  elapsed,
  groundsOf,
  groupsAsked,
  hasSomebody,
  hasSomebodyInSlack,
} from '../../src/policy/approvers.ts'
import { meansAllOf, meansIdentity } from '../../src/run/arn-patterns.ts'
import { roleOf, slackIdentity } from '../../src/run/identity.ts'
import { personOf } from '../../src/run/people.ts'
import type { ApprovalTerms } from '../../src/run/run.ts'

const HOUR = 3_600_000
const SSO = 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_SecOps_0123456789abcdef'
const ANN_IAM = `${SSO}/ann@example.com`
const BOB_IAM = 'arn:aws:iam::111122223333:user/bob'
const [ANN, BOB, EVE] = ['U0ANN', 'U0BOB', 'U0EVE'].map((user) =>
  slackIdentity({ workspace: 'T0ACME', user }),
)
const FOREIGN = slackIdentity({ workspace: 'T0OTHER', user: 'U0ANN' })

const people = [
  {
    name: 'ann',
    slack: 'U0ANN',
    iam: ['arn:aws:sts::*:assumed-role/AWSReservedSSO_SecOps_*/ann@example.com'],
  },
  { name: 'bob', slack: 'U0BOB', iam: [BOB_IAM] },
]
const terms = (approvers?: string[], more: Partial<ApprovalTerms> = {}): ApprovalTerms => ({
  ...DEFAULT_APPROVAL,
  workspace: 'T0ACME',
  people,
  ...(approvers && { approvers }),
  ...more,
})

describe('who may decide, and on which ground', () => {
  test.each<[string, string[] | undefined, string | undefined, string[], string[] | undefined]>([
    ['anybody of the workspace, where nobody is named', undefined, EVE, [], ['*']],
    ['any caller of IAM, where nobody is named', undefined, BOB_IAM, [], ['*']],
    ['a member of another workspace, where nobody is named', undefined, FOREIGN, [], undefined],
    ['a Slack user by id', ['U0EVE'], EVE, [], ['U0EVE']],
    ['another Slack user', ['U0EVE'], ANN, [], undefined],
    ['the same id of another workspace', ['U0ANN', 'ann'], FOREIGN, [], undefined],
    ['a member of a group', ['S0ONCALL'], EVE, ['S0ONCALL'], ['S0ONCALL']],
    ['a member of another group', ['S0ONCALL'], EVE, ['S0LEADS'], undefined],
    ['a member of a group, of another workspace', ['S0ONCALL'], FOREIGN, ['S0ONCALL'], undefined],
    ['who claims to be in a group by IAM', ['S0ONCALL'], BOB_IAM, ['S0ONCALL'], undefined],
    ['a user whose id is said to be a group', ['U0EVE'], ANN, ['U0EVE'], undefined],
    ['a person by name, in Slack', ['ann'], ANN, [], ['ann']],
    ['a person by name, by IAM', ['ann'], ANN_IAM, [], ['ann']],
    ['another person', ['ann'], BOB_IAM, [], undefined],
    ['by IAM, whose Slack user is named', ['U0ANN'], ANN_IAM, [], ['U0ANN']],
    ['by IAM, whose Slack user is not named', ['U0ANN'], BOB_IAM, [], undefined],
    [
      'in Slack, all of whose sessions are meant',
      ['arn:aws:iam::*:role/AWSReservedSSO_*'],
      ANN,
      [],
      ['arn:aws:iam::*:role/AWSReservedSSO_*'],
    ],
    [
      'in Slack, some of whose sessions are meant',
      ['arn:aws:iam::111122223333:role/AWSReservedSSO_*'],
      ANN,
      [],
      undefined,
    ],
    ['in Slack, whose IAM user is named', [BOB_IAM], BOB, [], [BOB_IAM]],
    ['in Slack, as whose IAM user another is named', [BOB_IAM], ANN, [], undefined],
    [
      'on several grounds',
      ['S0ONCALL', 'U0ANN', 'ann', 'U0BOB'],
      ANN,
      ['S0ONCALL'],
      ['S0ONCALL', 'U0ANN', 'ann'],
    ],
    ['nobody, where the list is empty', [], ANN, [], undefined],
    ['a star is no name', ['*'], ANN, [], undefined],
  ])('%s', (_, approvers, by, groups, grounds) => {
    expect(groundsOf(terms(approvers), { by: by!, groups }, 0)).toEqual(grounds)
  })

  test('nobody in Slack, where the terms know no workspace', () => {
    const { workspace: _, ...without } = terms()
    expect(groundsOf(without, { by: ANN! }, 0)).toBeUndefined()
    expect(groundsOf({ ...without, approvers: ['U0ANN', 'ann'] }, { by: ANN! }, 0)).toBeUndefined()
  })

  test('those of a level besides, once its time has come', () => {
    const levels = terms(['S0ONCALL'], {
      escalate: [
        { after: 'PT1H', approvers: ['S0LEADS'] },
        { after: 'PT2H', approvers: ['bob'] },
      ],
    })
    const may = (at: number) => groundsOf(levels, { by: BOB!, groups: ['S0LEADS'] }, at)
    expect([HOUR - 1, HOUR, 2 * HOUR].map(may)).toEqual([undefined, ['S0LEADS'], ['S0LEADS', 'bob']])
    expect([0, HOUR, 2 * HOUR].map((at) => groupsAsked(levels, at))).toEqual([
      ['S0ONCALL'],
      ['S0ONCALL', 'S0LEADS'],
      ['S0ONCALL', 'S0LEADS'],
    ])
  })

  test('time counts from when this round was asked; a run of before was asked just now', () => {
    const at = '2026-11-20T09:00:00.000Z'
    expect(elapsed({ asked: { at, level: 0 } }, Date.parse(at) + HOUR)).toBe(HOUR)
    expect(elapsed({ asked: { at, level: 0 } }, Date.parse(at) - HOUR)).toBe(0)
    expect(elapsed({}, Date.parse(at))).toBe(0)
  })

  test('a person is known by either identity', () => {
    expect([ANN!, ANN_IAM, BOB!, EVE!, `${SSO}/eve@example.com`].map((by) => personOf(people, by))).toEqual([
      'ann',
      'ann',
      'bob',
      undefined,
      undefined,
    ])
  })
})

describe('a pattern that means all that another means', () => {
  /** Callers as STS tells them: users may have a path, sessions have two slashes. */
  const name = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 2 })
  const caller = fc
    .tuple(fc.constantFrom('1', '2'), name, name, fc.constantFrom('user', 'path', 'session'))
    .map(([account, a, b, kind]) => {
      if (kind === 'session') return `arn:aws:sts::${account}:assumed-role/${a}/${b}`
      return `arn:aws:iam::${account}:user/${kind === 'path' ? `${a}/` : ''}${b}`
    })
  const starring = fc.record({
    asRole: fc.boolean(),
    stars: fc.array(fc.tuple(fc.nat(30), fc.nat(5)), { maxLength: 2 }),
  })
  /** A pattern or ARN, or its role, with stars for up to two stretches behind its service. */
  const starred = (arn: string, { asRole, stars }: { asRole: boolean; stars: [number, number][] }) =>
    stars.reduce(
      (text, [from, length]) => {
        const at = 13 + from
        const cut = text.slice(at, at + length)
        return at > text.length || cut.includes(':')
          ? text
          : `${text.slice(0, at)}*${text.slice(at + length)}`
      },
      (asRole ? roleOf(arn) : undefined) ?? arn,
    )
  const pattern = fc.tuple(caller, starring).map(([arn, how]) => starred(arn, how))
  /** Two patterns, of which one was often made of the other. */
  const pair = fc.oneof(
    fc.tuple(pattern, pattern),
    fc.tuple(pattern, starring).map(([inner, how]): [string, string] => [starred(inner, how), inner]),
  )

  test('means every caller that the other means', () => {
    let both = 0
    fc.assert(
      fc.property(pair, fc.array(caller, { minLength: 30, maxLength: 30 }), ([outer, inner], callers) => {
        if (!meansAllOf(outer, inner)) return
        for (const one of callers.filter((each) => meansIdentity(inner, each))) {
          if (outer !== inner) both += 1
          expect([outer, inner, one, meansIdentity(outer, one)]).toEqual([outer, inner, one, true])
        }
      }),
      { numRuns: 10_000 },
    )
    expect(both).toBeGreaterThan(300)
  })

  test.each([
    [true, 'arn:aws:iam::*:user/*', 'arn:aws:iam::*:user/a*'],
    [true, 'arn:aws:iam::*:role/Oncall', 'arn:aws:sts::111122223333:assumed-role/Oncall/*'],
    [true, 'arn:aws:iam::*:role/SSO_*', 'arn:aws:sts::*:assumed-role/SSO_x*/ann'],
    [true, 'arn:aws:iam::1:role/Oncall', 'arn:aws:iam::1:role/teams/Oncall'],
    [false, 'arn:aws:iam::*:user/a*', 'arn:aws:iam::*:user/*'],
    [false, 'arn:aws:iam::*:role/Oncall', 'arn:aws:sts::*:assumed-role/Onc*/ann'],
    [false, 'arn:aws:iam::1:user/a', 'arn:aws:iam::*:user/a'],
    [false, 'arn:aws:iam::*:role/Oncall', 'arn:aws:sts::*:assumed-role/*'],
  ])('%s: %s of %s', (all, outer, inner) => {
    expect(meansAllOf(outer, inner)).toBe(all)
  })
})

describe('an approval of before, under terms that hold now', () => {
  const run = { asked: { at: '2026-11-20T09:00:00.000Z', level: 1 } }
  const made = (by: string, as?: string[], minutes = 0) => ({
    verdict: 'approve' as const,
    by,
    ...(as && { as }),
    at: new Date(Date.parse(run.asked.at) + minutes * 60_000).toISOString(),
    hash: 'sha256:a',
  })
  const levels = { escalate: [{ after: 'PT1H', approvers: ['S0LEADS'] }] }
  test.each<[string, ApprovalTerms, ReturnType<typeof made>, boolean]>([
    ['by an entry that still stands', terms(['S0ONCALL']), made(EVE!, ['S0ONCALL']), true],
    ['by an entry that is gone', terms(['S0LEADS']), made(EVE!, ['S0ONCALL']), false],
    [
      'by an entry that is gone, where she is named otherwise now',
      terms(['U0ANN']),
      made(ANN!, ['S0ONCALL']),
      false,
    ],
    ['by one of several that still stands', terms(['ann']), made(ANN!, ['S0ONCALL', 'ann']), true],
    [
      'by a name that is another person now',
      terms(['ann'], { people: [{ name: 'ann', slack: 'U0EVE' }] }),
      made(ANN!, ['ann']),
      false,
    ],
    ['by anybody, where still nobody is named', terms(), made(EVE!, ['*']), true],
    ['by anybody, where somebody is named now', terms(['ann']), made(ANN!, ['*']), false],
    ['by a name, where nobody is named any more', terms(), made(ANN!, ['ann']), true],
    [
      'of another workspace than that of now',
      terms(undefined, { workspace: 'T0OTHER' }),
      made(EVE!, ['*']),
      false,
    ],
    ['by a level that was open', terms(['ann'], levels), made(EVE!, ['S0LEADS'], 60), true],
    ['by a level that was not open yet', terms(['ann'], levels), made(EVE!, ['S0LEADS'], 59), false],
    ['by IAM, who may still', terms([BOB_IAM]), made(BOB_IAM), true],
    ['by IAM, who may not any more', terms(['arn:aws:iam::*:role/Ops']), made(BOB_IAM), false],
  ])('%s: %#', (_, now, decision, counts) => {
    expect(countsUnder(now, run, decision)).toBe(counts)
  })
})

describe('a quorum of two', () => {
  test.each<[boolean, string, string[], Partial<ApprovalTerms>]>([
    [false, 'one person by name, id and pattern', ['ann', 'U0ANN', people[0]!.iam![0]!], {}],
    [
      false,
      'a pattern that means one person only',
      [`${SSO}/ann@example.com`, 'arn:aws:sts::*:assumed-role/AWSReservedSSO_SecOps_*/ann@example.com'],
      {},
    ],
    [true, 'two people', ['ann', 'U0BOB'], {}],
    [true, 'a person and a Slack user whom nobody knows', ['ann', 'U0EVE'], {}],
    [true, 'a group', ['S0ONCALL'], {}],
    [false, 'a group of no workspace', ['S0ONCALL', BOB_IAM], { workspace: undefined as never }],
    [true, 'one person and a level', ['ann'], { escalate: [{ after: 'PT1H', approvers: ['bob'] }] }],
    [
      false,
      'one person and the same on a level',
      ['ann'],
      { escalate: [{ after: 'PT1H', approvers: ['U0ANN'] }] },
    ],
  ])('can be filled (%s) by %s', (can, _, approvers, more) => {
    expect(canFillQuorum(terms(approvers, { quorum: 2, ...more }))).toBe(can)
  })

  test('nobody at all: Slack ids of no workspace', () => {
    const { workspace: _, ...without } = terms(['S0ONCALL', 'U0EVE'])
    expect([hasSomebody(without), hasSomebody(terms(['S0ONCALL']))]).toEqual([false, true])
  })

  test.each<[boolean, string[] | undefined]>([
    [true, undefined],
    [true, ['S0ONCALL']],
    [true, ['bob']],
    [true, [BOB_IAM]],
    [false, ['arn:aws:iam::*:role/Ops']],
  ])('can be given from Slack (%s) by %j', (can, approvers) => {
    expect(hasSomebodyInSlack(terms(approvers))).toBe(can)
  })
})
