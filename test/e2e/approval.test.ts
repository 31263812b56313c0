import { beforeAll, describe, expect, test } from '@jest/globals'
import { withSandbox } from '../support/sandbox.ts'
import { programWithOpenGroup } from './open-group.ts'
import { type Planter, plantIn } from './planted-resources.ts'
import { APPROVE, type ProgramOptions } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** Who says yes or no to a plan, by the real program. */

const sandbox = withSandbox({ seed: false })
let plant: Planter
beforeAll(() => {
  plant = plantIn(sandbox())
})

const withOpenGroup = (options: ProgramOptions) => programWithOpenGroup(sandbox(), plant, options)

describe('approval', () => {
  test('without a terminal the run waits; approve carries it to its end and says who', async () => {
    const { own, group } = await withOpenGroup({ policy: APPROVE })
    const asked = await own.report('apply', 'event.json')
    expect(asked).toMatchObject({
      status: 3,
      runs: [{ state: 'waiting', waitingFor: 'approval', mode: 'approve' }],
    })
    expect(asked.runs[0]?.results).toEqual([expect.objectContaining({ status: 'dryRunOk' })])
    expect(changes(own)).toEqual([])

    const id = asked.runs[0]!.run
    const approved = await own.report('approve', id)
    expect(approved).toMatchObject({ status: 0, runs: [{ run: id, outcome: 'remediated' }] })
    expect(await plant.ingress(group)).toEqual([])
    expect((await own.report('runs', id)).runs[0]?.approvals).toEqual([
      expect.objectContaining({ verdict: 'approve', by: 'arn:aws:iam::123456789012:user/sandbox' }),
    ])
    expect((await own.run('approve', id)).status).toBe(3)
  })

  test('a decline ends it: the decline itself is as wished (0), the same finding again is not (3)', async () => {
    const { own } = await withOpenGroup({ policy: APPROVE })
    const [asked] = (await own.report('apply', 'event.json')).runs
    const declined = await own.report('decline', asked!.run, '--reason', 'meant to be public')
    expect(declined).toMatchObject({ status: 0, runs: [{ run: asked!.run, outcome: 'declined' }] })
    expect(declined.runs[0]?.reason).toContain('meant to be public')
    expect(await own.report('apply', 'event.json')).toMatchObject({
      status: 3,
      runs: [{ outcome: 'declined' }],
    })
    expect(changes(own)).toEqual([])
    expect((await own.failure('decline', asked!.run)).error.kind).toBe('usage')
  })

  test('--yes says yes to the first plan; --approve to exactly that plan and to no other', async () => {
    const { own } = await withOpenGroup({ policy: APPROVE })
    const wrong = `sha256:${'0'.repeat(64)}`
    const left = await own.report('apply', 'event.json', '--approve', wrong, '--yes')
    expect(left).toMatchObject({ status: 3, runs: [{ waitingFor: 'approval' }] })
    expect((await own.run('approve', left.runs[0]!.run, '--approve', wrong)).status).toBe(3)
    expect(changes(own)).toEqual([])
    const right = await own.report('apply', 'event.json', '--approve', left.runs[0]!.plan!.hash)
    expect(right).toMatchObject({ status: 0, runs: [{ run: left.runs[0]!.run, outcome: 'remediated' }] })

    const other = await withOpenGroup({ policy: APPROVE })
    expect(await other.own.report('apply', 'event.json', '--yes')).toMatchObject({
      status: 0,
      runs: [{ outcome: 'remediated' }],
    })
  })

  test('who is not among the approvers may not say yes in any way; the run is left waiting', async () => {
    const approval = { approvers: ['arn:aws:iam::*:role/Oncall'] }
    const { own } = await withOpenGroup({
      policy: { version: 1, rules: [{ mode: 'approve', approval }] },
    })
    const asked = await own.report('apply', 'event.json', '--yes')
    const id = asked.runs[0]!.run
    expect(asked).toMatchObject({ status: 3, runs: [{ state: 'waiting' }] })
    const refused = await own.report('approve', id)
    expect(refused).toMatchObject({ status: 3, runs: [{ run: id, state: 'waiting' }] })
    expect((await own.report('apply', 'event.json', '--approve', asked.runs[0]!.plan!.hash)).status).toBe(3)
    expect((await own.report('runs')).runs).toMatchObject([{ run: id, state: 'waiting' }])
    expect(changes(own)).toEqual([])
  })

  test('a quorum of two is not reached by one person who says yes twice', async () => {
    const approval = { approvers: ['arn:aws:iam::*:user/sandbox'], quorum: 2 }
    const { own } = await withOpenGroup({ policy: { version: 1, rules: [{ mode: 'approve', approval }] } })
    const { status, runs } = await own.report('apply', 'event.json', '--yes')
    expect({ status, runs }).toMatchObject({ status: 3, runs: [{ waitingFor: 'approval' }] })
    expect((await own.run('approve', runs[0]!.run)).status).toBe(3)
    expect((await own.report('runs', runs[0]!.run)).runs).toMatchObject([
      { state: 'waiting', approvals: [{}] },
    ])
    expect(changes(own)).toEqual([])
  })

  test('a plan that has changed since it was asked about is asked about again', async () => {
    const { own, group } = await withOpenGroup({ policy: APPROVE })
    const [asked] = (await own.report('apply', 'event.json')).runs
    await plant.open(group, { source: '::/0' })
    const again = await own.report('approve', asked!.run)
    expect(again).toMatchObject({ status: 3, runs: [{ run: asked!.run, state: 'waiting' }] })
    expect(again.runs[0]?.plan?.hash).not.toBe(asked!.plan!.hash)
    expect(changes(own)).toEqual([])
    expect(await own.report('approve', asked!.run)).toMatchObject({ runs: [{ outcome: 'remediated' }] })
    expect(await plant.ingress(group)).toEqual([])
  })
})
