import { describe, expect, test } from '@jest/globals'
import { closeOpenIngress } from '../../playbooks/ec2/close-open-ingress.ts'
import { wouldText } from '../../src/reports/rehearsal/rehearsal.ts'
import type { Run } from '../../src/run/run.ts'
import {
  APPROVE,
  AUTO,
  commonPortsOpen,
  finding,
  newWorld,
  policyOf,
  sshOpen,
  start,
  type World,
} from './simulated-world.ts'

const ALB = { Description: 'ELB app/shop/50dc6c495c0c9188', RequesterId: 'amazon-elb' }
const CAUTION = 'a load balancer wears the group (app/shop/50dc6c495c0c9188): its users lose these ports'

function openGroup(policy?: string): World {
  const world = newWorld(policy)
  world.aws.groups.add('sg-0web', [
    { id: 'sgr-ssh', from: 22, cidr: '0.0.0.0/0' },
    { id: 'sgr-https', from: 443, cidr: '0.0.0.0/0' },
  ])
  return world
}

const worn = (world: World): World => {
  world.aws.ec2.addInterface('eni-0alb', ['sg-0web'], ALB)
  return world
}

const probe = (world: World, ...ports: number[]) =>
  finding(world, {
    source: 'guardduty',
    type: 'Recon:EC2/PortProbeUnprotectedPort',
    resources: [{ type: 'AWS::EC2::Instance', id: 'i-0web' }],
    evidence: { role: 'TARGET', ports, groups: ['sg-0web'] },
  })

const only = { playbooks: [closeOpenIngress] }
const apply = async (world: World, about = sshOpen(world, 'sg-0web')): Promise<Run> =>
  (await start(world, only).engine.handle([about], 'apply')).runs[0]!

describe('a plan that a person shall look at first', () => {
  test('waits for one although the policy says auto; warning and reason say why', async () => {
    const world = worn(openGroup(AUTO))
    const run = await apply(world)

    expect(run).toMatchObject({ state: 'waiting', waitingFor: 'approval', mode: 'approve' })
    expect(run.reason).toBe(`rule 1 (rectify.yaml:3); a person is asked all the same: ${CAUTION}`)
    expect(run.plan?.warnings).toContain(CAUTION)
    expect(run.plan?.cautions).toEqual([CAUTION])
    expect(world.aws.changes()).toEqual([])
  })

  test('is carried out once approved, and not asked about again', async () => {
    const world = worn(openGroup(AUTO))
    const { id } = await apply(world)

    expect((await start(world, only).engine.approve(id, {})).runs).toMatchObject([
      { id, outcome: 'remediated', round: 1 },
    ])
    expect([...world.aws.groups.rules.keys()]).toEqual(['sgr-https'])
  })

  test('shows in a plan and in a rehearsal as what apply would do', async () => {
    const world = worn(openGroup(AUTO))
    const planned = (await start(world, only).engine.handle([sshOpen(world, 'sg-0web')], 'plan')).runs[0]!
    const rehearsed = (await start(world, only).engine.handle([sshOpen(world, 'sg-0web')], 'rehearse'))
      .runs[0]!

    expect(planned).toMatchObject({ outcome: 'planned', mode: 'approve' })
    expect(planned.reason).toContain(CAUTION)
    expect(rehearsed).toMatchObject({ outcome: 'rehearsed', reason: expect.stringContaining(CAUTION) })
    expect(wouldText(rehearsed)).toBe('would ask 1 person')
  })

  test('does not raise a mode: what the policy forbids or only rehearses stays so', async () => {
    for (const [mode, expected] of [
      ['off', 'off'],
      ['notify', 'notified'],
      ['rehearse', 'rehearsed'],
    ]) {
      const world = worn(openGroup(`version: 1\nrules:\n  - mode: ${mode}\n`))
      expect(await apply(world)).toMatchObject({ outcome: expected, mode })
    }
  })

  test('is asked about on the terms that the rule has for an approval', async () => {
    const senior = 'arn:aws:iam::123456789012:role/senior'
    const policy = `version: 1\nrules:\n  - mode: auto\n    approval: { approvers: ["${senior}"], quorum: 2 }\n`
    const run = await apply(worn(openGroup(policy)))

    expect(run.approval).toMatchObject({ approvers: [senior], quorum: 2 })
  })

  test('that was asked about keeps its terms when the rule becomes auto', async () => {
    const senior = 'arn:aws:iam::123456789012:role/senior'
    const strict = `version: 1\nrules:\n  - mode: approve\n    approval: { approvers: ["${senior}"] }\n`
    const world = worn(openGroup(strict))
    const { id } = await apply(world)
    world.policy = policyOf(AUTO)
    world.aws.groups.addRule('sg-0web', { id: 'sgr-rdp', from: 3389, cidr: '0.0.0.0/0' })
    await apply(world, commonPortsOpen(world, 'sg-0web'))

    expect(await world.store.get(id)).toMatchObject({
      state: 'waiting',
      round: 2,
      approval: { approvers: [senior] },
    })
    expect(world.aws.changes()).toEqual([])
  })

  test('is held at the claim too: a load balancer that came after the look stops the change', async () => {
    const world = openGroup(AUTO)
    world.aws.fault({
      on: 'ec2:DescribeNetworkInterfaces',
      nth: 1,
      delayMs: 6_000,
      after: () => void worn(world),
    })
    const run = await apply(world)

    expect(run).toMatchObject({ state: 'waiting', mode: 'approve', reason: expect.stringContaining(CAUTION) })
    expect(world.aws.changes()).toEqual([])
  })

  test('once asked stays a question although the load balancer is gone', async () => {
    const world = worn(openGroup(AUTO))
    const { id } = await apply(world)
    world.aws.ec2.interfaces.length = 0
    world.aws.groups.addRule('sg-0web', { id: 'sgr-v6', from: 22, cidr6: '::/0' })
    const { runs } = await start(world, only).engine.approve(id, {})

    expect(runs).toMatchObject([{ id, state: 'waiting', mode: 'approve', round: 2 }])
    expect(world.aws.changes()).toEqual([])
  })

  test('adds nothing to an undo, which a person confirms as it is', async () => {
    const world = worn(openGroup(APPROVE))
    const { id } = await apply(world)
    await start(world, only).engine.approve(id, {})
    const undoing = start(world, { ...only, answer: () => ({ kind: 'approve' }) })
    const [undo] = (await undoing.engine.undo(id, { restFor: 'PT24H' })).runs

    expect(undo).toMatchObject({ outcome: 'undone' })
    expect(undo?.plan?.warnings).toEqual(['opens again what the first run closed'])
    expect(undo?.plan?.impact.notes).toEqual([])
  })
})

describe('a port probe on a web port', () => {
  test('closes no web site: it is not applicable, with the reason', async () => {
    const world = worn(openGroup(AUTO))

    expect(await apply(world, probe(world, 443))).toMatchObject({
      outcome: 'notApplicable',
      reason: expect.stringContaining('tcp 443 is a web port, which is meant to be open'),
    })
    expect(world.aws.changes()).toEqual([])
  })

  test('closes the other ports of the probe', async () => {
    const world = openGroup(AUTO)

    expect(await apply(world, probe(world, 22, 443))).toMatchObject({ outcome: 'remediated' })
    expect([...world.aws.groups.rules.keys()]).toEqual(['sgr-https'])
  })

  test('closes it where the policy names the port', async () => {
    const when = '{ playbook: ec2-close-open-ingress }'
    const policy = `version: 1\nrules:\n  - { when: ${when}, mode: auto, parameters: { ports: [443] } }\n`
    const world = openGroup(policy)

    expect(await apply(world, probe(world, 22, 443))).toMatchObject({ outcome: 'remediated' })
    expect([...world.aws.groups.rules.keys()]).toEqual(['sgr-ssh'])
  })
})
