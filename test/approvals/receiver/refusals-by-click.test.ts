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
