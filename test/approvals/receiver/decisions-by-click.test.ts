import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Run } from '../../../src/run/run.ts'
import { buttonValue, receiverWorld, SLOW, type World } from './receiver-under-test.ts'

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
