import { describe, expect, test } from '@jest/globals'
import { blockAttackerIp as playbook } from '../../../playbooks/wafv2/block-attacker-ip.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { matches } from '../../../src/playbook/matchers.ts'
import type { Plan } from '../../../src/playbook/plan.ts'
import {
  isGoneLook,
  isNotApplicable,
  type PlannedSteps,
  type Target,
} from '../../../src/playbook/playbook.ts'
import type { UndoCall } from '../../../src/playbook/step.ts'
import { type Answers, denied, type FakeReader, fakeReader, notFound } from '../../support/reader.ts'
import { on, probe } from './port-probe-finding.ts'

const ARN4 = 'arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/rectify-block-v4/s4'
const ARN6 = 'arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/rectify-block-v6/s6'
const SETS = [
  { Name: 'rectify-block-v4', Id: 's4', ARN: ARN4 },
  { Name: 'rectify-block-v6', Id: 's6', ARN: ARN6 },
]
const defaults = playbook.parameters.parse({})
const NOTHING = { addresses: [] }
const ATTACKER = probe({ remotes: on(443, '52.1.1.1') })

/** An account with both sets and a web ACL on a load balancer that blocks on the IPv4 set. */
function account(more: Answers & { entries?: () => string[] } = {}): FakeReader {
  const { entries = () => [], ...answers } = more
  const visible = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'm' }
  const rule = (arn: string) => ({
    Name: 'block-list',
    Priority: 0,
    Action: { Block: {} },
    Statement: { IPSetReferenceStatement: { ARN: arn } },
    VisibilityConfig: visible,
  })
  return fakeReader({
    'ec2:DescribeAddresses': () => ({ Addresses: [] }),
    'ec2:DescribeNetworkInterfaces': () => ({ NetworkInterfaces: [] }),
    'ec2:DescribeInstances': () => ({ Reservations: [{ Instances: [{ InstanceId: 'i-0abc' }] }] }),
    'wafv2:ListIPSets': () => ({ IPSets: SETS }),
    'wafv2:GetIPSet': ({ Id }: { Id: string }) => ({
      IPSet: { IPAddressVersion: Id === 's6' ? 'IPV6' : 'IPV4', Addresses: entries() },
      LockToken: 't',
    }),
    'wafv2:ListWebACLs': () => ({ WebACLs: [{ Name: 'shop', Id: 'a1' }] }),
    'wafv2:GetWebACL': () => ({ WebACL: { Name: 'shop', ARN: 'arn:shop', Rules: [rule(ARN4), rule(ARN6)] } }),
    'wafv2:ListResourcesForWebACL': () => ({ ResourceArns: ['arn:alb'] }),
    ...answers,
  })
}

async function targetsOf(
  finding: Finding,
  aws: FakeReader,
  parameters = defaults,
  never = NOTHING,
): Promise<Target[]> {
  const targets = await playbook.targets(finding, parameters, aws, never)
  if (isNotApplicable(targets)) throw new Error(targets.reason)
  return targets
}

async function reasonOf(finding: Finding, aws: FakeReader, parameters = defaults): Promise<string> {
  const targets = await playbook.targets(finding, parameters, aws, NOTHING)
  return isNotApplicable(targets) ? targets.reason : 'has targets'
}

async function look(target: Target, finding: Finding, aws: FakeReader, first = true) {
  const seen = await playbook.inspect(target, defaults, aws, { first, findings: [finding] })
  if (isGoneLook(seen)) throw new Error('gone')
  return seen
}

async function planOf(
  finding: Finding,
  aws: FakeReader,
  { first = true, parameters = defaults, family = 0 } = {},
) {
  const target = (await targetsOf(finding, aws, parameters))[family]!
  const { state } = await look(target, finding, aws, first)
  return { target, state, planned: playbook.plan(state, [finding], parameters, target, NOTHING) }
}

function steps(planned: object): PlannedSteps {
  expect(planned).toMatchObject({ kind: 'steps' })
  return planned as PlannedSteps
}

/** As the engine makes it of what the playbook planned. */
const asPlan = ({ steps, before, after }: PlannedSteps) => ({ steps, before, after }) as Plan

describe('which findings it answers', () => {
  test.each([
    ['Recon:EC2/PortProbeUnprotectedPort', true],
    ['UnauthorizedAccess:EC2/SSHBruteForce', true],
    ['UnauthorizedAccess:EC2/MaliciousIPCaller.Custom', true],
    ['Discovery:RDS/TorIPCaller', true],
    ['Discovery:Kubernetes/MaliciousIPCaller.Custom', true],
    ['UnauthorizedAccess:EC2/TorRelay', false],
    ['CryptoCurrency:EC2/BitcoinTool.B', false],
    // Callers of the AWS API never pass a web ACL.
    ['UnauthorizedAccess:IAMUser/MaliciousIPCaller', false],
  ])('%s: %s', (type, answered) => {
    expect(playbook.answers.some((matcher) => matches(matcher, probe({}, { type })))).toBe(answered)
  })
})

describe('parameters', () => {
  test('have defaults, take short durations and refuse unknown keys', () => {
    expect(defaults).toEqual({
      ports: [80, 443, 8080, 8443],
      scope: 'REGIONAL',
      ipv4Set: 'rectify-block-v4',
      ipv6Set: 'rectify-block-v6',
      expiresAfter: 'PT24H',
    })
    expect(playbook.parameters.parse({ expiresAfter: '24h', ports: 'any' })).toMatchObject({
      expiresAfter: 'PT24H',
    })
    expect(playbook.parameters.safeParse({ port: [80] }).success).toBe(false)
  })
})

describe('targets', () => {
  test('are the sets that receive an address, one run each', async () => {
    const both = probe({ remotes: on(443, '52.1.1.1', '2600::1') })
    expect(await targetsOf(both, account())).toMatchObject([
      {
        resource: ARN4,
        id: 'rectify-block-v4',
        key: `${ARN4}#f1`,
        data: { id: 's4', scope: 'REGIONAL', family: 4 },
      },
      {
        resource: ARN6,
        id: 'rectify-block-v6',
        key: `${ARN6}#f1`,
        data: { id: 's6', scope: 'REGIONAL', family: 6 },
      },
    ])
    expect(await targetsOf(ATTACKER, account())).toHaveLength(1)
  })

  test.each([
    [
      'an Elastic IP',
      {
        'ec2:DescribeAddresses': () => ({
          Addresses: [{ PublicIp: '52.1.1.1', AllocationId: 'eipalloc-1' }],
        }),
      },
      'eipalloc-1',
    ],
    [
      'a NAT gateway',
      {
        'ec2:DescribeNetworkInterfaces': () => ({
          NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', Association: { PublicIp: '52.1.1.1' } }],
        }),
      },
      'eni-1',
    ],
    [
      'a second address',
      {
        'ec2:DescribeNetworkInterfaces': () => ({
          NetworkInterfaces: [
            { NetworkInterfaceId: 'eni-2', PrivateIpAddresses: [{ Association: { PublicIp: '52.1.1.1' } }] },
          ],
        }),
      },
      'eni-2',
    ],
    [
      'a public range in a VPC',
      {
        'ec2:DescribeNetworkInterfaces': () => ({
          NetworkInterfaces: [{ NetworkInterfaceId: 'eni-3', Ipv4Prefixes: [{ Ipv4Prefix: '52.1.1.0/28' }] }],
        }),
      },
      'eni-3',
    ],
  ])('leave out our own address: %s', async (_what, answers, named) => {
    const reason = await reasonOf(ATTACKER, account(answers as Answers))
    expect(reason).toMatch(/^no address to block: 52\.1\.1\.1: our own address/)
    expect(reason).toContain(named)
  })

  test('leave out our own IPv6 address however it is written', async () => {
    const eni = { NetworkInterfaceId: 'eni-6', Ipv6Addresses: [{ Ipv6Address: '2600:0:0::0001' }] }
    const aws = account({ 'ec2:DescribeNetworkInterfaces': () => ({ NetworkInterfaces: [eni] }) })
    expect(await reasonOf(probe({ remotes: on(443, '2600::1') }), aws)).toContain('our own address')
  })

  test('are none without a set, and the command that makes it is told', async () => {
    const reason = await reasonOf(ATTACKER, account({ 'wafv2:ListIPSets': () => ({ IPSets: [] }) }))
    expect(reason).toContain(
      "aws wafv2 create-ip-set --region eu-central-1 --scope REGIONAL --name rectify-block-v4 --ip-address-version IPV4 --addresses '[]'",
    )
  })

  test('are none for findings on other ports, and AWS is not asked', async () => {
    const aws = account()
    expect(await reasonOf(probe({ remotes: on(22, '52.1.1.1') }), aws)).toContain('seen on port 22')
    expect(aws.calls).toEqual([])
  })

  const global = { ...defaults, scope: 'CLOUDFRONT' as const }

  test('of scope CLOUDFRONT are in us-east-1, wherever the finding is', async () => {
    const arn = 'arn:aws:wafv2:us-east-1:111122223333:global/ipset/rectify-block-v4/s4'
    const asked: string[] = []
    const aws = account({
      'wafv2:ListIPSets': ({ Scope }: { Scope: string }) => {
        asked.push(Scope)
        return { IPSets: [{ Name: 'rectify-block-v4', Id: 's4', ARN: arn }] }
      },
    })
    expect(await targetsOf(ATTACKER, aws, global)).toMatchObject([
      { resource: arn, region: 'us-east-1', key: `${arn}#f1`, data: { scope: 'CLOUDFRONT' } },
    ])
    expect(asked).toEqual(['CLOUDFRONT'])
    expect(aws.calls.map(({ action, region }) => [action, region])).toEqual([
      ['ec2:DescribeAddresses', 'eu-central-1'],
      ['ec2:DescribeNetworkInterfaces', 'eu-central-1'],
      ['wafv2:ListIPSets', 'us-east-1'],
    ])
  })

  test('of scope CLOUDFRONT are made in us-east-1', async () => {
    const none = account({ 'wafv2:ListIPSets': () => ({ IPSets: [] }) })
    expect(await reasonOf(ATTACKER, none, global)).toContain('--region us-east-1 --scope CLOUDFRONT')
  })

  test('of scope CLOUDFRONT are none in a partition without us-east-1', async () => {
    const china = Object.assign(account(), { partition: 'aws-cn' })
    expect(await reasonOf(ATTACKER, china, global)).toContain('which aws-cn does not have')
  })

  test('named by the ARN of a global set are where it is', () => {
    const arn = 'arn:aws:wafv2:us-east-1:111122223333:global/ipset/rectify-block-v4/s4'
    const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }
    expect(playbook.named(arn, place)).toMatchObject({ resource: arn, region: 'us-east-1' })
    expect(playbook.named(ARN4, place)).toMatchObject({ resource: ARN4, region: 'eu-central-1' })
  })
})

describe('inspecting', () => {
  test('a set that is not there is gone', async () => {
    const [target] = await targetsOf(ATTACKER, account())
    const gone = () => {
      throw notFound('wafv2:GetIPSet', 'WAFNonexistentItemException')
    }
    const seen = await playbook.inspect(target!, defaults, account({ 'wafv2:GetIPSet': gone }), {
      first: true,
      findings: [ATTACKER],
    })
    expect(isGoneLook(seen)).toBe(true)
  })

  test('our own addresses are looked for where the finding is as well', async () => {
    const aws = account()
    const [target] = await targetsOf(ATTACKER, aws)
    aws.calls.length = 0
    const there = aws.at('us-east-1') as FakeReader
    await playbook.inspect(target!, defaults, there, { first: false, findings: [ATTACKER] })
    const asked = aws.calls.filter(({ action }) => action === 'ec2:DescribeAddresses')
    expect(asked.map(({ region }) => region).sort()).toEqual(['eu-central-1', 'us-east-1'])
  })

  test('after the change one call proves it', async () => {
    const aws = account({ entries: () => ['52.1.1.1/32'] })
    const [target] = await targetsOf(ATTACKER, aws)
    aws.calls.length = 0
    await look(target!, ATTACKER, aws, false)
    expect(aws.calls.map(({ action }) => action)).toEqual(['wafv2:GetIPSet'])
  })

  test('a set named by a person is found by ARN or name, and there is no address to block', async () => {
    for (const name of [ARN4, 'rectify-block-v4']) {
      const target = playbook.named(name, {
        account: '111122223333',
        region: 'eu-central-1',
        partition: 'aws',
      })
      const manual = probe({ ports: [80, 443] }, { source: 'manual' })
      const { state } = await look(target, manual, account())
      expect(playbook.plan(state, [manual], defaults, target, NOTHING)).toEqual({
        kind: 'notApplicable',
        reason: 'the finding names no remote address',
      })
    }
  })
})

describe('the plan', () => {
  test('adds all new addresses in one update and names nothing of others', async () => {
    const eight = [
      '52.1.1.8',
      '52.1.1.7',
      '52.1.1.6',
      '52.1.1.5',
      '52.1.1.4',
      '52.1.1.3',
      '52.1.1.2',
      '52.1.1.1',
    ]
    const { planned } = await planOf(
      probe({ remotes: on(80, ...eight) }),
      account({ entries: () => ['9.9.9.0/24', '52.1.1.8/32'] }),
    )
    const plan = steps(planned)
    const added = eight
      .slice(1)
      .sort()
      .map((address) => `${address}/32`)
    expect(plan.steps).toHaveLength(1)
    expect(plan.steps[0]).toMatchObject({
      call: {
        service: 'wafv2',
        operation: 'UpdateIPSet',
        input: { Name: 'rectify-block-v4', Scope: 'REGIONAL', Id: 's4' },
      },
      merge: {
        field: 'Addresses',
        add: added,
        remove: [],
        compare: 'cidr',
        limit: 10_000,
        expiresAfter: 'PT24H',
      },
      permissions: [{ action: 'wafv2:UpdateIPSet', resource: ARN4 }],
    })
    expect(plan.steps[0]?.call.input).not.toHaveProperty('LockToken')
    expect((plan.steps[0]!.undo as UndoCall[])[0]?.merge).toMatchObject({ add: [], remove: added })
    expect(plan.before).toEqual({ addresses: [] })
    expect(plan.after).toEqual({ addresses: added, expiresAfter: 'PT24H' })
    // The one that is there already is extended if it is ours.
    expect(plan.timeBoxes).toEqual({ entries: ['52.1.1.8/32'], expiresAfter: 'PT24H' })
  })

  test('writes IPv6 as WAF writes it, and finds it again however it is written', async () => {
    const finding = probe({ remotes: on(443, '2600:AB::1') })
    const written = '2600:00ab:0000:0000:0000:0000:0000:0001/128'
    expect(steps((await planOf(finding, account())).planned).after).toMatchObject({ addresses: [written] })
    const { planned } = await planOf(finding, account({ entries: () => ['2600:ab::1/128'] }))
    expect(planned).toMatchObject({ kind: 'compliant', timeBoxes: { entries: [written] } })
  })

  test('is empty when all are there, on a first look and on a later one, and holds them', async () => {
    for (const first of [true, false]) {
      const { planned } = await planOf(ATTACKER, account({ entries: () => ['52.1.1.1/32'] }), { first })
      expect(planned).toEqual({
        kind: 'compliant',
        timeBoxes: { entries: ['52.1.1.1/32'], expiresAfter: 'PT24H' },
        reason: '52.1.1.1/32 is in the set already',
      })
    }
  })

  test('is empty where the attacker is inside a range of somebody else, which is told and not held', async () => {
    const finding = probe({ remotes: on(443, '7.70.45.212') })
    const { planned } = await planOf(finding, account({ entries: () => ['7.70.45.0/24'] }))
    expect(planned).toEqual({
      kind: 'compliant',
      reason: "7.70.45.212 is inside 7.70.45.0/24, which is somebody else's",
      timeBoxes: { entries: [], expiresAfter: 'PT24H' },
    })
  })

  test('adds of several only those that no range covers, also of IPv6', async () => {
    const finding = probe({ remotes: on(443, '7.70.45.212', '52.1.1.1') })
    const plan = steps((await planOf(finding, account({ entries: () => ['7.70.45.0/24'] }))).planned)
    expect(plan.after).toMatchObject({ addresses: ['52.1.1.1/32'] })
    expect(plan.warnings).toContain("not added: 7.70.45.212 is inside 7.70.45.0/24, which is somebody else's")
    const v6 = probe({ remotes: on(443, '2600:ab::1') })
    const covered = await planOf(
      v6,
      account({ entries: () => ['2600:00ab:0000:0000:0000:0000:0000:0000/32'] }),
    )
    expect(covered.planned).toMatchObject({
      kind: 'compliant',
      reason: expect.stringMatching(/^2600:ab::1 is inside 2600:00ab:/),
    })
  })

  test('holds the entry itself where a range covers it as well', async () => {
    const { planned } = await planOf(ATTACKER, account({ entries: () => ['52.1.1.0/24', '52.1.1.1/32'] }))
    expect(planned).toMatchObject({
      kind: 'compliant',
      timeBoxes: { entries: ['52.1.1.1/32'], expiresAfter: 'PT24H' },
    })
  })

  test('is made where the attachment cannot be read, and says that its effect will not be proven', async () => {
    const aws = account({
      'wafv2:ListResourcesForWebACL': () => {
        throw denied('wafv2:ListResourcesForWebACL')
      },
    })
    const { planned } = await planOf(ATTACKER, aws)
    expect(steps(planned).unproven).toMatch(/^attachment cannot be read: what web ACL shop stands before/)
    const present = account({
      entries: () => ['52.1.1.1/32'],
      'wafv2:ListResourcesForWebACL': () => {
        throw denied('wafv2:ListResourcesForWebACL')
      },
    })
    expect((await planOf(ATTACKER, present)).planned).toMatchObject({
      kind: 'compliant',
      unproven: expect.stringContaining('attachment cannot be read'),
      timeBoxes: { entries: ['52.1.1.1/32'] },
    })
  })

  test('is empty after the change although one attacker is our own address', async () => {
    const aws = account({
      entries: () => ['52.1.1.1/32'],
      'ec2:DescribeAddresses': () => ({ Addresses: [{ PublicIp: '52.1.1.2' }] }),
    })
    const { planned } = await planOf(probe({ remotes: on(80, '52.1.1.1', '52.1.1.2') }), aws, {
      first: false,
    })
    expect(planned).toMatchObject({ kind: 'compliant' })
  })

  test('names each address that is left out, with its reason', async () => {
    const finding = probe({
      remotes: [...on(80, '52.1.1.1', '10.0.0.5', '2600::1', '52.1.1.9'), ...on(22, '52.1.1.3')],
    })
    const aws = account({
      'wafv2:ListIPSets': () => ({ IPSets: SETS.slice(0, 1) }),
      'ec2:DescribeAddresses': () => ({ Addresses: [{ PublicIp: '52.1.1.9' }] }),
    })
    const warnings = steps((await planOf(finding, aws)).planned).warnings?.join('\n')
    for (const expected of [
      'not blocked: 10.0.0.5: not a public address',
      'not blocked: 52.1.1.3: seen on port 22',
      'not blocked: 52.1.1.9: our own address',
      'not blocked: 2600::1: there is no IP set rectify-block-v6',
    ]) {
      expect(warnings).toContain(expected)
    }
  })

  test('warns that WAF does not see other protocols when any port is taken', async () => {
    const parameters = { ...defaults, ports: 'any' as const }
    const { planned } = await planOf(probe({ remotes: on(22, '52.1.1.1') }), account(), { parameters })
    expect(steps(planned).warnings?.join()).toContain('WAF sees HTTP only')
  })

  test('is not made when no rule blocks on the set, and the command that makes one is told', async () => {
    const { planned } = await planOf(ATTACKER, account({ 'wafv2:ListWebACLs': () => ({ WebACLs: [] }) }))
    expect(planned).toMatchObject({ kind: 'notApplicable' })
    expect(planned).toHaveProperty(
      'reason',
      expect.stringMatching(/^blocks nothing: .*aws wafv2 create-web-acl/),
    )
  })

  test('is not made when the web ACL stands before nothing', async () => {
    const aws = account({ 'wafv2:ListResourcesForWebACL': () => ({ ResourceArns: [] }) })
    const { planned } = await planOf(ATTACKER, aws)
    expect(planned).toHaveProperty(
      'reason',
      expect.stringMatching(/^blocks nothing: .*associate-web-acl.*arn:shop/),
    )
  })

  test('is not made when the set has no room for all', async () => {
    const others = Array.from({ length: 9_999 }, (_, n) => `60.${n >> 8}.${n & 255}.1/32`)
    const aws = account({ entries: () => others })
    expect(steps((await planOf(ATTACKER, aws)).planned).warnings?.join()).toContain(
      'nearly full: 10000 of 10000',
    )
    const { planned } = await planOf(probe({ remotes: on(80, '52.1.1.1', '52.1.1.2') }), aws)
    expect(planned).toHaveProperty(
      'reason',
      'the set is full: it holds 9999 of 10000 entries, 2 more are wanted',
    )
  })

  test('is not made for a set of the other family', async () => {
    const parameters = { ...defaults, ipv4Set: 'rectify-block-v6' }
    const { planned } = await planOf(ATTACKER, account(), { parameters })
    expect(planned).toHaveProperty('reason', 'the set rectify-block-v6 holds IPv6 addresses, not IPv4')
  })
})

describe('where a step stands', () => {
  test.each([
    [[], 'todo', { addresses: [] }],
    [['52.1.1.1/32'], 'partly', { addresses: ['52.1.1.1/32'], expiresAfter: 'PT24H' }],
    [
      ['52.1.1.1/32', '52.1.1.2/32', '9.9.9.9/32'],
      'done',
      { addresses: ['52.1.1.1/32', '52.1.1.2/32'], expiresAfter: 'PT24H' },
    ],
  ])('with %j in the set: %s', async (entries, status, observed) => {
    const finding = probe({ remotes: on(80, '52.1.1.1', '52.1.1.2') })
    const { planned, target } = await planOf(finding, account())
    const plan = asPlan(steps(planned))
    const { state } = await look(target, finding, account({ entries: () => entries }), false)
    expect(playbook.status(plan.steps[0]!, state, plan)).toBe(status)
    expect(playbook.observe(state, plan)).toEqual(observed)
  })

  test('an undo is done when its entries are out, and shows the same states the other way round', async () => {
    const { planned, target } = await planOf(ATTACKER, account())
    const {
      steps: [step],
      before,
      after,
    } = steps(planned)
    const undo = {
      steps: [{ ...step, ...(step!.undo as UndoCall[])[0] }],
      before: after,
      after: before,
    } as Plan
    for (const [entries, status, observed] of [
      [['52.1.1.1/32'], 'todo', after],
      [[], 'done', before],
    ] as const) {
      const { state } = await look(target, ATTACKER, account({ entries: () => [...entries] }), false)
      expect(playbook.status(undo.steps[0]!, state, undo)).toBe(status)
      expect(playbook.observe(state, undo)).toEqual(observed)
    }
  })
})

test('the impact is what stands behind the web ACL', async () => {
  const { state, target } = await planOf(ATTACKER, account())
  expect(
    await playbook.impact(state, account(), target, { before: {}, after: {} }, playbook.parameters.parse({})),
  ).toMatchObject({
    summary: 'web ACL shop (rule block-list) drops what these addresses send to 1 resource',
    affected: [{ type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', id: 'arn:alb' }],
    count: 1,
  })
})

test('it reads only what it declares', async () => {
  const group = 'arn:aws:wafv2:eu-central-1:111122223333:regional/rulegroup/attackers/g1'
  const refers = { Name: 'group', Priority: 0, Statement: { RuleGroupReferenceStatement: { ARN: group } } }
  const rules = {
    Name: 'block',
    Priority: 0,
    Action: { Block: {} },
    Statement: { IPSetReferenceStatement: { ARN: ARN4 } },
  }
  const aws = account({
    'wafv2:GetWebACL': () => ({ WebACL: { Name: 'shop', ARN: 'arn:shop', Rules: [refers] } }),
    'wafv2:GetRuleGroup': () => ({ RuleGroup: { Rules: [rules] } }),
  })
  expect((await planOf(ATTACKER, aws)).planned).toMatchObject({ kind: 'steps' })
  expect(new Set(aws.calls.map(({ action }) => action))).toEqual(new Set(playbook.reads))
})
