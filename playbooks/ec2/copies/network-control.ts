import type { FlowLog, NetworkAcl, NetworkAclEntry } from '@aws-sdk/client-ec2'
import { call } from '../../../src/playbook/api.ts'
import { type Making, making, picked } from '../../../src/playbook/service/copies.ts'
import { bucketMaking } from '../../s3/copies.ts'
import { subnetStubs, tagged, vpcStub } from './network.ts'

/** Number of the entry that denies what no other lets through; every ACL has it. */
const LAST = 32767

/**
 * A network ACL with its entries. A VPC's own is there with it, and lets everything through by its rule 100, which is
 * taken away before.
 */
export function aclMakings(acl: NetworkAcl): Making[] {
  const { NetworkAclId = '', VpcId = '', IsDefault, Entries = [], Associations = [], Tags } = acl
  const own = [
    { Name: 'vpc-id', Values: [VpcId] },
    { Name: 'default', Values: ['true'] },
  ]
  const made = IsDefault
    ? making(call('ec2', 'DescribeNetworkAcls', { Filters: own }), {
        makes: NetworkAclId,
        ids: { 'NetworkAcls.0.NetworkAclId': NetworkAclId },
        needs: [vpcStub(VpcId)],
        afterwards: [true, false].map((Egress) =>
          making(call('ec2', 'DeleteNetworkAclEntry', { NetworkAclId, Egress, RuleNumber: 100 })),
        ),
      })
    : making(call('ec2', 'CreateNetworkAcl', { VpcId, ...tagged('network-acl', Tags) }), {
        makes: NetworkAclId,
        ids: { 'NetworkAcl.NetworkAclId': NetworkAclId },
        needs: [vpcStub(VpcId)],
      })
  const entries = Entries.filter(({ RuleNumber }) => RuleNumber !== LAST).map((entry) =>
    entryMaking(NetworkAclId, entry),
  )
  return [made, ...entries, ...subnetStubs(Associations, VpcId)]
}

function entryMaking(NetworkAclId: string, entry: NetworkAclEntry): Making {
  const { RuleNumber, Protocol, RuleAction, Egress = false } = entry
  const more = picked(entry, 'CidrBlock', 'Ipv6CidrBlock', 'PortRange', 'IcmpTypeCode')
  const what = { RuleNumber, Protocol, RuleAction, Egress }
  return making(call('ec2', 'CreateNetworkAclEntry', { NetworkAclId, ...what, ...more }))
}

/** The bucket that flow logs are written to; none where they go elsewhere. */
export function flowLogBucket(LogDestination: string | undefined, region: string): Making[] {
  const bucket = /^arn:[^:]+:s3:::([^/]+)/.exec(LogDestination ?? '')?.[1]
  return bucket === undefined ? [] : [bucketMaking(bucket, region)]
}

/** A flow log, and the bucket that it writes to. */
export function flowLogMaking(log: FlowLog, region: string): Making {
  const { FlowLogId = '', ResourceId = '', LogDestination, Tags } = log
  return making(
    call('ec2', 'CreateFlowLogs', {
      ResourceIds: [ResourceId],
      ResourceType: 'VPC',
      ...picked(
        log,
        'TrafficType',
        'LogDestinationType',
        'LogDestination',
        'LogGroupName',
        'DeliverLogsPermissionArn',
      ),
      ...tagged('vpc-flow-log', Tags),
    }),
    {
      makes: FlowLogId,
      ids: { 'FlowLogIds.0': FlowLogId },
      needs: [vpcStub(ResourceId), ...flowLogBucket(LogDestination, region)],
    },
  )
}
