import type { RouteTable } from '@aws-sdk/client-ec2'
import { call } from '../../src/playbook/api.ts'
import { cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { atFirst, followedBy, listed } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { ec2 } from '../services.ts'

const subnet = listed(
  ec2,
  'DescribeSubnets',
  'Subnets',
  (id) => ({ Filters: [{ Name: 'subnet-id', Values: [id] }] }),
  // A subnet that another account shares is listed, too.
  ([one], _id, { resource }) =>
    one && { ...one, isOwn: one.OwnerId !== undefined && resource.includes(`:${one.OwnerId}:`) },
)

/** The internet gateway that traffic of a subnet leaves by; undefined: it has none. */
function gatewayOf(tables: readonly RouteTable[], id: string): string | undefined {
  const associations = tables.flatMap((table) =>
    (table.Associations ?? []).map((association) => ({ ...association, table })),
  )
  const own =
    associations.find(({ SubnetId }) => SubnetId === id) ?? associations.find(({ Main }) => Main === true)
  const out = own?.table.Routes?.find(
    ({ DestinationCidrBlock: to, GatewayId: by }) => to === '0.0.0.0/0' && by?.startsWith('igw-'),
  )
  return out?.GatewayId
}

/** Lets a subnet give new instances no public address unless their launch asks for one. */
export const stopAutoPublicIp = defineSetting({
  id: 'ec2-stop-auto-public-ip',
  title: 'Stop a subnet from giving public addresses',
  about: {
    risk: 'Each instance that is launched in the subnet is given an address that the internet reaches, whether anybody wants that or not: only its security groups stand in between.',
    breaks:
      'New instances of a public subnet without NAT reach nothing outside: an Auto Scaling group starts to fail at its next launch, hours later. Where the subnet routes to an internet gateway a person looks first; instances that run keep their addresses.',
  },
  implements: ['subnet-no-auto-public-ip'],
  resource: 'AWS::EC2::Subnet',
  ids: ec2Ids('subnet'),
  arn: 'arn:{partition}:ec2:{region}:{account}:subnet/{id}',
  tagsOf: 'the subnet',
  answers: [
    config('SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED'),
    securityHub('EC2.15'),
    prowler('vpc_subnet_no_public_ip_by_default'),
    cloudTrail('ec2:ModifySubnetAttribute'),
  ],
  suggestedMode: 'approve',
  look: followedBy(subnet, (seen) =>
    atFirst(
      listed(
        ec2,
        'DescribeRouteTables',
        'RouteTables',
        () => ({ Filters: [{ Name: 'vpc-id', Values: [seen().VpcId ?? ''] }] }),
        (tables, id) => ({ gateway: gatewayOf(tables, id) }),
      ),
    ),
  ),
  tags: ([{ Tags }]) => tagsIn(Tags),
  vpc: ([{ VpcId }]) => VpcId,
  values: ([{ MapPublicIpOnLaunch: live }]) => (live === undefined ? null : { MapPublicIpOnLaunch: live }),
  should: { MapPublicIpOnLaunch: false },
  set: (SubnetId, { MapPublicIpOnLaunch: Value }) =>
    call('ec2', 'ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value } }),
  unless: ([{ isOwn, OwnerId = 'another account' }]) =>
    isOwn ? undefined : `the subnet is shared by ${OwnerId}, which alone can change it`,
  property: 'MapPublicIpOnLaunch',
  effect: 'new instances in it have a public address only where their launch asks for one',
  warnings: ([{ DefaultForAz }]) =>
    DefaultForAz ? ['a launch that names no subnet lands in it: it is the default of its zone'] : [],
  cautions: ([{ Tags }, { told }]) => {
    if (told?.gateway === undefined) return []
    const cluster = Object.keys(tagsIn(Tags)).find((key) => key.startsWith('kubernetes.io/cluster/'))
    const nodes =
      'managed node groups of EKS launch nodes in a public subnet only where it gives them addresses'
    return [
      `it routes to ${told.gateway}: new instances in it reach nothing outside unless they ask for an address`,
      ...(cluster === undefined ? [] : [`${nodes} (${cluster})`]),
    ]
  },
})
