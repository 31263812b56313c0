import { call } from '../../../src/playbook/api.ts'
import { defineCopies, type Making, making, picked } from '../../../src/playbook/service/copies.ts'
import { instanceMakings } from './instance-makings.ts'
import {
  groupMaking,
  interfaceMaking,
  prefixListMaking,
  ruleMakings,
  subnetMaking,
  vpcMaking,
  vpcStub,
} from './network.ts'
import { aclMakings, flowLogBucket, flowLogMaking } from './network-control.ts'
import { imageMaking, imageStub, snapshotMaking, snapshotStub } from './storage.ts'

const blocked = (state: string | undefined): state is string => state !== undefined && state !== 'unblocked'

/** What the looks of EC2's playbooks ask for, and their impact. Routes and metrics are not made: nothing goes by them there. */
export const ec2Copies = defineCopies(
  'ec2',
  {
    DescribeVpcs: ({ answer }) => (answer?.Vpcs ?? []).map((vpc) => vpcMaking(vpc)),
    DescribeSubnets: ({ answer }) => (answer?.Subnets ?? []).map((subnet) => subnetMaking(subnet)),
    DescribeSecurityGroups: ({ answer }) => (answer?.SecurityGroups ?? []).map((group) => groupMaking(group)),
    DescribeSecurityGroupRules: ({ answer }) => ruleMakings(answer?.SecurityGroupRules ?? []),
    DescribeNetworkInterfaces: ({ answer }) => (answer?.NetworkInterfaces ?? []).map(interfaceMaking),
    DescribeNetworkAcls: ({ answer }) => (answer?.NetworkAcls ?? []).flatMap(aclMakings),
    DescribeFlowLogs: ({ answer, region }) =>
      (answer?.FlowLogs ?? []).map((log) => flowLogMaking(log, region)),
    DescribeInstances: ({ answer }) =>
      (answer?.Reservations ?? []).flatMap(({ Instances = [] }) => Instances.flatMap(instanceMakings)),
    DescribeImages: ({ answer }) => (answer?.Images ?? []).map((image) => imageMaking(image)),
    DescribeImageAttribute: ({ input: { ImageId = '' }, answer }) => [
      imageStub(ImageId),
      ...(answer?.LaunchPermissions ?? []).map(({ Group, UserId }) =>
        making(
          call('ec2', 'ModifyImageAttribute', {
            ImageId,
            Attribute: 'launchPermission',
            OperationType: 'add',
            ...(Group !== undefined && { UserGroups: [Group] }),
            ...(UserId !== undefined && { UserIds: [UserId] }),
          }),
        ),
      ),
    ],
    DescribeSnapshots: ({ answer, region }) =>
      (answer?.Snapshots ?? []).map((snapshot) => snapshotMaking(snapshot, region)),
    DescribeSnapshotAttribute: ({ input: { SnapshotId = '' }, answer, region }) => [
      snapshotStub(SnapshotId, region),
      ...(answer?.CreateVolumePermissions ?? []).map(({ Group, UserId }) =>
        making(
          call('ec2', 'ModifySnapshotAttribute', {
            SnapshotId,
            Attribute: 'createVolumePermission',
            OperationType: 'add',
            ...(Group !== undefined && { GroupNames: [Group] }),
            ...(UserId !== undefined && { UserIds: [UserId] }),
          }),
        ),
      ),
    ],
    DescribeAddresses: ({ answer }) =>
      (answer?.Addresses ?? []).length === 0 ? [] : 'public addresses are given anew, and others',
    GetManagedPrefixListEntries: ({ input: { PrefixListId = '' }, answer }) => [
      prefixListMaking(PrefixListId, answer?.Entries ?? []),
    ],
    DescribeRouteTables: ({ answer, input: { Filters = [] } }) =>
      routesOf(answer?.RouteTables?.length ?? 0, Filters),
    GetEbsEncryptionByDefault: ({ answer }) =>
      answer?.EbsEncryptionByDefault ? [making(call('ec2', 'EnableEbsEncryptionByDefault', {}))] : [],
    GetEbsDefaultKmsKeyId: ({ answer }) =>
      answer?.KmsKeyId === 'alias/aws/ebs' ? [] : 'a default key of the account is not made',
    GetImageBlockPublicAccessState: ({ answer }) =>
      blocked(answer?.ImageBlockPublicAccessState)
        ? [
            making(
              call('ec2', 'EnableImageBlockPublicAccess', {
                ImageBlockPublicAccessState: 'block-new-sharing',
              }),
            ),
          ]
        : [],
    GetSnapshotBlockPublicAccessState: ({ answer }) =>
      blocked(answer?.State)
        ? [
            making(
              call(
                'ec2',
                'EnableSnapshotBlockPublicAccess',
                picked(answer!, 'State') as { State: 'block-all-sharing' },
              ),
            ),
          ]
        : [],
    GetInstanceMetadataDefaults: ({ answer }) =>
      answer?.AccountLevel === undefined || Object.keys(answer.AccountLevel).length === 0
        ? []
        : 'defaults of the account are not made',
  },
  {
    CreateFlowLogs: ({ LogDestination }, region) => flowLogBucket(LogDestination, region),
  },
)

/** A VPC has its main table from the start; what else routes there is not made. */
function routesOf(
  tables: number,
  filters: { Name?: string | undefined; Values?: string[] | undefined }[],
): Making[] | string {
  const vpc = filters.find(({ Name }) => Name === 'vpc-id')?.Values?.[0]
  if (tables > 1 || vpc === undefined) return 'routes beyond the main table are not made'
  return [vpcStub(vpc)]
}
