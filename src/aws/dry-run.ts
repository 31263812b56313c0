import type { ApiCall } from '../playbook/api.ts'

/** Of the operations of EC2 that change something, those whose input has no DryRun. A test compares it with the SDK. */
const WITHOUT_DRY_RUN: ReadonlySet<string> = new Set([
  'AllocateHosts',
  'AssignIpv6Addresses',
  'AssignPrivateIpAddresses',
  'AssociateIamInstanceProfile',
  'AssociateSubnetCidrBlock',
  'AssociateVpcCidrBlock',
  'CancelExportTask',
  'CancelReservedInstancesListing',
  'CreateInstanceExportTask',
  'CreateReservedInstancesListing',
  'CreateVpnConnectionRoute',
  'DeleteVpnConnectionRoute',
  'DisableVpcClassicLinkDnsSupport',
  'DisassociateIamInstanceProfile',
  'DisassociateSubnetCidrBlock',
  'DisassociateVpcCidrBlock',
  'EnableVpcClassicLinkDnsSupport',
  'ModifyHosts',
  'ModifyIdFormat',
  'ModifyIdentityIdFormat',
  'ModifyInstancePlacement',
  'ModifyReservedInstances',
  'ModifySpotFleetRequest',
  'ModifySubnetAttribute',
  'ModifyVpcAttribute',
  'PurchaseHostReservation',
  'ReleaseHosts',
  'ReplaceIamInstanceProfileAssociation',
  'UnassignIpv6Addresses',
  'UnassignPrivateIpAddresses',
])

/** Whether AWS can be asked to only check the call. Of the services in use EC2 can; SSM, WAFv2, S3 and STS cannot. */
export function dryRunnable({ service, operation }: ApiCall): boolean {
  return service === 'ec2' && !WITHOUT_DRY_RUN.has(operation)
}
