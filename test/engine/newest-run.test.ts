import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import type { Run } from '../../src/run/run.ts'
import { openGroup } from './approval-scenes.ts'
import { APPROVE, AUTO, commonPortsOpen, sshOpen, start, type World } from './simulated-world.ts'

const DAY = 86_400_000
const apply = async (here: World, ...findings: Finding[]) =>
  (await start(here).engine.handle(findings, 'apply')).runs

describe('a finding for a key that has a run', () => {
  test('a finding that a proven run covers is answered with that run', async () => {
    const here = openGroup(AUTO)
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    const [second] = await apply(here, sshOpen(here, 'sg-0web', { id: 'another detector' }))

    expect(second).toMatchObject({ id: first!.id, outcome: 'remediated' })
    expect(await here.store.list()).toHaveLength(1)
  })

  test('a finding for another port than the proven run’s gets a run of its own', async () => {
    const here = openGroup(AUTO)
    here.aws.groups.addRule('sg-0web', { id: 'sgr-rdp', from: 3389, cidr: '0.0.0.0/0' })
    await apply(here, sshOpen(here, 'sg-0web'))
    const [second] = await apply(
      here,
      commonPortsOpen(here, 'sg-0web', { observedAt: '2026-01-01T00:00:00.000Z' }),
    )

    expect(second).toMatchObject({ outcome: 'remediated' })
    expect(here.aws.groups.rules.size).toBe(0)
  })

  test('a finding that the waiting run covers attaches; nobody is asked again', async () => {
    const here = openGroup(APPROVE)
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    const [second] = await apply(here, sshOpen(here, 'sg-0web', { id: 'another detector' }))

    expect(second).toMatchObject({ id: first!.id, state: 'waiting', round: 1 })
    expect(await here.store.attached(first!.id)).toHaveLength(1)
  })

  test('a finding that the waiting run does not cover attaches, and the wider plan is asked about', async () => {
    const here = openGroup(APPROVE)
    here.aws.groups.addRule('sg-0web', { id: 'sgr-rdp', from: 3389, cidr: '0.0.0.0/0' })
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    const [second] = await apply(here, commonPortsOpen(here, 'sg-0web'))

    expect(second).toMatchObject({ id: first!.id, state: 'waiting', round: 2 })
    expect(second!.plan!.hash).not.toBe(first!.plan!.hash)
    expect(second!.plan!.steps[0]!.call.input.SecurityGroupRuleIds).toEqual(['sgr-open', 'sgr-rdp'])
    expect(here.aws.changes()).toEqual([])
  })

  test.each([
    ['looks', 'ec2:DescribeSecurityGroupRules', 1, 'before'],
    ['has looked', 'ec2:DescribeSecurityGroupRules', 1, 'after'],
    ['weighs the impact', 'ec2:DescribeNetworkInterfaces', 1, 'before'],
    ['sends the change', 'ec2:RevokeSecurityGroupIngress', 1, 'before'],
    ['has made the change', 'ec2:RevokeSecurityGroupIngress', 1, 'after'],
    ['proves it', 'ec2:DescribeSecurityGroupRules', 2, 'before'],
    ['has proven it', 'ec2:DescribeSecurityGroupRules', 2, 'after'],
  ] as const)(
    'a finding for another port that another process takes while the run %s is done too, each rule once',
    async (_, on, nth, when) => {
      const here = openGroup(AUTO)
      here.aws.groups.addRule('sg-0web', { id: 'sgr-rdp', from: 3389, cidr: '0.0.0.0/0' })
      const late: Promise<Run[]>[] = []
      here.aws.fault({ on, nth, [when]: () => void late.push(apply(here, commonPortsOpen(here, 'sg-0web'))) })
      const runs = await apply(here, sshOpen(here, 'sg-0web'))
      const others = (await Promise.all(late)).flat()

      expect(late).toHaveLength(1)
      for (const run of [...runs, ...others])
        expect(await here.store.get(run.id)).toMatchObject({ state: 'closed' })
      expect(others.map(({ outcome }) => outcome)).not.toContain('failed')
      expect(here.aws.groups.rules.size).toBe(0)
      const revoked = here.aws.changes().flatMap(({ input }) => input.SecurityGroupRuleIds as string[])
      expect(revoked.sort()).toEqual(['sgr-open', 'sgr-rdp'])
      expect(await here.store.list({ state: ['open', 'waiting'] })).toEqual([])
    },
  )

  test('the same plan stays silent for 7 days after it was declined, then it is asked about', async () => {
    const here = openGroup(APPROVE)
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    await start(here).engine.decline(first!.id, 'needed until Friday')
    here.clock.advance(6 * DAY)
    const [silent] = await apply(here, sshOpen(here, 'sg-0web'))
    here.clock.advance(DAY)
    const [asked] = await apply(here, sshOpen(here, 'sg-0web'))

    expect(silent).toMatchObject({ outcome: 'declined', round: 0 })
    expect(silent?.reason).toContain(
      `needed until Friday (run ${first!.id}); the same plan stays silent until`,
    )
    expect(asked).toMatchObject({ state: 'waiting', waitingFor: 'approval' })
    expect(here.aws.changes()).toEqual([])
  })

  test('another plan is asked about at once, whatever was declined', async () => {
    const here = openGroup(APPROVE)
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    await start(here).engine.decline(first!.id, 'no')
    here.aws.groups.addRule('sg-0web', { id: 'sgr-v6', from: 22, cidr6: '::/0' })
    here.clock.advance(1_000)

    expect(await apply(here, sshOpen(here, 'sg-0web'))).toMatchObject([{ state: 'waiting' }])
  })

  test('a run that failed is followed by a new one', async () => {
    const here = openGroup(AUTO)
    here.aws.fault({ on: 'ec2:RevokeSecurityGroupIngress', kind: 'deny' })
    const [failed] = await apply(here, sshOpen(here, 'sg-0web'))
    here.aws.clearFaults()
    const [again] = await apply(here, sshOpen(here, 'sg-0web'))

    expect([failed, again]).toMatchObject([{ outcome: 'failed' }, { outcome: 'remediated' }])
  })

  test('a resolved finding wakes the waiting run, which looks and closes', async () => {
    const here = openGroup(APPROVE)
    const [waiting] = await apply(here, sshOpen(here, 'sg-0web'))
    here.aws.groups.rules.clear()
    const [closedRun] = await apply(here, sshOpen(here, 'sg-0web', { status: 'resolved' }))

    expect(closedRun).toMatchObject({ id: waiting!.id, state: 'closed', outcome: 'alreadyCompliant' })
    expect(here.aws.changes()).toEqual([])
  })

  test('a resolved finding that is not true leaves the run waiting for its answer', async () => {
    const here = openGroup(APPROVE)
    const [waiting] = await apply(here, sshOpen(here, 'sg-0web'))
    const [still] = await apply(here, sshOpen(here, 'sg-0web', { status: 'resolved' }))

    expect(still).toMatchObject({ id: waiting!.id, state: 'waiting', waitingFor: 'approval' })
    expect(here.aws.changes()).toEqual([])
  })

  test('an undo holds the key for as long as it was asked to, and stays the newest run', async () => {
    const here = openGroup(AUTO)
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    const undoing = start(here, { answer: () => ({ kind: 'approve' }) })
    const [undo] = (await undoing.engine.undo(first!.id, { restFor: 'PT24H' })).runs
    here.clock.advance(DAY - 60_000)
    const [held] = await apply(here, sshOpen(here, 'sg-0web'))
    const newest = await here.store.newest(undo!.playbook, undo!.key)
    here.clock.advance(60_000)
    const [again] = await apply(here, sshOpen(here, 'sg-0web'))

    expect(undo).toMatchObject({ outcome: 'undone' })
    expect(held).toMatchObject({ outcome: 'exempted', reason: expect.stringContaining(`run ${undo!.id}`) })
    expect(newest).toBe(undo!.id)
    expect(again).toMatchObject({ outcome: 'remediated' })
  })
})
