import { describe, expect, test } from '@jest/globals'
import { closeOpenIngress as playbook } from '../../../playbooks/ec2/close-open-ingress.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { matches } from '../../../src/playbook/matchers.ts'
import { denied, fakeReader } from '../../support/reader.ts'
import {
  GROUP,
  GROUP_ARN,
  type GroupModel,
  groupAnswers,
  groupFinding,
  groupModel,
  rule,
} from '../../support/security-group.ts'
import { defaults, impactOf, look, never, place, planFor, target } from './open-ingress-plans.ts'

describe('whom a finding leads to', () => {
  test('a Config finding leads to its group, a port probe to each group that the instance wears', async () => {
    const reader = fakeReader({})
    expect(await playbook.targets(groupFinding(), defaults, reader, never)).toEqual([
      { resource: GROUP_ARN, id: GROUP, key: GROUP_ARN },
    ])
    const probe = groupFinding({
      source: 'guardduty',
      evidence: { ports: [22], groups: ['sg-1', 'sg-2', 'sg-1'] },
    })
    expect(await playbook.targets(probe, defaults, reader, never)).toMatchObject([
      { id: 'sg-1' },
      { id: 'sg-2' },
    ])
    const bare = groupFinding({ source: 'guardduty', evidence: { ports: [22] } })
    expect(await playbook.targets(bare, defaults, reader, never)).toMatchObject({ kind: 'notApplicable' })
    expect(playbook.named(GROUP_ARN, place)).toEqual({ resource: GROUP_ARN, id: GROUP, key: GROUP_ARN })
  })

  test.each([
    [GROUP, 'AWS::::Account'],
    [GROUP_ARN, 'AWS::EC2::SecurityGroup'],
  ])('%s leads to that group, whatever type the finding gives it', async (id, type) => {
    const finding = groupFinding({ resources: [{ type, id }] })
    expect(await playbook.targets(finding, defaults, fakeReader({}), never)).toEqual([
      { resource: GROUP_ARN, id: GROUP, key: GROUP_ARN },
    ])
  })

  test('what is not the id of a group leads nowhere', async () => {
    const finding = groupFinding({ resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'my-group' }] })
    expect(await playbook.targets(finding, defaults, fakeReader({}), never)).toMatchObject([
      { notUnderstood: expect.stringContaining('"my-group" is neither id nor ARN') },
    ])
  })

  test('it answers the rules, the item change and every port probe', () => {
    const answered = (finding: Partial<Finding>): boolean =>
      playbook.answers.some((matcher) => matches(matcher, groupFinding(finding)))
    expect(answered({ type: 'INCOMING_SSH_DISABLED' })).toBe(true)
    expect(answered({ type: 'item:AWS::EC2::SecurityGroup' })).toBe(true)
    expect(answered({ source: 'guardduty', type: 'Recon:EC2/PortProbeEMRUnprotectedPort' })).toBe(true)
    expect(answered({ source: 'guardduty', type: 'Recon:EC2/Portscan' })).toBe(false)
  })
})

describe('the look', () => {
  test('the first reads rules and group, a later one the rules alone', async () => {
    const reader = fakeReader(groupAnswers(groupModel([rule('0.0.0.0/0')])))
    const findings = [groupFinding()]
    await playbook.inspect(target, defaults, reader, { first: true, findings })
    expect(reader.calls.map(({ action }) => action).sort()).toEqual([
      'ec2:DescribeSecurityGroupRules',
      'ec2:DescribeSecurityGroups',
    ])
    expect(reader.calls.map(({ input }) => input)).toContainEqual({
      Filters: [{ Name: 'group-id', Values: [GROUP] }],
    })
    const later = await playbook.inspect(target, defaults, reader, { first: false, findings })
    expect(reader.count('ec2:DescribeSecurityGroupRules')).toBe(2)
    expect(reader.count('ec2:DescribeSecurityGroups')).toBe(1)
    expect(later).not.toHaveProperty('tags')
  })

  test('a group without any rule is looked up: there is one, or it is gone', async () => {
    // Unknown groups have no rules and are no error
    const findings = [groupFinding()]
    const empty = fakeReader(groupAnswers(groupModel([])))
    expect(await playbook.inspect(target, defaults, empty, { first: false, findings })).toHaveProperty(
      'state',
    )
    for (const first of [true, false]) {
      const nothing = fakeReader(groupAnswers(groupModel([], { group: undefined })))
      expect(await playbook.inspect(target, defaults, nothing, { first, findings })).toEqual({ kind: 'gone' })
    }
  })

  test('tags that may not be read are told apart from no tags', async () => {
    const model = groupModel([rule('0.0.0.0/0')])
    const refuse = () => {
      throw denied('ec2:DescribeSecurityGroups')
    }
    const reader = fakeReader({ ...groupAnswers(model), 'ec2:DescribeSecurityGroups': refuse })
    const seen = await playbook.inspect(target, defaults, reader, { first: true, findings: [groupFinding()] })
    expect(seen).toMatchObject({
      tags: { unreadable: expect.stringContaining('ec2:DescribeSecurityGroups') },
    })
    expect((await look(model)).tags).toEqual({})
  })

  test('without rules and without the right to see the group nobody can tell: the error stands', async () => {
    const reader = fakeReader({
      ...groupAnswers(groupModel([])),
      'ec2:DescribeSecurityGroups': () => {
        throw denied('ec2:DescribeSecurityGroups')
      },
    })
    const asked = playbook.inspect(target, defaults, reader, { first: true, findings: [groupFinding()] })
    await expect(asked).rejects.toMatchObject({ kind: 'denied', action: 'ec2:DescribeSecurityGroups' })
  })

  test('a group that another account shares is not ours to change', async () => {
    const model = groupModel([rule('0.0.0.0/0', { GroupOwnerId: '444455556666' })], {
      group: { GroupId: GROUP, OwnerId: '444455556666' },
    })
    expect(await planFor(model)).toMatchObject({
      kind: 'notApplicable',
      reason: expect.stringContaining('444455556666'),
    })
    const later = await look(model, [groupFinding()], false)
    expect(playbook.plan(later.state, [groupFinding()], defaults, target, never)).toMatchObject({
      kind: 'notApplicable',
    })
  })
})

describe('who is on the other end', () => {
  test('the interfaces that wear the group are told with what they belong to and their public addresses', async () => {
    const Groups = [{ GroupId: GROUP }]
    const model = groupModel([], {
      interfaces: [
        {
          NetworkInterfaceId: 'eni-2',
          Description: 'ELB app/shop/50dc6c495c0c9188',
          Association: { PublicIp: '198.51.100.9' },
          Groups,
        },
        {
          NetworkInterfaceId: 'eni-1',
          Attachment: { InstanceId: 'i-1' },
          Groups: [...Groups, { GroupId: 'sg-2' }],
        },
        {
          NetworkInterfaceId: 'eni-3',
          Description: 'RDSNetworkInterface',
          RequesterId: 'amazon-rds',
          Groups,
        },
        {
          NetworkInterfaceId: 'eni-4',
          InterfaceType: 'lambda',
          Description: 'AWS Lambda VPC ENI-pay-0f3a2b1c-1111-2222-3333-444455556666',
          Groups,
        },
        {
          NetworkInterfaceId: 'eni-5',
          Description: 'VPC Endpoint Interface vpce-0a',
          InterfaceType: 'vpc_endpoint',
          Groups,
        },
      ],
    })
    const impact = await impactOf(model)
    expect(impact.count).toBe(5)
    expect(impact.summary).toBe('5 network interfaces wear the group, 1 with a public address')
    expect(impact.affected).toEqual([
      { type: 'AWS::EC2::Instance', id: 'i-1', detail: 'eni-1' },
      {
        type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        id: 'app/shop/50dc6c495c0c9188',
        detail: 'eni-2 198.51.100.9',
      },
      { type: 'AWS::RDS::DBInstance', id: 'eni-3', detail: 'eni-3' },
      { type: 'AWS::Lambda::Function', id: 'pay', detail: 'eni-4' },
      { type: 'AWS::EC2::VPCEndpoint', id: 'vpce-0a', detail: 'eni-5' },
    ])
    expect(impact.cautions).toEqual([])
  })

  const openWorld = rule('0.0.0.0/0')
  const allOut = rule('0.0.0.0/0', { IsEgress: true, IpProtocol: '-1', FromPort: -1, ToPort: -1 })
  const server = { NetworkInterfaceId: 'eni-1', Attachment: { InstanceId: 'i-1' } }
  const tracked = [
    ['a load balancer', { Description: 'ELB app/shop/50dc6c495c0c9188' }],
    ['a Network Load Balancer', { InterfaceType: 'network_load_balancer' }],
    ['a load balancer that only its maker tells', { RequesterId: 'amazon-elb' }],
    ['a NAT gateway', { InterfaceType: 'nat_gateway' }],
    ['a Lambda function', { InterfaceType: 'lambda' }],
    ['a control plane of EKS', { Description: 'Amazon EKS blue', RequesterManaged: true }],
    ['a VPC endpoint', { InterfaceType: 'vpc_endpoint' }],
    ['an accelerator', { InterfaceType: 'global_accelerator_managed' }],
    ['what another service manages', { RequesterManaged: true }],
  ] as const

  test('sessions end at once only where the flows of an ordinary interface are not tracked', async () => {
    const notes = async (rules: (typeof openWorld)[], interfaces: object[]) =>
      (await impactOf(groupModel(rules, { interfaces }))).notes?.[0]
    expect(await notes([openWorld, allOut], [server])).toMatch(/end at once/)
    expect(await notes([openWorld], [server])).toMatch(/^existing sessions go on until they end/)
    const halves = [rule('0.0.0.0/1'), rule('128.0.0.0/1'), allOut]
    expect(await notes(halves, [server])).toMatch(/^existing sessions go on until they end/)
    const listed = groupModel([rule('pl-0world'), allOut], {
      lists: { 'pl-0world': ['0.0.0.0/0'] },
      interfaces: [server],
    })
    expect((await impactOf(listed)).notes?.[0]).toMatch(/^existing sessions go on until they end/)
  })

  test.each(tracked)('sessions through %s go on until they end', async (_, wearer) => {
    const model = groupModel([openWorld, allOut], {
      interfaces: [{ NetworkInterfaceId: 'eni-2', ...wearer }],
    })
    expect((await impactOf(model)).notes?.[0]).toMatch(/^existing sessions go on until they end/)
  })

  test.each(tracked.slice(0, 3))('%s that wears the group is a reason to ask first', async (_, wearer) => {
    const interfaces = [{ NetworkInterfaceId: 'eni-2', ...wearer }]
    const model = groupModel([openWorld], { interfaces })
    expect((await impactOf(model)).cautions).toEqual([
      expect.stringMatching(/^a load balancer wears the group \(.+\): its users lose these ports$/),
    ])
    const told = playbook.parameters.parse({ askForLoadBalancer: false })
    const impact = await impactOf(model, [groupFinding()], told)
    expect(impact.cautions).toEqual([])
    expect(impact.notes?.join()).toContain('a load balancer wears the group')
  })

  test('many interfaces with a public address are a reason to ask first, private ones are not', async () => {
    const wearing = (count: number, more: (index: number) => object) =>
      groupModel([openWorld], {
        interfaces: Array.from({ length: count }, (_, n) => ({ NetworkInterfaceId: `eni-${n}`, ...more(n) })),
      })
    const cautions = async (model: GroupModel, parameters = defaults) =>
      (await impactOf(model, [groupFinding()], parameters)).cautions
    const reachable = (n: number) => ({ Association: { PublicIp: `52.1.1.${n}` } })
    expect(await cautions(wearing(10, reachable))).toEqual([])
    expect(await cautions(wearing(11, reachable))).toEqual([
      '11 interfaces with a public address wear the group, more than 10',
    ])
    const few = playbook.parameters.parse({ maxPublicInterfaces: 3 })
    expect(await cautions(wearing(4, reachable), few)).toHaveLength(1)
    const unique = (n: number) => ({ Ipv6Addresses: [{ Ipv6Address: `fd00::${n + 1}` }] })
    expect(await cautions(wearing(30, unique))).toEqual([])
    const global = (n: number) => ({ Ipv6Addresses: [{ Ipv6Address: `2600:1f00::${n + 1}` }] })
    expect(await cautions(wearing(30, global))).toHaveLength(1)
  })

  test('an undo opens ports: nothing is said of sessions, and nobody loses any', async () => {
    const interfaces = [
      { ...server, ...{ Description: 'ELB app/shop/1', Groups: [{ GroupId: GROUP }, { GroupId: 'sg-2' }] } },
    ]
    const { state } = await look(groupModel([allOut], { interfaces }))
    const aws = fakeReader(groupAnswers(groupModel([allOut], { interfaces })))
    const sides = { before: { rules: [] }, after: { rules: [{ id: 'sgr-1', source: '0.0.0.0/0' }] } }
    expect(await playbook.impact(state, aws, target, sides, defaults)).toMatchObject({
      count: 1,
      notes: [],
      cautions: [],
    })
  })

  test('of many interfaces fifty are listed and all are counted', async () => {
    const interfaces = Array.from({ length: 120 }, (_, index) => ({ NetworkInterfaceId: `eni-${index}` }))
    const model = groupModel([], { interfaces })
    const impact = await impactOf(model)
    expect(impact.affected).toHaveLength(50)
    expect(impact.count).toBe(120)
  })
})
