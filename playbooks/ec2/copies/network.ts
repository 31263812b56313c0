import type {
  IpPermission,
  NetworkInterface,
  PrefixListEntry,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Tag,
  Vpc,
} from '@aws-sdk/client-ec2'
import { call } from '../../../src/playbook/api.ts'
import { type Making, making, picked } from '../../../src/playbook/service/copies.ts'

type Kind =
  | 'vpc'
  | 'subnet'
  | 'security-group'
  | 'security-group-rule'
  | 'network-interface'
  | 'instance'
  | 'snapshot'
  | 'image'
  | 'vpc-flow-log'
  | 'network-acl'

/** Tags as they are given to something that is being made; those of AWS's own cannot be given. */
export function tagged(ResourceType: Kind, Tags: readonly Tag[] = []) {
  const own = Tags.filter(({ Key = '' }) => !Key.startsWith('aws:'))
  return own.length === 0 ? {} : { TagSpecifications: [{ ResourceType, Tags: own }] }
}

/** Room for 4,096 subnets of 16 addresses, the smallest that there are. */
const ROOM = '10.0.0.0/16'
const PLACES = 4096
/** A subnet whose range is not known: its own place in a room that nobody looks at. */
const placeOf = (id: string) => [...id].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % PLACES, 7)
const rangeAt = (place: number) => `10.0.${place >> 4}.${(place % 16) * 16}/28`

export function vpcMaking(vpc: Vpc, isStub = false): Making {
  const { VpcId = '', CidrBlock = ROOM, Tags } = vpc
  return making(call('ec2', 'CreateVpc', { CidrBlock, ...tagged('vpc', Tags) }), {
    makes: VpcId,
    ids: { 'Vpc.VpcId': VpcId },
    ...(isStub && { isStub }),
  })
}

export const vpcStub = (VpcId: string): Making => vpcMaking({ VpcId }, true)

/** @param needs of the VPC where more is known of it */
export function subnetMaking(subnet: Subnet, isStub = false): Making {
  const { SubnetId = '', VpcId = '', AvailabilityZone, Tags, MapPublicIpOnLaunch } = subnet
  const { CidrBlock = rangeAt(placeOf(SubnetId)) } = subnet
  const vpc = isStub ? vpcStub(VpcId) : vpcMaking({ VpcId, CidrBlock: around(CidrBlock) }, true)
  const zone = AvailabilityZone === undefined ? {} : { AvailabilityZone }
  return making(call('ec2', 'CreateSubnet', { VpcId, CidrBlock, ...zone, ...tagged('subnet', Tags) }), {
    makes: SubnetId,
    ids: { 'Subnet.SubnetId': SubnetId },
    needs: [vpc],
    ...(isStub && { isStub }),
    ...(MapPublicIpOnLaunch !== undefined && {
      afterwards: [publicAddresses(SubnetId, MapPublicIpOnLaunch)],
    }),
  })
}

const publicAddresses = (SubnetId: string, Value: boolean): Making =>
  making(call('ec2', 'ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value } }))

export const subnetStub = (SubnetId: string, VpcId: string, AvailabilityZone?: string): Making =>
  subnetMaking({ SubnetId, VpcId, AvailabilityZone }, true)

/** Subnets of one VPC that something stands in together: none in the place of another. */
export function subnetStubs(
  subnets: readonly Pick<Subnet, 'SubnetId' | 'AvailabilityZone'>[],
  VpcId: string,
): Making[] {
  const taken = new Set<number>()
  return subnets.map((subnet) => {
    let place = placeOf(subnet.SubnetId ?? '')
    while (taken.has(place)) place = (place + 1) % PLACES
    taken.add(place)
    return subnetMaking({ ...subnet, VpcId, CidrBlock: rangeAt(place) }, true)
  })
}

/** The 65,536 addresses around those of a subnet: as many as a VPC's range may have. */
function around(cidr: string): string {
  const [a = '10', b = '0'] = cidr.split('.')
  return `${a}.${b}.0.0/16`
}

/** A group comes with a rule that lets everything out. */
const ALL_OUT: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }

export function groupMaking(group: SecurityGroup, isStub = false): Making {
  const { GroupId = '', GroupName = GroupId, VpcId = `vpc of ${GroupId}`, Tags } = group
  const { Description = 'a copy' } = group
  const needs = [vpcStub(VpcId)]
  const more = { makes: GroupId, needs, ...(isStub && { isStub }) }
  if (GroupName === 'default') return defaultGroup(GroupId, VpcId, more)
  return making(
    call('ec2', 'CreateSecurityGroup', {
      // Names of AWS's own cannot be given.
      GroupName: GroupName.replace(/^sg-/, 'copy-of-sg-'),
      Description,
      VpcId,
      ...tagged('security-group', Tags),
    }),
    { ...more, ids: { GroupId } },
  )
}

/** It is there with its VPC. */
function defaultGroup(GroupId: string, VpcId: string, more: Partial<Making>): Making {
  const Filters = [
    { Name: 'vpc-id', Values: [VpcId] },
    { Name: 'group-name', Values: ['default'] },
  ]
  return making(call('ec2', 'DescribeSecurityGroups', { Filters }), {
    ...more,
    ids: { 'SecurityGroups.0.GroupId': GroupId },
  })
}

export const groupStub = (GroupId: string, VpcId?: string): Making => groupMaking({ GroupId, VpcId }, true)

/** All rules of groups: the one that a new group has is taken away before, so that all there are have their ids. */
export function ruleMakings(rules: readonly SecurityGroupRule[]): Making[] {
  const groups = [...new Set(rules.map(({ GroupId = '' }) => GroupId))]
  const emptied = groups.map((GroupId) =>
    making(call('ec2', 'RevokeSecurityGroupEgress', { GroupId, IpPermissions: [ALL_OUT] }), {
      needs: [groupStub(GroupId)],
      unless: ['InvalidPermission.NotFound'],
    }),
  )
  return [...emptied, ...rules.map(ruleMaking)]
}

function ruleMaking(rule: SecurityGroupRule): Making {
  const { GroupId = '', SecurityGroupRuleId = '', IsEgress, Tags, ReferencedGroupInfo } = rule
  const input = { GroupId, IpPermissions: [permissionOf(rule)], ...tagged('security-group-rule', Tags) }
  const { GroupId: other } = ReferencedGroupInfo ?? {}
  const list = rule.PrefixListId
  return making(
    IsEgress
      ? call('ec2', 'AuthorizeSecurityGroupEgress', input)
      : call('ec2', 'AuthorizeSecurityGroupIngress', input),
    {
      needs: [
        groupStub(GroupId),
        ...(other === undefined || other === GroupId ? [] : [groupStub(other)]),
        ...(list === undefined ? [] : [prefixListMaking(list, [], true)]),
      ],
      ids: { 'SecurityGroupRules.0.SecurityGroupRuleId': SecurityGroupRuleId },
    },
  )
}

function permissionOf(rule: SecurityGroupRule): IpPermission {
  const { Description, CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo } = rule
  const described = Description === undefined ? {} : { Description }
  const ports = rule.IpProtocol === '-1' ? {} : picked(rule, 'FromPort', 'ToPort')
  return {
    IpProtocol: rule.IpProtocol,
    ...ports,
    ...(CidrIpv4 !== undefined && { IpRanges: [{ CidrIp: CidrIpv4, ...described }] }),
    ...(CidrIpv6 !== undefined && { Ipv6Ranges: [{ CidrIpv6, ...described }] }),
    ...(PrefixListId !== undefined && { PrefixListIds: [{ PrefixListId, ...described }] }),
    ...(ReferencedGroupInfo && {
      UserIdGroupPairs: [{ ...picked(ReferencedGroupInfo, 'GroupId', 'UserId'), ...described }],
    }),
  }
}

export function interfaceMaking(one: NetworkInterface): Making {
  const { NetworkInterfaceId = '', SubnetId = '', VpcId = '', Groups = [], AvailabilityZone, TagSet } = one
  const ids = Groups.map(({ GroupId = '' }) => GroupId)
  return making(
    call('ec2', 'CreateNetworkInterface', {
      SubnetId,
      Groups: ids,
      ...picked(one, 'Description'),
      ...tagged('network-interface', TagSet),
    }),
    {
      makes: NetworkInterfaceId,
      ids: { 'NetworkInterface.NetworkInterfaceId': NetworkInterfaceId },
      needs: [subnetStub(SubnetId, VpcId, AvailabilityZone), ...ids.map((id) => groupStub(id, VpcId))],
    },
  )
}

/** A list of networks that rules of groups name. */
export function prefixListMaking(
  PrefixListId: string,
  entries: readonly PrefixListEntry[],
  isStub = false,
): Making {
  const isV6 = entries.some(({ Cidr = '' }) => Cidr.includes(':'))
  return making(
    call('ec2', 'CreateManagedPrefixList', {
      PrefixListName: `copy-of-${PrefixListId}`,
      AddressFamily: isV6 ? 'IPv6' : 'IPv4',
      MaxEntries: Math.max(1, entries.length),
      Entries: entries.map(({ Cidr, Description }) => ({ Cidr, Description })),
    }),
    { makes: PrefixListId, ids: { 'PrefixList.PrefixListId': PrefixListId }, ...(isStub && { isStub }) },
  )
}
