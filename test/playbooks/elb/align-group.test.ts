import type { SecurityGroupRule } from '@aws-sdk/client-ec2'
import { describe, expect, test } from '@jest/globals'
import { alignGroup as playbook } from '../../../playbooks/elb/align-group.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { isGoneLook } from '../../../src/playbook/playbook.ts'
import { fakeReader, notFound } from '../../support/reader.ts'
import {
  GROUP,
  GROUP_ARN,
  type GroupModel,
  groupAnswers,
  groupFinding,
  groupModel,
  rule,
} from '../../support/security-group.ts'

const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }
const target = playbook.named(GROUP, place)
const never = { addresses: [] }
const BALANCER =
  'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188'

type Listening = [protocol: string, port: number]

/** The group, worn by a load balancer with these listeners. */
function account(model: GroupModel, listeners: Listening[], SecurityGroups = [GROUP]) {
  const web = { LoadBalancerArn: BALANCER, LoadBalancerName: 'web', SecurityGroups }
  return fakeReader({
    ...groupAnswers(model),
    'elb:DescribeLoadBalancers': ({ Names, LoadBalancerArns }: Record<string, string[] | undefined>) => {
      const asked = Names?.[0] ?? LoadBalancerArns?.[0]
      if (asked !== undefined && asked !== 'web' && asked !== BALANCER)
        throw notFound('elasticloadbalancing:DescribeLoadBalancers', 'LoadBalancerNotFound')
      return { LoadBalancers: [{ LoadBalancerName: 'old' }, web] }
    },
    'elb:DescribeListeners': () => ({ Listeners: listeners.map(([Protocol, Port]) => ({ Protocol, Port })) }),
  })
}

const about = (more: Partial<Finding> = {}) =>
  groupFinding({ source: 'trustedadvisor', type: 'xSqX82fQu', evidence: { groups: [GROUP] }, ...more })

async function planned(
  rules: SecurityGroupRule[],
  listeners: Listening[] = [['HTTPS', 443]],
  { findings = [about()], worn = [GROUP], more = {} as Partial<GroupModel> } = {},
) {
  const aws = account(groupModel(rules, more), listeners, worn)
  const seen = await playbook.inspect(target, {}, aws, { first: true, findings })
  if (isGoneLook(seen)) throw new TypeError('gone')
  return playbook.plan(seen.state, findings, {}, target, never)
}

const at = (from: number, to = from, more: Partial<SecurityGroupRule> = {}) =>
  rule('0.0.0.0/0', { FromPort: from, ToPort: to, ...more })
const udp = (port: number) => at(port, port, { IpProtocol: 'udp' })
const ids = (rules: SecurityGroupRule[]) => rules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId).sort()

describe('which rules go', () => {
  const idle = [
    at(8080),
    at(22),
    rule('sg-0123456789abcdef1', { FromPort: 3306, ToPort: 3310 }),
    rule('::/0'),
    udp(443),
  ]

  test('all that let in only where no listener answers, whoever they let in', async () => {
    const stay = [at(443), rule('10.0.0.0/8', { FromPort: 443, ToPort: 443 })]
    expect(await planned([...idle, ...stay])).toMatchObject({
      after: { rules: [] },
      warnings: [],
      steps: [
        {
          kind: 'subset',
          call: {
            operation: 'RevokeSecurityGroupIngress',
            input: { GroupId: GROUP, SecurityGroupRuleIds: ids(idle) },
          },
          permissions: [{ action: 'ec2:RevokeSecurityGroupIngress', resource: GROUP_ARN }],
        },
      ],
    })
  })

  test.each<[string, SecurityGroupRule, Listening]>([
    ['HTTP', at(80), ['HTTP', 80]],
    ['TLS', at(8443), ['TLS', 8443]],
    ['UDP', udp(53), ['UDP', 53]],
    ['UDP by its number', at(53, 53, { IpProtocol: '17' }), ['UDP', 53]],
    ['QUIC', udp(443), ['TCP_QUIC', 443]],
    ['path MTU discovery', rule('0.0.0.0/0', { IpProtocol: 'icmp', FromPort: 3, ToPort: 4 }), ['HTTP', 80]],
  ])('what is for %s stays', async (_, one, listener) => {
    expect(await planned([one], [listener])).toMatchObject({
      kind: 'compliant',
      reason: 'each rule lets in where a listener of web answers',
    })
  })

  test.each<[string, SecurityGroupRule]>([
    ['a range', at(0, 65_535)],
    ['everything', rule('0.0.0.0/0', { IpProtocol: '-1', FromPort: -1, ToPort: -1 })],
  ])(
    '%s that holds a listener too stays, and is told, because without it nobody would come in',
    async (_, wide) => {
      const id = wide.SecurityGroupRuleId
      expect(await planned([wide])).toMatchObject({
        kind: 'notApplicable',
        reason: expect.stringContaining(`${id} (`),
        nothingKnownIsLeft: true,
      })
      expect(await planned([wide, at(22)])).toMatchObject({
        kind: 'steps',
        warnings: [expect.stringMatching(`${id} .*, and stays: narrow it by hand`)],
        unproven: expect.stringContaining(`${id} `),
      })
    },
  )

  test('a range of just the ports of listeners is exact', async () => {
    expect(
      await planned(
        [at(80, 81)],
        [
          ['HTTP', 80],
          ['HTTPS', 81],
        ],
      ),
    ).toMatchObject({ kind: 'compliant' })
  })
})

describe('nothing is changed', () => {
  test.each<[string, Listening[], string[], string]>([
    ['no load balancer wears the group', [['HTTPS', 443]], [], 'the listeners of a Classic one are not read'],
    ['it has no listener yet', [], [GROUP], 'web has no listener yet'],
  ])('where %s', async (_, listeners, worn, reason) => {
    expect(await planned([at(22)], listeners, { worn })).toMatchObject({
      kind: 'notApplicable',
      reason: expect.stringContaining(reason),
    })
  })

  test('where a listener speaks what is not known', async () => {
    await expect(planned([at(22)], [['GENEVE', 6081]])).rejects.toThrow('speaks "GENEVE" at port 6081')
  })

  test('where another account owns the group', async () => {
    const group = { GroupId: GROUP, GroupName: 'shared', OwnerId: '999988887777' }
    expect(await planned([at(22)], undefined, { more: { group } })).toMatchObject({
      kind: 'notApplicable',
      reason: 'the group belongs to account 999988887777',
    })
  })

  test('and nothing proven, where the check may mean the groups of the targets', async () => {
    const findings = [about({ type: '8604e947f2' })]
    expect(await planned([at(443)], undefined, { findings })).toMatchObject({
      kind: 'compliant',
      unproven: expect.stringContaining('those of its targets'),
    })
  })
})

describe('who else wears the group', () => {
  const impact = async (interfaces: unknown[]) => {
    const rules = [{ id: 'sgr-1', protocol: 'tcp', from: 22, to: 22, source: '0.0.0.0/0' }]
    const aws = account(groupModel([], { interfaces }), [])
    const state = { id: GROUP, rules: [], openEgress: [], balancers: ['web'], served: [] }
    return playbook.impact(state, aws, target, { before: { rules }, after: { rules: [] } }, {})
  }
  const of = (id: string, more: object) => ({ NetworkInterfaceId: id, ...more })
  const balancer = of('eni-1', { Description: 'ELB app/web/50dc6c495c0c9188' })

  test('makes a person look first', async () => {
    const instance = of('eni-2', { Attachment: { InstanceId: 'i-0123456789abcdef0' } })
    const classic = of('eni-3', { Description: 'ELB shop' })
    expect(await impact([balancer, instance, classic])).toMatchObject({
      count: 3,
      cautions: ['the group is worn by others too: i-0123456789abcdef0, shop'],
    })
  })

  test('is nobody where only load balancers do', async () => {
    expect((await impact([balancer])).cautions).toEqual([])
  })

  test('is not known of those that are not listed', async () => {
    const many = Array.from({ length: 60 }, (_, index) => ({
      ...balancer,
      NetworkInterfaceId: `eni-${index}`,
    }))
    expect((await impact(many)).cautions).toEqual(['the group is worn by others too: 10 more'])
  })
})

describe('whom a finding leads to', () => {
  const targets = (finding: Finding) => playbook.targets(finding, {}, account(groupModel([]), []), never)
  const balancer = (id: string) => ({ type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', id })
  const unnamed = { evidence: {} }

  test.each<[string, Finding]>([
    ['the groups that it lists', about({ resources: [balancer('other')] })],
    ['the group that it names', about(unnamed)],
    ['what the load balancer wears that it names', about({ ...unnamed, resources: [balancer('web')] })],
    ['what it wears by its ARN', about({ ...unnamed, resources: [balancer(BALANCER)] })],
  ])('%s', async (_, finding) => {
    expect(await targets(finding)).toEqual([{ resource: GROUP_ARN, id: GROUP, key: GROUP_ARN }])
  })

  test('none where the load balancer is gone', async () => {
    expect(await targets(about({ ...unnamed, resources: [balancer('gone')] }))).toMatchObject({
      kind: 'notApplicable',
    })
  })
})
