import { describe, expect, test } from '@jest/globals'
import { arn, as, asked, office, openGroup, refusal, session, terms } from './approval-scenes.ts'
import { commonPortsOpen, sshOpen, start } from './simulated-world.ts'

const HOUR = 3_600_000

describe('on the terminal', () => {
  test('an approved plan runs, for nine calls at most', async () => {
    const world = openGroup()
    world.aws.groups.addRule('sg-0web', office)
    const questions: string[] = []
    const run = await asked(world, ({ plan }) => {
      questions.push(plan!.hash)
      return { kind: 'approve' }
    })

    expect(run).toMatchObject({ outcome: 'remediated', mode: 'approve', round: 1 })
    expect(run.decisions).toMatchObject([{ verdict: 'approve', by: arn('tester'), hash: run.plan!.hash }])
    expect(questions).toEqual([run.plan!.hash])
    expect(world.aws.calls.length).toBeLessThanOrEqual(9)
  })

  test('is asked only after the dry run, before any change, with the run stored', async () => {
    const world = openGroup()
    let seen: unknown
    await asked(world, (run) => {
      seen = { results: run.results.map(({ status }) => status), changes: world.aws.changes().length }
      expect(run).toMatchObject({ state: 'waiting', waitingFor: 'approval', revision: 1 })
      return { kind: 'leave' }
    })

    expect(seen).toEqual({ results: ['dryRunOk'], changes: 0 })
  })

  test('a declined plan changes nothing and says who and why', async () => {
    const world = openGroup()
    const run = await asked(world, () => ({ kind: 'decline', reason: 'on purpose' }))

    expect(run).toMatchObject({ outcome: 'declined', reason: `declined by ${arn('tester')}: on purpose` })
    expect(world.aws.changes()).toEqual([])
  })

  test('without anybody there the run waits until its time is over', async () => {
    const world = openGroup(terms('{ expiresAfter: 4h }'))
    const run = await asked(world)

    expect(run).toMatchObject({ state: 'waiting', outcome: null, waitingFor: 'approval' })
    expect(Date.parse(run.waitingUntil!) - world.clock.now()).toBe(4 * HOUR)
    expect(await world.store.lock(run.resource)).toEqual({ epoch: 0 })
  })

  test('somebody who is not among the approvers is refused, and the run is left waiting', async () => {
    const world = openGroup(terms(`{ approvers: ["${arn('oncall-*')}"] }`))
    const { engine, progress } = start(world, { answer: () => ({ kind: 'approve' }) })
    const { runs } = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(runs).toMatchObject([{ state: 'waiting', decisions: [] }])
    const warnings = progress.flatMap((event) => (event.kind === 'warning' ? [event.message] : []))
    expect(warnings.join()).toContain(`${arn('tester')} is not among the approvers`)
    expect(world.aws.changes()).toEqual([])
  })
})

describe('at another terminal', () => {
  test('approve carries the run to its end, on a fresh look, for nine calls in all', async () => {
    const world = openGroup()
    world.aws.groups.addRule('sg-0web', office)
    const waiting = await asked(world)
    world.clock.advance(HOUR)
    const { runs } = await as(world, 'ann').approve(waiting.id, { hash: waiting.plan!.hash })

    expect(runs).toMatchObject([{ id: waiting.id, outcome: 'remediated', decisions: [{ by: arn('ann') }] }])
    expect([...world.aws.groups.rules.keys()]).toEqual([office.id])
    expect(world.aws.calls.length).toBeLessThanOrEqual(9)
  })

  test('decline closes the run', async () => {
    const world = openGroup()
    const { id } = await asked(world)

    expect((await as(world, 'ann').decline(id, 'no')).runs).toMatchObject([
      { id, outcome: 'declined', reason: `declined by ${arn('ann')}: no` },
    ])
    expect(world.aws.changes()).toEqual([])
  })

  test('another hash than the plan’s is refused', async () => {
    const world = openGroup()
    const { id, plan } = await asked(world)
    const refused = await refusal(as(world, 'ann').approve(id, { hash: 'sha256:of-yesterday' }))

    expect(refused.message).toContain(plan!.hash)
    expect(await world.store.get(id)).toMatchObject({ state: 'waiting', decisions: [] })
    expect(world.aws.changes()).toEqual([])
  })

  test('only the approvers may decide; a refused decision leaves the run waiting', async () => {
    const world = openGroup(terms(`{ approvers: ["${arn('oncall-*')}", "arn:aws:iam::*:role/Oncall"] }`))
    const { id } = await asked(world)

    await refusal(as(world, 'mallory').approve(id, {}))
    await refusal(as(world, 'mallory').decline(id, 'mine'))
    expect(await world.store.get(id)).toMatchObject({ state: 'waiting', decisions: [] })

    world.aws.caller = { ...world.aws.caller, arn: 'arn:aws:sts::123456789012:assumed-role/Oncall/ann' }
    expect((await start(world).engine.approve(id, {})).runs).toMatchObject([{ outcome: 'remediated' }])
  })

  test.each(['approve', 'decline'] as const)('%s after the decision is refused', async (verdict) => {
    const world = openGroup()
    const { id } = await asked(world)
    await as(world, 'ann').decline(id, 'no')
    const engine = as(world, 'bob')

    await refusal(verdict === 'approve' ? engine.approve(id, {}) : engine.decline(id, 'no'))
    expect(await world.store.get(id)).toMatchObject({ outcome: 'declined', decisions: [{ by: arn('ann') }] })
    expect(world.aws.changes()).toEqual([])
  })

  test('approve and decline in the same moment: one stands, the other is refused', async () => {
    const world = openGroup()
    const { id } = await asked(world)
    const both = await Promise.allSettled([
      start(world).engine.approve(id, {}),
      start(world).engine.decline(id, 'no'),
    ])

    const stored = await world.store.get(id)
    expect(stored?.decisions).toHaveLength(1)
    expect(both.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(stored?.outcome).toBe(stored?.decisions[0]?.verdict === 'approve' ? 'remediated' : 'declined')
  })
})

describe('a quorum of two', () => {
  const two = terms('{ quorum: 2 }')

  test('needs two identities: one person twice counts once', async () => {
    const world = openGroup(two)
    const { id } = await asked(world, () => ({ kind: 'approve' }))
    const again = await refusal(as(world, 'tester').approve(id, {}))
    const before = await world.store.get(id)
    const { runs } = await as(world, 'bob').approve(id, {})

    expect(again.message).toContain(`already decided: approved by ${arn('tester')}`)
    expect(before).toMatchObject({ state: 'waiting', decisions: [{ by: arn('tester') }] })
    expect(runs).toMatchObject([
      { outcome: 'remediated', decisions: [{ by: arn('tester') }, { by: arn('bob') }] },
    ])
  })

  test('counts all sessions of a role once, and says so', async () => {
    const world = openGroup(two)
    const { id } = await asked(world)
    await as(world, session('Ops', 'me')).approve(id, {})
    const again = await refusal(as(world, session('Ops', 'me-too')).approve(id, {}))

    expect(again.message).toContain(`already decided: approved by ${session('Ops', 'me')}`)
    expect(again.message).toContain('sessions of one role are one identity')
    expect(again.message).toContain(`1 of 2 so far: ${session('Ops', 'me')}`)
    expect(world.aws.changes()).toEqual([])
    expect((await as(world, session('Lead', 'ann')).approve(id, {})).runs).toMatchObject([
      { outcome: 'remediated' },
    ])
  })

  test('tells the users of one role of IAM Identity Center apart', async () => {
    const world = openGroup(two)
    const role = 'AWSReservedSSO_Ops_0123456789abcdef'
    const { id } = await asked(world)
    await as(world, session(role, 'ann')).approve(id, {})
    expect((await as(world, session(role, 'bob')).approve(id, {})).runs).toMatchObject([
      { outcome: 'remediated' },
    ])
  })

  test('says on the terminal too that another session of the role has counted', async () => {
    const world = openGroup(two)
    await asked(world)
    await as(world, session('Ops', 'me')).approve((await world.store.list())[0]!.id, {})
    world.aws.caller = { ...world.aws.caller, arn: session('Ops', 'me-too') }
    world.aws.restart()
    const { engine, progress } = start(world, { answer: () => ({ kind: 'approve' }) })
    const { runs } = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(runs).toMatchObject([{ state: 'waiting', decisions: [{ by: session('Ops', 'me') }] }])
    const warnings = progress.flatMap((event) => (event.kind === 'warning' ? [event.message] : []))
    expect(warnings.join()).toContain('sessions of one role are one identity')
    expect(world.aws.changes()).toEqual([])
  })

  test('is not reached by one approval and one decline', async () => {
    const world = openGroup(two)
    const { id } = await asked(world)
    const first = await as(world, 'ann').approve(id, {})
    const second = await as(world, 'bob').decline(id, 'no')

    expect(first.runs).toMatchObject([{ state: 'waiting' }])
    expect(second.runs).toMatchObject([{ outcome: 'declined' }])
    expect(world.aws.changes()).toEqual([])
  })

  test('starts anew when the plan is another: the first approval was not for it', async () => {
    const world = openGroup(two)
    world.aws.groups.addRule('sg-0web', { id: 'sgr-rdp', from: 3389, cidr: '0.0.0.0/0' })
    const { id } = await asked(world)
    await as(world, 'ann').approve(id, {})
    await start(world).engine.handle([commonPortsOpen(world, 'sg-0web')], 'apply')
    const { runs } = await as(world, 'bob').approve(id, {})

    expect(runs).toMatchObject([{ id, state: 'waiting', round: 2 }])
    expect(world.aws.changes()).toEqual([])
    expect((await as(world, 'ann').approve(id, {})).runs).toMatchObject([{ outcome: 'remediated' }])
  })
})

describe('an approval that came to nothing in time', () => {
  test('is closed by the sweep, and by nobody before', async () => {
    const world = openGroup(terms('{ expiresAfter: 4h }'))
    const { id } = await asked(world)
    world.clock.advance(4 * HOUR - 1)
    const early = await start(world).engine.sweep()
    world.clock.advance(1)
    const due = await start(world).engine.sweep()

    expect(early.runs).toEqual([])
    expect(due.runs).toMatchObject([{ id, outcome: 'expired' }])
    expect(world.aws.changes()).toEqual([])
  })

  test('takes no late decision', async () => {
    const world = openGroup(terms('{ expiresAfter: 4h }'))
    const { id } = await asked(world)
    world.clock.advance(4 * HOUR)
    const { runs } = await as(world, 'ann').approve(id, {})

    expect(runs).toMatchObject([{ id, outcome: 'expired', decisions: [] }])
    await refusal(as(world, 'ann').approve(id, {}))
    expect(world.aws.changes()).toEqual([])
  })

  test('is carried on by the sweep where the decider’s process died before the change', async () => {
    const world = openGroup()
    const { id, plan } = await asked(world)
    const at = world.clock.iso()
    const decision = { verdict: 'approve' as const, by: arn('ann'), at, hash: plan!.hash }
    await world.store.decide(id, decision, world.clock.now())

    expect((await start(world).engine.sweep()).runs).toMatchObject([{ id, outcome: 'remediated' }])
  })
})
