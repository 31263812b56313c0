import { beforeEach, describe, expect, test } from '@jest/globals'
import { slackIdentity } from '../../../src/run/identity.ts'
import type { Run } from '../../../src/run/run.ts'
import {
  buttonValue,
  otherPlan,
  RESPOND_TO,
  receiverWorld,
  SLOW,
  WORKSPACE,
  type World,
  waitingRun,
} from './receiver-under-test.ts'

let world: World

beforeEach(() => {
  world = receiverWorld()
})

const approveAs = (user: string, run: Run) => world.press('approve', run, user)

describe('an approval', () => {
  test('stands with the ids of user and workspace, its ground and the whole hash, and no name', async () => {
    const run = await world.waiting()
    expect(await approveAs('U0ANN', run)).toEqual({ status: 200 })
    expect(await world.decisionsOf(run)).toEqual([
      {
        verdict: 'approve',
        by: 'slack:T0ACME:U0ANN',
        at: world.clock.iso(),
        hash: run.plan?.hash,
        as: ['U0ANN'],
        round: 1,
      },
    ])
    expect(world.words()).toEqual([])
  })

  test('names the person whom the terms know', async () => {
    const run = await world.waiting({
      approval: { approvers: ['ann'], people: [{ name: 'ann', slack: 'U0ANN' }] },
    })
    await approveAs('U0ANN', run)
    expect(await world.decisionsOf(run)).toMatchObject([{ person: 'ann', as: ['ann'] }])
  })

  test('wakes its run', async () => {
    const run = await world.waiting()
    await approveAs('U0ANN', run)
    expect(world.messages).toEqual([{ kind: 'wake', run: run.id, why: 'decision' }])
  })

  test('stands when its wake-up is lost: the run is due, and the clicker hears how long it may take', async () => {
    const run = await world.waiting()
    world.failing.queue = new Error('the queue is away')
    expect((await approveAs('U0ANN', run)).status).toBe(200)
    expect((await world.store.due(world.clock.now())).runs.map(({ id }) => id)).toEqual([run.id])
    expect(world.failures).toEqual(['a run could not be woken'])
    expect(world.words()).toEqual([expect.stringContaining('within five minutes')])
  })

  test('that comes again wakes a run whose wake-up was lost', async () => {
    const run = await world.waiting()
    world.failing.queue = new Error('the queue is away')
    await approveAs('U0ANN', run)
    world.failing = {}
    await approveAs('U0ANN', run)
    expect(world.messages).toEqual([{ kind: 'wake', run: run.id, why: 'decision' }])
    expect(await world.decisionsOf(run)).toHaveLength(1)
  })

  test('counts by a user group, as it is read at the click', async () => {
    const run = await world.waiting({ approval: { approvers: ['S0ONCALL'], quorum: 2 } })
    await approveAs('U0BEN', run)
    world.groups.S0ONCALL = ['U0BEN']
    await approveAs('U0BEN', run)
    await approveAs('U0CAT', run)
    expect(await world.decisionsOf(run)).toMatchObject([{ by: 'slack:T0ACME:U0BEN', as: ['S0ONCALL'] }])
    expect(world.refusals).toMatchObject([
      { why: 'notApprover', user: 'U0BEN' },
      { why: 'notApprover', user: 'U0CAT' },
    ])
  })

  test('of those who are named themselves does not wait for a group', async () => {
    const run = await world.waiting({ approval: { approvers: ['U0ANN', 'S0ONCALL'] } })
    world.failing.groups = SLOW
    await approveAs('U0ANN', run)
    expect(await world.decisionsOf(run)).toHaveLength(1)
    expect(world.asked).toEqual(['U0ANN'])
  })

  test('may be made by more people once their level is open', async () => {
    const run = await world.waiting({ approval: { escalate: [{ after: 'PT1H', approvers: ['U0CAT'] }] } })
    await approveAs('U0CAT', run)
    expect(await world.decisionsOf(run)).toEqual([])
    world.clock.advance(3_600_000)
    await approveAs('U0CAT', run)
    expect(await world.decisionsOf(run)).toHaveLength(1)
  })
})

describe('who may not decide is told alone, and it is written down:', () => {
  test.each([
    ['somebody who is on no list', 'U0CAT', 'notApprover', 'You are not among those who may decide'],
    ['a guest', 'U0GUEST', 'guest', 'Only full members'],
    ['a deactivated user', 'U0GONE', 'deactivated', 'Only full members'],
    ['a bot', 'U0ROBOT', 'bot', 'Only full members'],
    ['Slackbot', 'USLACKBOT', 'bot', 'Only full members'],
    ['a user of another organisation', 'U0STRANGER', 'stranger', 'Only full members'],
    ['a user who is at home elsewhere', 'U0AFAR', 'foreign', 'Only full members'],
    ['a user whom Slack does not know', 'U0NOBODY', 'memberUnread', 'nothing was done'],
  ])('%s', async (_who, user, why, said) => {
    const approvers = user === 'U0CAT' ? ['U0ANN'] : undefined
    const run = waitingRun()
    const { approvers: _named, ...anybody } = run.approval!
    await world.put({ ...run, approval: approvers ? { ...anybody, approvers } : anybody })
    expect(await approveAs(user, run)).toEqual({ status: 200 })
    expect(await world.decisionsOf(run)).toEqual([])
    expect(world.messages).toEqual([])
    expect(world.told).toEqual([{ url: RESPOND_TO, text: expect.stringContaining(said) }])
    expect(world.refusals).toEqual([{ action: 'approve', user, workspace: WORKSPACE, run: run.id, why }])
  })

  test('anybody, while Slack does not say who they are', async () => {
    const run = await world.waiting()
    world.failing.users = SLOW
    await approveAs('U0ANN', run)
    expect(await world.decisionsOf(run)).toEqual([])
    expect(world.words()).toEqual([expect.stringContaining('who you are, so nothing was done')])
    expect(world.failures).toEqual(['a user could not be read'])
  })

  test('somebody of a group, while Slack does not say who is in it', async () => {
    const run = await world.waiting({ approval: { approvers: ['S0ONCALL'] } })
    world.failing.groups = SLOW
    await approveAs('U0CAT', run)
    expect(await world.decisionsOf(run)).toEqual([])
    expect(world.words()).toEqual([expect.stringContaining('<!subteam^S0ONCALL>, so nothing was done')])
    expect(world.refusals).toMatchObject([{ why: 'groupUnread' }])
  })

  test('whoever asked for it', async () => {
    const run = await world.waiting({ requestedBy: slackIdentity({ workspace: WORKSPACE, user: 'U0ANN' }) })
    await approveAs('U0ANN', run)
    expect(await world.decisionsOf(run)).toEqual([])
    expect(world.words()).toEqual([expect.stringContaining('You asked for this yourself')])
  })

  test('whoever asked for it by the command line, where the terms know them', async () => {
    const arn = 'arn:aws:iam::123456789012:user/ann'
    const people = [{ name: 'ann', slack: 'U0ANN', iam: [arn] }]
    const run = await world.waiting({ requestedBy: arn, approval: { people } })
    await approveAs('U0ANN', run)
    expect(await world.decisionsOf(run)).toEqual([])
    expect(world.refusals).toMatchObject([{ why: 'ownRequest' }])
  })

  test('a member of another workspace, who learns no more than of a run that is none', async () => {
    const run = await world.waiting()
    await world.click({ user: 'U0AFAR', workspace: 'T0ELSEWHERE', value: buttonValue(run) })
    await world.click({ value: buttonValue({ ...run, id: '01K99999999999999999999999' }) })
    expect(world.words()).toEqual([
      'No run of this workspace is called so.',
      'No run of this workspace is called so.',
    ])
    expect(world.asked).toEqual([])
  })

  test('also where Slack does not take what they are told', async () => {
    const run = await world.waiting()
    world.failing.respond = SLOW
    expect(await approveAs('U0CAT', run)).toEqual({ status: 200 })
    expect(world.refusals).toMatchObject([{ why: 'notApprover' }])
    expect(world.failures).toEqual(['a private word was not taken'])
  })
})

describe('a quorum of two', () => {
  const quorum = { approval: { quorum: 2 } }

  test('counts one person once, however often they click', async () => {
    const run = await world.waiting(quorum)
    await approveAs('U0ANN', run)
    world.clock.advance(1000)
    await approveAs('U0ANN', run)
    expect(await world.decisionsOf(run)).toHaveLength(1)
    expect(world.words()).toEqual(['You approved this already.'])
  })

  test('counts one person once who spoke by the command line before', async () => {
    const arn = 'arn:aws:iam::123456789012:user/ann'
    const run = await world.waiting({
      approval: { quorum: 2, people: [{ name: 'ann', slack: 'U0ANN', iam: [arn] }] },
    })
    const at = world.clock.iso()
    const byCommand = { verdict: 'approve', by: arn, person: 'ann', at, hash: run.plan!.hash } as const
    await world.store.decide(run.id, byCommand, world.clock.now())
    await approveAs('U0ANN', run)
    expect(await world.decisionsOf(run)).toHaveLength(1)
    expect(world.words()).toEqual([expect.stringContaining(`Already approved by \`${arn}\``)])
  })

  test('is full with two people, at the same moment too', async () => {
    const run = await world.waiting(quorum)
    await Promise.all([approveAs('U0ANN', run), approveAs('U0BEN', run)])
    expect((await world.decisionsOf(run)).map(({ by }) => by).sort()).toEqual([
      'slack:T0ACME:U0ANN',
      'slack:T0ACME:U0BEN',
    ])
  })
})

describe('of two who click at the same moment', () => {
  test('one decides, and the other is told who did', async () => {
    const run = await world.waiting()
    await Promise.all([approveAs('U0ANN', run), world.press('decline', run, 'U0BEN')])
    const decisions = await world.decisionsOf(run)
    expect(decisions).toHaveLength(1)
    const by = decisions[0]!.by.slice('slack:T0ACME:'.length)
    expect(world.words()).toEqual([expect.stringContaining(`by <@${by}>`)])
    expect(world.refusals).toMatchObject([{ why: 'decided' }])
  })
})

describe('a click that comes too late', () => {
  test('after its time, and before anybody wrote that, is refused, and the run is woken to close', async () => {
    const run = await world.waiting()
    world.clock.advance(4 * 3_600_000)
    await approveAs('U0ANN', run)
    expect(await world.decisionsOf(run)).toEqual([])
    expect(world.words()).toEqual([expect.stringContaining('was over')])
    expect(world.messages).toEqual([{ kind: 'wake', run: run.id, why: 'sweep' }])
  })

  test('after the run has closed is refused with what became of it', async () => {
    const run = await world.waiting()
    await world.put({ ...run, revision: 2, state: 'closed', outcome: 'expired' })
    await approveAs('U0ANN', run)
    expect(world.words()).toEqual(['This no longer waits for a decision: it is closed (expired).'])
    expect(world.messages).toEqual([])
  })

  test('after the command line has decided is refused with who did', async () => {
    const run = await world.waiting()
    const by = 'arn:aws:iam::123456789012:user/ben'
    const declined = { verdict: 'decline', by, at: world.clock.iso(), hash: run.plan!.hash } as const
    await world.store.decide(run.id, declined, world.clock.now())
    await approveAs('U0ANN', run)
    expect(world.words()).toEqual([expect.stringContaining(`Already declined by \`${by}\``)])
  })

  test('about a plan that has changed is refused, with what it is now', async () => {
    const run = await world.waiting()
    await world.put({ ...run, revision: 2, round: 2, plan: otherPlan })
    await approveAs('U0ANN', run)
    expect(await world.decisionsOf(run)).toEqual([])
    expect(world.words()).toEqual([expect.stringContaining(otherPlan.hash.slice(7, 23))])
  })

  test('about terms that changed while it was judged is judged by those that hold', async () => {
    const run = await world.waiting()
    const { store } = world
    let first = true
    world.store = {
      ...store,
      async get(id) {
        const read = await store.get(id)
        if (first) {
          first = false
          const approval = { ...run.approval!, approvers: ['U0BEN'] }
          await world.put({ ...run, revision: 2, approval })
        }
        return read
      },
    }
    await approveAs('U0ANN', run)
    expect(await world.decisionsOf(run)).toEqual([])
    expect(world.refusals).toMatchObject([{ why: 'notApprover' }])
  })
})

describe('approving all of a digest', () => {
  test('approves each plan that still stands, and says which did not, without asking Slack again', async () => {
    const first = await world.waiting()
    const second = await world.waiting({ id: '01K00000000000000000000002', resource: 'arn:2' })
    const third = await world.waiting({ id: '01K00000000000000000000003', resource: 'arn:3' })
    const stale = `${third.id}:sha256:${'0'.repeat(64)}`
    const value = [buttonValue(first), buttonValue(second), stale].join(',')
    expect(await world.click({ action: 'approve_all', value })).toEqual({ status: 200 })
    expect(await world.decisionsOf(first)).toHaveLength(1)
    expect(await world.decisionsOf(second)).toHaveLength(1)
    expect(await world.decisionsOf(third)).toEqual([])
    expect(world.words()).toEqual([expect.stringContaining(`\`${third.id}\`: The plan has changed`)])
    expect(world.asked).toEqual(['U0ANN'])
  })
})

describe('what fails on our side', () => {
  test('is answered as a failure, told to the clicker, and written down', async () => {
    const run = await world.waiting()
    world.store = {
      ...world.store,
      decide: async () => {
        throw new Error('the table is away')
      },
    }
    expect(await approveAs('U0ANN', run)).toEqual({ status: 500 })
    expect(world.words()).toEqual([expect.stringContaining('Something failed here')])
    expect(world.failures).toEqual(['a request of Slack failed'])
  })

  test('at a cold start is only that: the first click after it counts', async () => {
    const run = await world.waiting()
    world.failing.secret = new Error('SSM is away')
    expect(await approveAs('U0ANN', run)).toEqual({ status: 401 })
    world.failing = {}
    expect(await approveAs('U0ANN', run)).toEqual({ status: 200 })
    expect(await world.decisionsOf(run)).toHaveLength(1)
  })
})

describe('the signing secret', () => {
  test('may be changed while the process lives: it is read again, once a minute at most', async () => {
    const run = await world.waiting()
    await world.click({ value: buttonValue(run), action: 'unknown' })
    world.secret = 'another'
    expect(await approveAs('U0ANN', run)).toEqual({ status: 401 })
    world.clock.advance(60_000)
    expect(await approveAs('U0ANN', run)).toEqual({ status: 200 })
    expect(await world.decisionsOf(run)).toHaveLength(1)
  })

  test('that is empty takes nothing, whatever signs', async () => {
    const run = await world.waiting()
    world.secret = ''
    expect(await approveAs('U0ANN', run)).toEqual({ status: 401 })
    expect(await world.decisionsOf(run)).toEqual([])
  })
})
