import { describe, expect, test } from '@jest/globals'
import { decideAs, type Wanted } from '../../src/engine/decide/decide-as.ts'
import { slackIdentity } from '../../src/run/identity.ts'
import type { Run } from '../../src/run/run.ts'
import { arn, as, asked, openGroup, refusal, terms } from './approval-scenes.ts'
import { policyOf, type World } from './simulated-world.ts'

const HOUR = 3_600_000
const [ANN, BOB, EVE] = ['U0ANN', 'U0BOB', 'U0EVE'].map((user) =>
  slackIdentity({ workspace: 'T0ACME', user }),
)
const FOREIGN = slackIdentity({ workspace: 'T0OTHER', user: 'U0ANN' })

/** A policy that asks on these terms, and knows Ann and Bob by Slack and by IAM. */
const inSlack = (approval: string) => `${terms(approval)}slack: { workspace: T0ACME }
people:
  - { name: ann, slack: U0ANN, iam: "${arn('ann')}" }
  - { name: bob, slack: U0BOB, iam: "${arn('bob')}" }
`
const ONCALL =
  '{ channel: C0SECOPS, approvers: [S0ONCALL, ann], expiresAfter: 4h, escalate: [{ after: 1h, approvers: [bob] }] }'

async function waiting(approval = ONCALL): Promise<{ world: World; run: Run }> {
  const world = openGroup(inSlack(approval))
  return { world, run: await asked(world) }
}

const say = (world: World, run: Run, by: string, more: Partial<Wanted> & { groups?: string[] } = {}) => {
  const { groups, ...rest } = more
  const speaker = { by, ...(groups && { groups }) }
  return decideAs(world, run, { verdict: 'approve', speaker, hash: run.plan!.hash, ...rest })
}

describe('somebody decides', () => {
  test('and what is recorded says who, as which person, on which ground, about which plan', async () => {
    const { world, run } = await waiting()
    const decided = await say(world, run, ANN!, { groups: ['S0ONCALL'] })
    expect(decided.kind).toBe('recorded')
    expect((await world.store.get(run.id))?.decisions).toEqual([
      {
        ...{ verdict: 'approve', by: ANN, person: 'ann', as: ['S0ONCALL', 'ann'] },
        ...{ at: world.clock.iso(), hash: run.plan!.hash, round: 1 },
      },
    ])
  })

  test('by IAM: no ground is kept, who may is asked of what holds then', async () => {
    const { world, run } = await waiting()
    await say(world, run, arn('ann'))
    const [made] = (await world.store.get(run.id))!.decisions
    expect(made).toMatchObject({ by: arn('ann'), person: 'ann' })
    expect(made).not.toHaveProperty('as')
  })

  test.each<[string, (world: World, run: Run) => ReturnType<typeof say>, object]>([
    ['who is nobody of those', (world, run) => say(world, run, EVE!), { kind: 'notApprover', groups: [] }],
    ['who is of another workspace', (world, run) => say(world, run, FOREIGN), { kind: 'notApprover' }],
    [
      'by IAM, where a group is asked as well',
      (world, run) => say(world, run, arn('eve')),
      { kind: 'notApprover', groups: ['S0ONCALL'] },
    ],
    [
      'who declines and may not',
      (world, run) => say(world, run, EVE!, { verdict: 'decline' }),
      { kind: 'notApprover' },
    ],
    ['whose level is not open yet', (world, run) => say(world, run, BOB!), { kind: 'notApprover' }],
    [
      'who saw another plan',
      (world, run) => say(world, run, ANN!, { hash: 'sha256:other' }),
      { kind: 'otherHash' },
    ],
    [
      'about a run that does not wait',
      (world, { waitingFor: _, ...run }) => say(world, run, ANN!),
      { kind: 'notWaiting' },
    ],
    [
      'about a run as it was before',
      (world, run) => say(world, { ...run, revision: run.revision - 1 }, ANN!),
      { kind: 'changed' },
    ],
    [
      'of her own request, by her other identity',
      (world, run) => say(world, { ...run, requestedBy: arn('ann') }, ANN!),
      { kind: 'ownRequest' },
    ],
    [
      'of her own request, who may',
      (world, run) => say(world, { ...run, requestedBy: arn('ann') }, ANN!, { requesterMayApprove: true }),
      { kind: 'recorded' },
    ],
    [
      'against her own request, by her other identity',
      (world, run) => say(world, { ...run, requestedBy: arn('ann') }, ANN!, { verdict: 'decline' }),
      { kind: 'recorded' },
    ],
    [
      'against her own request',
      (world, run) => say(world, { ...run, requestedBy: ANN! }, ANN!, { verdict: 'decline' }),
      { kind: 'ownRequest' },
    ],
    [
      'to leave alone what an undo opens',
      (world, run) =>
        say(world, { ...run, undoOf: 'other' }, ANN!, {
          verdict: 'exempt',
          until: '2030-01-01T00:00:00.000Z',
        }),
      { kind: 'noExemption' },
    ],
  ])('%s', async (_, act, outcome) => {
    const { world, run } = await waiting()
    expect(await act(world, run)).toMatchObject(outcome)
    const recorded = (await world.store.get(run.id))!.decisions.length
    expect(recorded).toBe('kind' in outcome && outcome.kind === 'recorded' ? 1 : 0)
  })

  test('of a level once its time has come, and too late from the moment at which the wait ends', async () => {
    const { world, run } = await waiting()
    world.clock.advance(HOUR - 1)
    expect((await say(world, run, BOB!)).kind).toBe('notApprover')
    world.clock.advance(1)
    expect((await say(world, run, BOB!, { verdict: 'decline' })).kind).toBe('recorded')

    const late = await waiting()
    late.world.clock.advance(4 * HOUR)
    expect((await say(late.world, late.run, ANN!)).kind).toBe('late')
  })

  test('an exemption that has ended before it is made is nobody’s decision', async () => {
    const { world, run } = await waiting()
    const until = world.clock.iso()
    await expect(say(world, run, ANN!, { verdict: 'exempt', until })).rejects.toThrow(TypeError)
    await expect(say(world, run, ANN!, { verdict: 'exempt' })).rejects.toThrow(TypeError)
  })

  test('of two who are one person the second is told that she has decided', async () => {
    const { world, run } = await waiting('{ approvers: [ann, bob], quorum: 2 }')
    await say(world, run, ANN!)
    const error = await refusal(as(world, 'ann').approve(run.id, {}))
    expect(error.message).toContain(`${arn('ann')} counts as the same: by the policy's people both are ann`)
    expect((await as(world, 'bob').approve(run.id, {})).runs).toMatchObject([{ outcome: 'remediated' }])
  })

  test('a caller whom only a group could admit is told to decide in Slack', async () => {
    const { world, run } = await waiting()
    const error = await refusal(as(world, 'eve').approve(run.id, {}))
    expect(error.message).toContain('who is in S0ONCALL only Slack can tell')
  })
})

describe('an approval in Slack, when the policy changed before the claim', () => {
  test.each<[string, string, boolean]>([
    ['the entry that admitted her stands: it runs', inSlack('{ approvers: [S0ONCALL] }'), true],
    ['another group is asked now: it is asked again', inSlack('{ approvers: [S0LEADS] }'), false],
    ['it takes two now: it is asked again', inSlack('{ approvers: [S0ONCALL], quorum: 2 }'), false],
    [
      'another workspace decides now: it is asked again',
      inSlack('{ approvers: [S0ONCALL] }').replace('T0ACME', 'T0OTHER'),
      false,
    ],
  ])('%s', async (_, policy, runs) => {
    const { world, run } = await waiting()
    await say(world, run, EVE!, { groups: ['S0ONCALL'] })
    world.policy = policyOf(policy)
    const swept = await as(world, 'ops').sweep()
    expect(swept.runs).toMatchObject([runs ? { outcome: 'remediated' } : { state: 'waiting', round: 2 }])
    expect(world.aws.changes()).toHaveLength(runs ? 1 : 0)
  })

  test('asked again: the decisions before are void, and time counts anew', async () => {
    const { world, run } = await waiting()
    world.clock.advance(2 * HOUR)
    await say(world, run, EVE!, { groups: ['S0ONCALL'] })
    world.policy = policyOf(
      inSlack('{ approvers: [S0LEADS, ann], escalate: [{ after: 1h, approvers: [bob] }] }'),
    )
    const [again] = (await as(world, 'ops').sweep()).runs
    expect(again).toMatchObject({ round: 2, asked: { at: world.clock.iso(), level: 0 } })
    expect((await say(world, again!, BOB!)).kind).toBe('notApprover')
    expect((await say(world, again!, ANN!)).kind).toBe('recorded')
  })
})
