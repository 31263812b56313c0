import { isDate } from 'node:util/types'
import { expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import type { InVpc } from '../../src/playbook/playbook.ts'
import { newWorld, start, type World } from '../engine/simulated-world.ts'
import { arranged, ruleOfCase } from '../support/case-per-playbook.ts'

/** Kinds that stand in a VPC, as their looks tell it: a policy may go by the tags of that. */

const VPC = 'vpc-0a1b2c3d4e5f60718'
const GROUP = 'sg-0a1b2c3d4e5f60718'

/** What a look tells, by the kind of the resource. */
const TOLD: Record<string, InVpc> = {
  'AWS::EC2::SecurityGroup': VPC,
  'AWS::EC2::Subnet': VPC,
  'AWS::EC2::NetworkAcl': VPC,
  'AWS::EC2::Instance': VPC,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': VPC,
  'AWS::ElasticLoadBalancingV2::Listener': VPC,
  'AWS::RDS::DBInstance': VPC,
  'AWS::RDS::DBCluster': { group: GROUP },
  'AWS::Redshift::Cluster': VPC,
  'AWS::EKS::Cluster': VPC,
  'AWS::OpenSearchService::Domain': VPC,
  'AWS::DMS::ReplicationInstance': VPC,
}

test('each of these kinds is that of some playbook', () => {
  const kinds = new Set(playbooks.map(({ resource }) => resource))
  expect(Object.keys(TOLD).filter((kind) => !kinds.has(kind))).toEqual([])
})

/** The names by which AWS's answers tell a VPC (models of botocore), put into what the cases answer. */
const IN_ANSWERS: Record<string, object> = {
  SecurityGroups: { VpcId: VPC },
  Subnets: { VpcId: VPC },
  NetworkAcls: { VpcId: VPC },
  Instances: { VpcId: VPC },
  LoadBalancers: { VpcId: VPC },
  DBInstances: { DBSubnetGroup: { VpcId: VPC } },
  DBClusters: { VpcSecurityGroups: [{ VpcSecurityGroupId: GROUP }] },
  Clusters: { VpcId: VPC },
  ReplicationInstances: { ReplicationSubnetGroup: { VpcId: VPC } },
  resourcesVpcConfig: { vpcId: VPC },
  DomainConfig: { VPCOptions: { Options: { VPCId: VPC } } },
}

function inVpc(answer: unknown, more: object = {}): unknown {
  if (Array.isArray(answer)) return answer.map((each) => inVpc(each, more))
  if (typeof answer !== 'object' || answer === null || isDate(answer)) return answer
  const fields = Object.entries(answer).map(([key, value]) => [key, inVpc(value, IN_ANSWERS[key])])
  return { ...Object.fromEntries(fields), ...more }
}

/** As the case of its page, with everything in a VPC. */
function world(playbook: string): World {
  const rule = ruleOfCase(playbook) ?? '  - mode: auto\n'
  const made = newWorld(`version: 1\ntagsOf: [resource, vpc]\nrules:\n${rule}`)
  const { aws } = made
  const send = aws.send.bind(aws)
  aws.send = async (...call) => inVpc(await send(...call)) as Record<string, unknown>
  return made
}

test.each(playbooks.map((playbook) => [playbook.id, playbook] as const))(
  '%s says in which VPC its resource stands, where that stands in one',
  async (id, { resource }) => {
    const made = world(id)
    const asked: InVpc[] = []
    const taggedPlaces = {
      vpc: async (_: unknown, vpc: InVpc) => {
        asked.push(vpc)
        return { tags: { 'rectify:mode': 'off' } }
      },
      stack: async () => ({ tags: null }),
    }
    const about = arranged(id, made)!
    const { runs } = await start(made, { playbooks, taggedPlaces }).engine.handle([about], 'plan')
    const own = runs.filter(({ playbook }) => playbook === id)
    expect(own).not.toEqual([])
    const told = TOLD[resource]
    expect([...new Set(asked.map((each) => JSON.stringify(each)))]).toEqual(
      told === undefined ? [] : [JSON.stringify(told)],
    )
    if (told !== undefined) expect(own[0]!.ruling).toMatchObject({ mode: 'off' })
  },
)
