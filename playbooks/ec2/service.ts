import { byFilter, fieldsOf, idIn, type Joinable } from '../../src/playbook/service/joinable.ts'
import { defineService, type Page } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    ec2: typeof import('@aws-sdk/client-ec2')
  }
}

/** EC2 takes at most 200 values per filter. */
const filtered = (items: string, filter: string, idsOf: Joinable['idsOf']): Joinable => ({
  items,
  most: 200,
  ...byFilter('Name', filter),
  idsOf,
})

/** Its lists have pages of up to 1000, unless ids are named. */
const pages = (without: string): Page => ({ field: 'MaxResults', size: 1000, without })

/** It names what is missing before `.NotFound`: InvalidGroup.NotFound, InvalidSnapshot.NotFound ... */
export const ec2 = defineService({
  id: 'ec2',
  load: () => import('./client.ts'),
  errors: {
    denied: ['AuthFailure', 'OperationNotPermitted', 'UnauthorizedOperation'],
    alreadySo: [
      'FlowLogAlreadyExists',
      'InvalidPermission.Duplicate',
      'InvalidNetworkAclEntry.NotFound',
      'InvalidPermission.NotFound',
      'InvalidSecurityGroupRuleId.NotFound',
      'InvalidSecurityGroupRuleID.NotFound',
      'NetworkAclEntryAlreadyExists',
    ],
    conflict: [
      'DependencyViolation',
      'IncorrectInstanceState',
      'IncorrectState',
      'IncorrectState.Snapshot',
      'PrefixListVersionMismatch',
    ],
  },
  joinable: {
    DescribeSecurityGroupRules: filtered('SecurityGroupRules', 'group-id', idIn('GroupId')),
    DescribeSecurityGroups: filtered('SecurityGroups', 'group-id', idIn('GroupId')),
    DescribeNetworkInterfaces: filtered('NetworkInterfaces', 'group-id', ({ Groups }) =>
      fieldsOf(Groups).map(({ GroupId }) => String(GroupId)),
    ),
    DescribeVpcs: filtered('Vpcs', 'vpc-id', idIn('VpcId')),
    DescribeSnapshots: filtered('Snapshots', 'snapshot-id', idIn('SnapshotId')),
    DescribeImages: filtered('Images', 'image-id', idIn('ImageId')),
    DescribeSubnets: filtered('Subnets', 'subnet-id', idIn('SubnetId')),
    DescribeInstances: {
      ...filtered('Reservations', 'instance-id', ({ Instances }) =>
        fieldsOf(Instances).map(({ InstanceId }) => String(InstanceId)),
      ),
      part: (item, wanted) => ({
        ...item,
        Instances: fieldsOf(item.Instances).filter(({ InstanceId }) => wanted.has(String(InstanceId))),
      }),
    },
  },
  pages: {
    DescribeFlowLogs: pages('FlowLogIds'),
    DescribeInstances: pages('InstanceIds'),
    DescribeNetworkInterfaces: pages('NetworkInterfaceIds'),
    DescribeNetworkAcls: pages('NetworkAclIds'),
    DescribeSecurityGroupRules: pages('SecurityGroupRuleIds'),
    DescribeSecurityGroups: pages('GroupIds'),
    DescribeImages: pages('ImageIds'),
    DescribeRouteTables: { field: 'MaxResults', size: 100 },
    DescribeSnapshots: pages('SnapshotIds'),
    DescribeSubnets: pages('SubnetIds'),
    DescribeVpcs: pages('VpcIds'),
    GetManagedPrefixListEntries: { field: 'MaxResults', size: 100 },
  },
  dryRun: [
    'AuthorizeSecurityGroupEgress',
    'AuthorizeSecurityGroupIngress',
    'CreateFlowLogs',
    'CreateNetworkAclEntry',
    'CreateTags',
    'DeleteFlowLogs',
    'DeleteNetworkAclEntry',
    'DisableEbsEncryptionByDefault',
    'DisableImageBlockPublicAccess',
    'DisableSnapshotBlockPublicAccess',
    'EnableEbsEncryptionByDefault',
    'EnableImageBlockPublicAccess',
    'EnableSnapshotBlockPublicAccess',
    'ModifyImageAttribute',
    'ModifyInstanceMetadataOptions',
    'ModifySnapshotAttribute',
    'RevokeSecurityGroupEgress',
    'RevokeSecurityGroupIngress',
  ],
  // The nodes of EKS Auto Mode, their interfaces and volumes, in an account whose managed resource visibility is `hidden`:
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
  hidesManaged: [
    'DescribeInstanceStatus',
    'DescribeInstances',
    'DescribeLaunchTemplateVersions',
    'DescribeLaunchTemplates',
    'DescribeNetworkInterfaces',
    'DescribeVolumeStatus',
    'DescribeVolumes',
    'DescribeVolumesModifications',
  ],
})
