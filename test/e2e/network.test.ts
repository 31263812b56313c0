import { beforeAll, expect, test } from '@jest/globals'
import { services } from '../../playbooks/index.ts'
import { sdkAws } from '../../src/aws/sdk.ts'
import { AUTO, finding, newWorld, start } from '../engine/simulated-world.ts'
import type { Wire } from '../playbooks/setting-table.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'
import { wireTo } from '../support/wire.ts'

/** What is no setting of a network, over the wire: put right, found right, and taken back. */

const sandbox = withSandbox({ seed: false })
let wire: Wire
let vpc: string

beforeAll(async () => {
  const config = clientConfig(sandbox())
  wire = wireTo(config, '123456789012')
  const { Vpc } = await wire.send('ec2', 'CreateVpc', { CidrBlock: '10.78.0.0/16' })
  vpc = Vpc?.VpcId ?? ''
})

interface Case {
  type: string
  resource: string
  /** Id of the resource, as AWS made it with the VPC. */
  id: () => Promise<string | undefined>
  /** What AWS holds of it now. */
  live: (id: string) => Promise<string[]>
  wanted: (before: string[]) => string[]
}

const inVpc = () => [{ Name: 'vpc-id', Values: [vpc] }]

const defaultGroup: Case = {
  type: 'VPC_DEFAULT_SECURITY_GROUP_CLOSED',
  resource: 'AWS::EC2::SecurityGroup',
  async id() {
    const Filters = [...inVpc(), { Name: 'group-name', Values: ['default'] }]
    return (await wire.send('ec2', 'DescribeSecurityGroups', { Filters })).SecurityGroups?.[0]?.GroupId
  },
  async live(id) {
    const Filters = [{ Name: 'group-id', Values: [id] }]
    const { SecurityGroupRules = [] } = await wire.send('ec2', 'DescribeSecurityGroupRules', { Filters })
    return SecurityGroupRules.map(({ IsEgress, IpProtocol, CidrIpv4, ReferencedGroupInfo }) =>
      [IsEgress ? 'out' : 'in', IpProtocol, CidrIpv4 ?? ReferencedGroupInfo?.GroupId].join(' '),
    ).sort()
  },
  wanted: () => [],
}

const acl: Case = {
  type: 'NACL_NO_UNRESTRICTED_SSH_RDP',
  resource: 'AWS::EC2::NetworkAcl',
  async id() {
    const { NetworkAcls } = await wire.send('ec2', 'DescribeNetworkAcls', { Filters: inVpc() })
    return NetworkAcls?.[0]?.NetworkAclId
  },
  async live(id) {
    const { NetworkAcls } = await wire.send('ec2', 'DescribeNetworkAcls', { NetworkAclIds: [id] })
    const entries = NetworkAcls?.[0]?.Entries?.filter(({ Egress }) => !Egress) ?? []
    return entries
      .toSorted((a, b) => a.RuleNumber! - b.RuleNumber!)
      .map(({ RuleNumber, RuleAction, PortRange, CidrBlock }) =>
        [RuleNumber, RuleAction, PortRange?.From ?? 'all', CidrBlock].join(' '),
      )
  },
  wanted: (before) => [
    '92 allow 3389 10.0.0.0/8',
    '93 allow 3389 172.16.0.0/12',
    '94 allow 3389 192.168.0.0/16',
    '95 deny 3389 0.0.0.0/0',
    '96 allow 22 10.0.0.0/8',
    '97 allow 22 172.16.0.0/12',
    '98 allow 22 192.168.0.0/16',
    '99 deny 22 0.0.0.0/0',
    ...before,
  ],
}

test.each([
  ['the default group', defaultGroup],
  ['the network ACL', acl],
])('%s that AWS makes with a VPC', async (_, { type, resource, id, live, wanted }) => {
  const { credentials, ...place } = clientConfig(sandbox())
  const aws = sdkAws({ services, ...place, credentials: async () => credentials })
  const world = newWorld(AUTO)
  const { account } = await aws.identity()
  const named = (await id()) ?? ''
  const about = { account, region: place.region, resources: [{ type: resource, id: named }] }
  const { engine } = start(world, { aws, answer: () => ({ kind: 'approve' }) })
  const before = await live(named)
  expect(before).not.toEqual([])

  const [applied] = (await engine.handle([finding(world, { source: 'config', type, ...about })], 'apply'))
    .runs
  expect(applied).toMatchObject({ outcome: 'remediated' })
  expect(await live(named)).toEqual(wanted(before))
  world.clock.advance(60_000)
  const again = await engine.handle([finding(world, { source: 'config', type, ...about })], 'apply')
  expect(again.runs).toMatchObject([{ outcome: 'alreadyCompliant' }])
  const undone = await engine.undo(applied!.id, { restFor: 'PT24H' })
  expect(undone.runs).toMatchObject([{ outcome: 'undone' }])
  expect(await live(named)).toEqual(before)
})
