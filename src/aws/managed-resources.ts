import { type ApiCall, iamAction } from '../playbook/api.ts'

/**
 * The reads whose answer leaves out what an AWS service manages (nodes of EKS Auto Mode, their interfaces and volumes)
 * in an account whose managed resource visibility is `hidden`, unless they are asked to include it. A test compares
 * the list with the SDK.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
 */
export const HIDES_MANAGED: ReadonlySet<string> = new Set([
  'ec2:DescribeInstanceStatus',
  'ec2:DescribeInstances',
  'ec2:DescribeLaunchTemplateVersions',
  'ec2:DescribeLaunchTemplates',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeVolumeStatus',
  'ec2:DescribeVolumes',
  'ec2:DescribeVolumesModifications',
])

/** The read with everything in its answer: what is hidden is there all the same, and would be taken for absent. */
export function withManaged<C extends ApiCall>(call: C): C {
  if (!HIDES_MANAGED.has(iamAction(call.service, call.operation))) return call
  return { ...call, input: { ...call.input, IncludeManagedResources: true } }
}
