import { describe, expect, test } from '@jest/globals'
import { ruleCuts } from '../../playbooks/ec2/cuts/rule-cuts.ts'
import type { PlannedRule } from '../../playbooks/ec2/ingress/planned-rules.ts'
import { makePrivate } from '../../playbooks/rds/make-private.ts'
import { makeClusterPrivate } from '../../playbooks/redshift/make-private.ts'
import type { RehearsalChecks } from '../../src/engine/rehearsing/rehearsal-checks.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { Cut } from '../../src/playbook/network/cut.ts'
import { type AnyPlaybook, isGoneLook } from '../../src/playbook/playbook.ts'
import { APPROVE, finding, newWorld, sshOpen, start, type World } from '../engine/simulated-world.ts'
import type { RuleSpec } from '../support/aws-model/security-groups.ts'
import { fakeReader } from '../support/reader.ts'

const GROUP = 'sg-0123456789abcdef0'
const ACL = 'acl-0123456789abcdef0'
const SUBNETS = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1']

const ANSWERS = 'answers to connections that go the other way are in it: flow logs do not say who began'

const rule = (more: Partial<PlannedRule>): PlannedRule => ({
  ...{ id: 'sgr-1', protocol: 'tcp', from: 22, to: 22, source: '0.0.0.0/0' },
  ...more,
})

/** What a rehearsal of a finding asks flow logs about. */
async function cutsOf(world: World, about: Finding): Promise<readonly Cut[]> {
  const asked: Cut[] = []
  const checks: RehearsalChecks = {
    ofStep: async () => [{ status: 'notCheckable' }],
    async traffic(_place, cuts) {
      asked.push(...cuts)
      return { since: '', until: '', cuts: [], scannedBytes: 0 }
    },
  }
  const { engine } = start(world, { checks: async () => checks })
  const { runs } = await engine.handle([about], 'rehearse')
  expect(runs).toMatchObject([{ outcome: 'rehearsed', traffic: { cuts: [] } }])
  return asked
}

function withGroup(rules: RuleSpec[], more: { name?: string } = {}): World {
  const world = newWorld()
  world.aws.groups.add(GROUP, rules, more)
  return world
}

describe('what a plan cuts off', () => {
  test('of rules that go: by protocol and ports, from their sources, but for those of rules that stay', async () => {
    const world = withGroup([
      { id: 'sgr-1', from: 22, to: 22, cidr: '0.0.0.0/0' },
      { id: 'sgr-2', from: 22, to: 22, cidr6: '::/0' },
      { id: 'sgr-3', from: 20, to: 25, cidr: '10.0.0.0/8' },
      { id: 'sgr-4', from: 443, to: 443, cidr: '198.51.100.0/24' },
      { id: 'sgr-5', protocol: '-1', cidr: '203.0.113.0/24' },
    ])
    expect(await cutsOf(world, sshOpen(world, GROUP))).toEqual([
      {
        what: 'tcp 22 from 0.0.0.0/0, tcp 22 from ::/0',
        direction: 'in',
        at: { groups: [GROUP] },
        ...{ protocol: 6, ports: [22, 22] },
        peers: { ranges: ['0.0.0.0/0', '::/0'], except: ['10.0.0.0/8', '203.0.113.0/24'] },
      },
    ])
  })

  test('of rules in whose place others come: without the sources of these', async () => {
    const parameters = '{ replaceWith: ["198.51.100.0/24"] }'
    const rule = `{ when: { playbook: ec2-close-open-ingress }, mode: auto, parameters: ${parameters} }`
    const world = newWorld(`version: 1\nrules:\n  - ${rule}\n`)
    world.aws.groups.add(GROUP, [{ id: 'sgr-1', from: 22, to: 22, cidr: '0.0.0.0/0' }])
    const [cut] = await cutsOf(world, sshOpen(world, GROUP))
    expect(cut?.peers).toEqual({ ranges: ['0.0.0.0/0'], except: ['198.51.100.0/24'] })
  })

  test('of a rule for all traffic: all protocols and ports', async () => {
    const world = withGroup([{ id: 'sgr-1', protocol: '-1', cidr: '0.0.0.0/0' }])
    const [cut] = await cutsOf(world, sshOpen(world, GROUP))
    expect(cut).toMatchObject({ what: 'all traffic from 0.0.0.0/0', peers: { ranges: ['0.0.0.0/0'] } })
    expect(cut).not.toHaveProperty('protocol')
    expect(cut).not.toHaveProperty('ports')
    expect(cut?.doubt).toBe(ANSWERS)
  })

  test.each([
    ['tcp', 0, 1023, undefined],
    ['tcp', 0, 1024, ANSWERS],
    ['tcp', 5432, 5432, undefined],
    ['tcp', 5432, 5433, ANSWERS],
    ['udp', 53, 53, undefined],
    ['tcp', -1, -1, ANSWERS],
    ['50', -1, -1, ANSWERS],
    ['icmp', -1, -1, ANSWERS],
    ['icmp', 8, -1, `${ANSWERS}; ICMP of all types is in it: flow logs do not tell them apart`],
    ['icmpv6', 128, 0, `${ANSWERS}; ICMP of all types is in it: flow logs do not tell them apart`],
  ])('of %s %i to %i: with what flow logs cannot tell apart', (protocol, from, to, doubt) => {
    const [cut] = ruleCuts(GROUP, { going: [rule({ protocol, from, to })], rules: [] })
    expect(cut?.doubt).toBe(doubt)
  })

  test.each([
    ['of the same type and code', 8, 0, true],
    ['of any code of the type', 8, -1, true],
    ['of any type', -1, -1, true],
    ['of another type', 3, 0, false],
    ['of another type and a higher code', 0, 8, false],
    ['of another code', 8, 1, false],
  ])('of ICMP, without the source of a rule that stays and is %s: %i %i, %s', (_, from, to, isExcept) => {
    const going = rule({ protocol: 'icmp', from: 8, to: 0 })
    const staying = rule({ id: 'sgr-2', protocol: 'icmp', from, to, source: '10.0.0.0/8' })
    const [cut] = ruleCuts(GROUP, { going: [going], rules: [going, staying] })
    expect(cut?.peers.except).toEqual(isExcept ? ['10.0.0.0/8'] : undefined)
  })

  test("of a VPC's default group: both ways, by the group itself, and by whom nobody can say", async () => {
    const world = withGroup(
      [
        { id: 'sgr-self', protocol: '-1', group: GROUP },
        { id: 'sgr-list', from: 443, to: 443, prefixList: 'pl-0a1b2c3d' },
        { id: 'sgr-out', protocol: '-1', cidr: '0.0.0.0/0', egress: true },
      ],
      { name: 'default' },
    )
    const resources = [{ type: 'AWS::EC2::SecurityGroup', id: GROUP }]
    const about = finding(world, { source: 'config', type: 'VPC_DEFAULT_SECURITY_GROUP_CLOSED', resources })
    expect(await cutsOf(world, about)).toMatchObject([
      { direction: 'in', peers: { ranges: [], groups: [GROUP] } },
      { direction: 'in', ports: [443, 443], peers: { ranges: [], unresolved: ['pl-0a1b2c3d'] } },
      { what: 'all traffic to 0.0.0.0/0', direction: 'out', peers: { ranges: ['0.0.0.0/0'] } },
    ])
  })

  test('of a network ACL: what is denied in its subnets, without who gets in as before', async () => {
    const world = newWorld()
    world.aws.acls.add(ACL, [{ number: 100 }], { subnets: SUBNETS })
    const resources = [{ type: 'AWS::EC2::NetworkAcl', id: ACL }]
    const about = finding(world, { source: 'config', type: 'NACL_NO_UNRESTRICTED_SSH_RDP', resources })
    const except = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']
    const peers = { ranges: ['0.0.0.0/0'], except }
    const cuts = await cutsOf(world, about)
    expect(cuts).toHaveLength(2)
    expect(cuts).toEqual(
      expect.arrayContaining(
        [22, 3389].map((port) => ({
          ...{ what: `tcp ${port} from 0.0.0.0/0`, direction: 'in', at: { subnets: SUBNETS } },
          ...{ protocol: 6, ports: [port, port], peers },
        })),
      ),
    )
  })

  test('of a network ACL: without whom an entry in front of the denial decides about, each in its family', async () => {
    const world = newWorld()
    const entries = [
      { number: 80, action: 'deny' as const, cidr: '203.0.113.0/24' },
      { number: 85, ports: [80, 80] as [number, number], cidr: '198.51.100.0/24' },
      { number: 90, cidr: '10.0.0.0/8' },
      { number: 95, ports: [22, 22] as [number, number], cidr: 'fd00::/8' },
      { number: 100 },
      { number: 110, cidr: '192.0.2.0/24' },
    ]
    world.aws.acls.add(ACL, entries, { subnets: SUBNETS })
    const resources = [{ type: 'AWS::EC2::NetworkAcl', id: ACL }]
    const about = finding(world, { source: 'config', type: 'NACL_NO_UNRESTRICTED_SSH_RDP', resources })
    const cut = (await cutsOf(world, about)).find(({ ports }) => ports?.[0] === 22)
    const { ranges, except = [] } = cut!.peers
    expect(ranges).toEqual(['0.0.0.0/0'])
    expect(except).toEqual(expect.arrayContaining(['203.0.113.0/24', '10.0.0.0/8']))
    expect(except).not.toContain('198.51.100.0/24')
    expect(except).not.toContain('fd00::/8')
    expect(except.filter((range) => range === '0.0.0.0/0')).toEqual([])
  })

  test.each([
    [
      makePrivate as AnyPlaybook,
      'amazon-rds',
      'RDSNetworkInterface',
      {
        'rds:DescribeDBInstances': {
          DBInstances: [
            {
              ...{ DBInstanceIdentifier: 'orders', PubliclyAccessible: true },
              ...{ Endpoint: { Port: 5432 }, DBSubnetGroup: { Subnets: [{ SubnetIdentifier: 'subnet-1' }] } },
              VpcSecurityGroups: [{ VpcSecurityGroupId: GROUP }],
            },
          ],
        },
      },
      ['subnet-1'],
    ],
    [
      makeClusterPrivate as AnyPlaybook,
      'amazon-redshift',
      'RedshiftNetworkInterface',
      {
        'redshift:DescribeClusters': {
          Clusters: [
            {
              ...{ ClusterIdentifier: 'orders', PubliclyAccessible: true, Endpoint: { Port: 5432 } },
              VpcSecurityGroups: [{ VpcSecurityGroupId: GROUP }],
            },
          ],
        },
      },
      undefined,
    ],
  ])(
    'of $id: what comes from outside to the port of the service',
    async (playbook, requester, described, answer, subnets) => {
      const answers = { ...answer, 'ec2:DescribeSecurityGroupRules': { SecurityGroupRules: [] } }
      const reader = fakeReader(
        Object.fromEntries(Object.entries(answers).map(([action, each]) => [action, () => each])),
      )
      const { account, region, partition } = reader
      const target = playbook.named('orders', { account, region, partition })
      const look = { first: true, findings: [] }
      const seen = await playbook.inspect(target, {}, reader, look)
      if (isGoneLook(seen)) throw new Error('the look finds nothing')
      const cuts = playbook.cuts!(seen.state, { before: null, after: null })
      expect(cuts).toMatchObject([
        {
          ...{ what: 'tcp 5432 from outside', protocol: 6, ports: [5432, 5432] },
          at: { groups: [GROUP], requester, described, ...(subnets && { subnets }) },
          peers: { ranges: ['0.0.0.0/0', '::/0'], except: expect.arrayContaining(['10.0.0.0/8']) },
          doubt: expect.stringContaining('AWS does not say which interface is whose'),
        },
      ])
    },
  )
})

test('nobody asks about it but a rehearsal that was told to', async () => {
  const world = newWorld(APPROVE)
  world.aws.groups.add(GROUP, [{ id: 'sgr-1', from: 22, to: 22, cidr: '0.0.0.0/0' }])
  const checks = {
    ofStep: async () => [{ status: 'notCheckable' as const }],
    traffic: () => Promise.reject(new Error('it was asked')),
  }
  const { engine } = start(world, { checks: async () => checks, answer: () => ({ kind: 'approve' }) })
  const about = sshOpen(world, GROUP)
  expect((await engine.handle([about], 'plan')).runs[0]).not.toHaveProperty('traffic')
  // Who asks tries the calls first.
  const [applied] = (await engine.handle([about], 'apply')).runs
  expect(applied).toMatchObject({ outcome: 'remediated', path: expect.arrayContaining(['rehearsing']) })
  expect(applied).not.toHaveProperty('traffic')
})
