import { describe, expect, test } from '@jest/globals'
import { AUTO, finding, newWorld, start, type World } from '../../engine/simulated-world.ts'
import type { EntrySpec } from '../../support/aws-model/network-acls.ts'

const ID = 'acl-0123456789abcdef0'
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']
const ALL: EntrySpec = { number: 100 }

const reported = (world: World, type = 'NACL_NO_UNRESTRICTED_SSH_RDP') =>
  finding(world, {
    source: type.startsWith('ec2_') ? 'prowler' : type.startsWith('EC2.') ? 'securityhub' : 'config',
    type,
    resources: [{ type: 'AWS::EC2::NetworkAcl', id: ID }],
  })

const SSH = 'ec2_networkacl_allow_ingress_tcp_port_22'
const RDP = 'ec2_networkacl_allow_ingress_tcp_port_3389'

const policyWith = (parameters: object) =>
  `version: 1\nrules:\n  - when: { playbook: ec2-deny-open-admin-nacl }\n    mode: auto\n    parameters: ${JSON.stringify(parameters)}\n`

function worldWith(
  entries: EntrySpec[],
  { policy = AUTO, ...more }: { policy?: string; subnets?: string[]; owner?: string } = {},
): World {
  const world = newWorld(policy)
  world.aws.acls.add(ID, entries, more)
  return world
}

async function applied(world: World, type?: string) {
  const { runs } = await start(world).engine.handle([reported(world, type)], 'apply')
  return runs[0]!
}

/** `99 deny 22 0.0.0.0/0` of what stands before the wide entry. */
function said(world: World): string[] {
  return world.aws.acls
    .ingress(ID)
    .map(({ RuleNumber, RuleAction, PortRange, CidrBlock, Ipv6CidrBlock }) =>
      [
        RuleNumber,
        RuleAction,
        (PortRange as { From: number } | undefined)?.From ?? 'all',
        CidrBlock ?? Ipv6CidrBlock,
      ].join(' '),
    )
}

describe('what is added', () => {
  test('of a default ACL: private ranges get in as before, the world does not, and the undo takes ours out', async () => {
    const world = worldWith([ALL, { number: 101, cidr: '::/0' }])
    const before = said(world)
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    const { runs } = await engine.handle([reported(world)], 'apply')
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    const tail = (port: number, deny: number) => [
      ...PRIVATE.map((cidr, index) => `${deny - 3 + index} allow ${port} ${cidr}`),
      `${deny} deny ${port} 0.0.0.0/0`,
    ]
    // SSH takes the numbers next to the entry, in IPv4 and then in IPv6; RDP those before.
    expect(said(world)).toEqual([
      '90 deny 3389 ::/0',
      ...tail(3389, 94),
      '95 deny 22 ::/0',
      ...tail(22, 99),
      ...before,
    ])

    expect(await engine.undo(runs[0]!.id, { restFor: 'PT1H' })).toMatchObject({
      runs: [{ outcome: 'undone' }],
    })
    expect(said(world)).toEqual(before)
  })

  test.each<[string, EntrySpec[], string[]]>([
    ['right before the wide entry', [ALL], ['99 deny 22 0.0.0.0/0']],
    ['where a number is free', [{ number: 99, ports: [443, 443] }, ALL], ['98 deny 22 0.0.0.0/0']],
    [
      'behind narrow sources that get in before',
      [{ number: 97, cidr: '198.51.100.0/24', ports: [22, 22] }, ALL],
      ['99 deny 22 0.0.0.0/0'],
    ],
    [
      'with a copy of narrow sources that stand behind',
      [ALL, { number: 110, cidr: '198.51.100.0/24', ports: [22, 22] }],
      ['98 allow 22 198.51.100.0/24', '99 deny 22 0.0.0.0/0'],
    ],
    [
      'of both halves of the world',
      [
        { number: 100, cidr: '0.0.0.0/1', ports: [0, 65535] },
        { number: 200, cidr: '128.0.0.0/1' },
      ],
      ['99 deny 22 0.0.0.0/0'],
    ],
    ['of IPv6', [{ number: 100, cidr: '::/0' }], ['99 deny 22 ::/0']],
    [
      'though one range is denied before',
      [{ number: 50, action: 'deny', cidr: '198.51.100.0/24' }, ALL],
      ['99 deny 22 0.0.0.0/0'],
    ],
  ])('%s', async (_, entries, added) => {
    const world = worldWith(entries, { policy: policyWith({ keep: [] }) })
    const before = said(world)
    expect(await applied(world, SSH)).toMatchObject({ outcome: 'remediated' })
    expect(said(world).filter((line) => !before.includes(line))).toEqual(added)
  })

  test('a range that is kept is not opened where it does not get in by now', async () => {
    const entries: EntrySpec[] = [
      { number: 100, cidr: '128.0.0.0/1' },
      { number: 110, cidr: '64.0.0.0/2' },
      { number: 120, action: 'deny', cidr: '10.0.0.0/8' },
      { number: 130, cidr: '10.1.0.0/16' },
    ]
    const world = worldWith(entries, {
      policy: policyWith({ keep: ['10.0.0.0/8', '192.168.0.0/16', '0.0.0.0/5', '96.0.0.0/3'] }),
    })
    const run = await applied(world, SSH)
    expect(run).toMatchObject({ outcome: 'remediated' })
    expect(said(world).slice(0, 3)).toEqual([
      '97 allow 22 192.168.0.0/16',
      '98 allow 22 96.0.0.0/3',
      '99 deny 22 0.0.0.0/0',
    ])
  })

  test('a range of which only a part gets in is cut off, and that is told', async () => {
    const world = worldWith(
      [
        { number: 90, cidr: '10.1.0.0/16', action: 'allow' },
        { number: 100, cidr: '128.0.0.0/1' },
        { number: 101, cidr: '64.0.0.0/3' },
      ],
      { policy: policyWith({ keep: ['64.0.0.0/2'] }) },
    )
    const { plan } = await applied(world, SSH)
    expect(plan!.warnings).toContain('tcp 22 from 64.0.0.0/2 is cut off: only a part of it gets in by now')
    expect(said(world).filter((line) => line.endsWith('64.0.0.0/2'))).toEqual([])
  })
})

describe('which ports', () => {
  test.each([
    [SSH, [22]],
    [RDP, [3389]],
    ['NACL_NO_UNRESTRICTED_SSH_RDP', [22, 3389]],
    ['EC2.21', [22, 3389]],
  ])('%s: tcp %j', async (type, ports) => {
    const world = worldWith([ALL], { policy: policyWith({ keep: [] }) })
    await applied(world, type)
    const denied = said(world).flatMap((line) => /deny (\d+)/.exec(line)?.[1] ?? [])
    expect(denied.map(Number).sort()).toEqual(ports)
  })

  test('a port that the policy does not name is left open, with the reason', async () => {
    const world = worldWith([ALL], { policy: policyWith({ ports: [22] }) })
    expect(await applied(world, RDP)).toMatchObject({
      outcome: 'notApplicable',
      reason: 'parameters.ports of the policy closes only tcp 22',
    })
  })
})

describe('nothing is changed', () => {
  test.each<[string, EntrySpec[], string, string]>([
    ['without an entry', [], 'alreadyCompliant', 'not open to the world'],
    ['for web ports', [{ number: 100, ports: [443, 443] }], 'alreadyCompliant', 'not open'],
    ['for private ranges', [{ number: 100, cidr: '10.0.0.0/8' }], 'alreadyCompliant', 'not open'],
    ['for egress', [{ number: 100, egress: true }], 'alreadyCompliant', 'not open'],
    [
      'where it is denied before',
      [{ number: 90, action: 'deny', ports: [22, 22] }, ALL],
      'alreadyCompliant',
      'not open',
    ],
    [
      'where both halves are denied before',
      [
        { number: 90, action: 'deny', cidr: '0.0.0.0/1' },
        { number: 91, action: 'deny', cidr: '128.0.0.0/1', ports: [0, 1023] },
        ALL,
      ],
      'alreadyCompliant',
      'not open',
    ],
    ['without a free number', [{ number: 1 }], 'notApplicable', 'free rule numbers between 0 and 1'],
    [
      'by many narrow sources',
      Array.from({ length: 400 }, (_, half) => ({
        number: half + 1,
        cidr: `${half >> 1}.${(half & 1) * 128}.0.0/9`,
      })),
      'notApplicable',
      'many narrow sources',
    ],
  ])('%s', async (_, entries, outcome, reason) => {
    const world = worldWith(entries)
    expect(await applied(world, SSH)).toMatchObject({ outcome, reason: expect.stringContaining(reason) })
    expect(world.aws.changes()).toEqual([])
  })

  test('of an ACL of another account, and of one that is gone', async () => {
    const foreign = worldWith([ALL], { owner: '999988887777' })
    expect(await applied(foreign)).toMatchObject({ outcome: 'notApplicable' })
    expect(await applied(newWorld(AUTO))).toMatchObject({ outcome: 'resourceGone' })
  })
})

describe('who looks first', () => {
  test('where a NAT gateway waits for answers, and not for SSH', async () => {
    const world = worldWith([ALL], { subnets: ['subnet-a'] })
    world.aws.ec2.addInterface('eni-1', [], { SubnetId: 'subnet-a', InterfaceType: 'nat_gateway' })
    world.aws.ec2.addInterface('eni-2', [], { SubnetId: 'subnet-b', InterfaceType: 'lambda' })
    const run = await applied(world)
    expect(run).toMatchObject({ state: 'waiting', plan: { impact: { count: 1 } } })
    expect(run.plan!.warnings.join()).toMatch(/a NAT gateway is in the subnets/)
    expect(run.plan!.warnings.join()).not.toContain('Lambda')

    const ssh = worldWith([ALL], { subnets: ['subnet-a'] })
    ssh.aws.ec2.addInterface('eni-1', [], { SubnetId: 'subnet-a', InterfaceType: 'nat_gateway' })
    expect(await applied(ssh, SSH)).toMatchObject({ outcome: 'remediated' })
  })

  test('where the ACL would have more entries than AWS lets in', async () => {
    const many = Array.from({ length: 16 }, (_, index) => ({
      number: 101 + index,
      ports: [443, 443] as [number, number],
    }))
    const run = await applied(worldWith([ALL, ...many]), SSH)
    expect(run).toMatchObject({ state: 'waiting' })
    expect(run.plan!.warnings.join()).toContain('the ACL would have 21 entries')
  })
})

describe('what others do meanwhile', () => {
  test('an entry of which AWS lets in no more: what was added is taken out again', async () => {
    const many = Array.from({ length: 15 }, (_, index) => ({
      number: 101 + index,
      ports: [443, 443] as [number, number],
    }))
    const world = worldWith([ALL, ...many])
    const before = said(world)
    world.aws.fault({
      on: 'ec2:CreateNetworkAclEntry',
      dryRun: false,
      before: () => {
        if (said(world).length === before.length) world.aws.acls.addEntry(ID, { number: 300 })
      },
    })
    expect(await applied(world, SSH)).toMatchObject({ outcome: 'rolledBack' })
    expect(said(world)).toEqual([...before, '300 allow all 0.0.0.0/0'])
  })

  test('an entry of somebody else under our number stays, and the undo is refused', async () => {
    const world = worldWith([ALL], { policy: policyWith({ keep: [] }) })
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    const { runs } = await engine.handle([reported(world, SSH)], 'apply')
    const acl = world.aws.acls
    acl.handlers.DeleteNetworkAclEntry!({ NetworkAclId: ID, RuleNumber: 99, Egress: false }, '')
    acl.addEntry(ID, { number: 99, action: 'deny', cidr: '198.51.100.0/24' })
    const {
      runs: [undone],
    } = await engine.undo(runs[0]!.id, { restFor: 'PT1H' })
    expect(undone).toMatchObject({ outcome: 'blocked' })
    expect(said(world)).toEqual(['99 deny all 198.51.100.0/24', '100 allow all 0.0.0.0/0'])
  })
})
