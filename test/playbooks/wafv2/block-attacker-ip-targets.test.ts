import { describe, expect, test } from '@jest/globals'
import { blockAttackerIp as playbook } from '../../../playbooks/wafv2/block-attacker-ip.ts'
import { matches } from '../../../src/playbook/matchers.ts'
import type { Answers } from '../../support/reader.ts'
import { ARN4, ARN6, ATTACKER, account, defaults, reasonOf, targetsOf } from './account-that-blocks.ts'
import { on, probe } from './port-probe-finding.ts'

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
