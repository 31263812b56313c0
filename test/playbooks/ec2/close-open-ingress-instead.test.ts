import { describe, expect, test } from '@jest/globals'
import { closeOpenIngress as playbook } from '../../../playbooks/ec2/close-open-ingress.ts'
import { rulesOf } from '../../engine/arbitrary-rules.ts'
import { live } from '../../engine/scene-per-playbook.ts'
import { newWorld, sshOpen, start, type World } from '../../engine/simulated-world.ts'
import type { RuleSpec } from '../../support/aws-model/security-groups.ts'

const OFFICE = '198.51.100.0/24'
const policy = (replaceWith: string[]) =>
  `version: 1\nrules:\n  - when: { playbook: ec2-close-open-ingress }\n    mode: auto\n    parameters: ${JSON.stringify({ replaceWith })}\n`

function worldWith(rules: RuleSpec[], instead = [OFFICE, '2001:4860::/32']): World {
  const world = newWorld(policy(instead))
  world.aws.groups.add('sg-0web', rules)
  return world
}

const said = (world: World) =>
  world.aws.groups
    .rulesOf('sg-0web')
    .map(({ IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6 }) =>
      [IpProtocol, FromPort, ToPort, CidrIpv4 ?? CidrIpv6].join(' '),
    )
    .sort()
const operations = (world: World) => world.aws.changes().map(({ operation }) => operation)

const V4: RuleSpec = { from: 22, cidr: '0.0.0.0/0', description: 'temporary' }
const V6: RuleSpec = { from: 22, cidr6: '::/0' }

describe('sources that get in where the world could', () => {
  test('are authorized before the world is shut out, each on the same ports and of the same family, and all of it is taken back', async () => {
    const world = worldWith([V4, V6, { from: 20, to: 25, cidr: '0.0.0.0/0' }])
    const before = rulesOf(live(world))
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    const { runs } = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(operations(world)).toEqual(['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress'])
    expect(said(world)).toEqual([`tcp 20 25 ${OFFICE}`, `tcp 22 22 ${OFFICE}`, 'tcp 22 22 2001:4860::/32'])
    expect(world.aws.groups.rulesOf('sg-0web').map(({ Description }) => Description)).toContain('temporary')

    const undone = await engine.undo(runs[0]!.id, { restFor: 'PT1H' })
    expect(undone).toMatchObject({ runs: [{ outcome: 'undone' }] })
    expect(rulesOf(live(world))).toEqual(before)
  })

  test('that get in already are left as they are, by the undo as well', async () => {
    const own: RuleSpec = { from: 22, cidr: OFFICE, description: 'office' }
    const world = worldWith([V4, own], [OFFICE])
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    const { runs } = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    expect(operations(world)).toEqual(['RevokeSecurityGroupIngress'])
    await engine.undo(runs[0]!.id, { restFor: 'PT1H' })
    expect(said(world)).toEqual([`tcp 22 22 ${OFFICE}`, 'tcp 22 22 0.0.0.0/0'].sort())
  })

  test('of a prefix list are of both families', async () => {
    const world = worldWith([{ from: 22, prefixList: 'pl-0world' }])
    world.aws.ec2.prefixLists.set('pl-0world', ['0.0.0.0/0'])
    await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    expect(said(world)).toEqual([`tcp 22 22 ${OFFICE}`, 'tcp 22 22 2001:4860::/32'])
  })

  test('are not there: nothing is revoked', async () => {
    const world = worldWith([V4])
    world.aws.fault({ on: 'ec2:AuthorizeSecurityGroupIngress', dryRun: false, kind: 'deny' })
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    expect(runs).toMatchObject([{ outcome: expect.stringMatching(/failed|rolledBack/) }])
    expect(said(world)).toEqual(['tcp 22 22 0.0.0.0/0'])
  })

  test('go again where the world cannot be shut out', async () => {
    const world = worldWith([V4])
    world.aws.fault({ on: 'ec2:RevokeSecurityGroupIngress', dryRun: false, nth: 1, kind: 'deny' })
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    expect(runs).toMatchObject([{ outcome: 'rolledBack' }])
    expect(said(world)).toEqual(['tcp 22 22 0.0.0.0/0'])
  })

  test.each(['0.0.0.0/0', '0.0.0.0/8', '::/0', '2000::/16', '198.51.100.7', 'office'])(
    '%s is not taken for one',
    (source) => {
      expect(() => playbook.parameters.parse({ replaceWith: [source] })).toThrow()
    },
  )
})

test('a database behind the group is told', async () => {
  const world = worldWith([{ from: 22, cidr: '0.0.0.0/0' }], [])
  world.aws.ec2.addInterface('eni-1', ['sg-0web'], { Description: 'RDSNetworkInterface' })
  world.aws.ec2.addInterface('eni-2', ['sg-0web'], { Description: 'RedshiftNetworkInterface' })
  const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'plan')
  expect(runs[0]!.plan!.impact.notes).toContain(
    'databases wear the group (1 of AWS::RDS::DBInstance, 1 of AWS::Redshift::Cluster): clients from outside lose their connections',
  )
})
