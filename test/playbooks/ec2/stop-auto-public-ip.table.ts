import { stopAutoPublicIp } from '../../../playbooks/ec2/stop-auto-public-ip.ts'
import { absent, onlyIf, type SettingTable } from '../setting-table.ts'

const SUBNET = 'subnet-0123456789abcdef0'
const GIVES = { MapPublicIpOnLaunch: true }
const GIVES_NONE = { MapPublicIpOnLaunch: false }

const local = { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' }
const toInternet = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-0a1b2c3d', State: 'active' }
const toNat = { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-0a1b2c3d', State: 'active' }
const main = (...routes: object[]) => ({ Associations: [{ Main: true }], Routes: [local, ...routes] })
const own = (...routes: object[]) => ({
  Associations: [{ Main: false, SubnetId: SUBNET }],
  Routes: [local, ...routes],
})
const REACHES = 'it routes to igw-0a1b2c3d: new instances in it reach nothing outside'

export const table: SettingTable = {
  playbook: stopAutoPublicIp,
  finding: { type: 'SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED', id: SUBNET },
  id: SUBNET,
  should: GIVES_NONE,
  other: GIVES,
  rows: [
    { live: GIVES, more: { tables: [main()] }, leads: 'set' },
    { live: GIVES, more: { tables: [main(toInternet)] }, caution: REACHES, leads: 'set' },
    { live: GIVES, more: { tables: [main(), own(toInternet)] }, caution: REACHES, leads: 'set' },
    { live: GIVES, more: { tables: [main(toInternet), own(toNat)] }, leads: 'set' },
    {
      live: GIVES,
      more: { tables: [own(toInternet)], cluster: 'kubernetes.io/cluster/shop' },
      caution:
        'managed node groups of EKS launch nodes in a public subnet only where it gives them addresses (kubernetes.io/cluster/shop)',
      leads: 'set',
    },
    {
      live: GIVES,
      more: { tables: [main()], DefaultForAz: true },
      warning: 'it is the default of its zone',
      leads: 'set',
    },
    {
      live: GIVES_NONE,
      leads: { outcome: 'alreadyCompliant', reason: 'MapPublicIpOnLaunch: false already' },
    },
    {
      live: GIVES,
      more: { OwnerId: '210987654321' },
      leads: { outcome: 'notApplicable', reason: 'the subnet is shared by 210987654321' },
    },
    { live: null, leads: { outcome: 'failed', reason: `AWS does not say MapPublicIpOnLaunch of ${SUBNET}` } },
  ],
  change: 'ec2:ModifySubnetAttribute',
  wire: {
    async plant({ send }) {
      const { Vpc } = await send('ec2', 'CreateVpc', { CidrBlock: '10.99.0.0/16' })
      const { Subnet } = await send('ec2', 'CreateSubnet', {
        VpcId: Vpc!.VpcId!,
        CidrBlock: '10.99.1.0/24',
      })
      const SubnetId = Subnet!.SubnetId!
      await send('ec2', 'ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value: true } })
      const live = async () =>
        (await send('ec2', 'DescribeSubnets', { SubnetIds: [SubnetId] })).Subnets![0]!.MapPublicIpOnLaunch
      return { id: SubnetId, live, should: false }
    },
    missing: 'subnet-0ffffffffffffffff',
  },
  aws: (subnet) => ({
    ec2: {
      DescribeSubnets: () => {
        const { cluster, DefaultForAz = false, OwnerId = '123456789012' } = subnet.more
        const ofCluster = cluster === undefined ? [] : [{ Key: String(cluster), Value: 'owned' }]
        return {
          Subnets: onlyIf(subnet, {
            ...{ SubnetId: SUBNET, VpcId: 'vpc-0a1b2c3d', OwnerId, DefaultForAz },
            Tags: [...subnet.tags, ...ofCluster],
            ...subnet.values,
          }),
        }
      },
      DescribeRouteTables: () => ({ RouteTables: subnet.more.tables ?? [] }),
      ModifySubnetAttribute: ({ MapPublicIpOnLaunch }) => {
        if (!subnet.isThere) throw absent('ec2:ModifySubnetAttribute', 'InvalidSubnetID.NotFound')
        subnet.values = { MapPublicIpOnLaunch: (MapPublicIpOnLaunch as { Value: boolean }).Value }
        return {}
      },
    },
  }),
}
