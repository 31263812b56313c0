import type { InstanceInformation } from '@aws-sdk/client-ssm'
import type { Finding } from '../../src/findings/finding.ts'
import { type NotApplicable, notApplicable, type Target, targetOf } from '../../src/playbook/playbook.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
import { type Looking, lookCall } from '../../src/playbook/setting/looks.ts'
import { ssm } from '../services.ts'
import { unlessUnknown } from './patch-command.ts'

/** An instance of EC2 as Systems Manager and AWS Config name it. */
export const MANAGED_INSTANCE = {
  resource: 'AWS::EC2::Instance',
  ids: ec2Ids('i'),
  arn: 'arn:{partition}:ec2:{region}:{account}:instance/{id}',
  // Config names it `i-...` or `AWS::SSM::ManagedInstanceInventory/i-...`, also on AWS::SSM::PatchCompliance.
  alsoNamed: [
    'AWS::SSM::ManagedInstanceInventory',
    'AWS::SSM::PatchCompliance',
    'arn:{partition}:ssm:{region}:{account}:managed-instance-inventory/{id}',
    'arn:{partition}:ssm:{region}:{account}:managed-instance/{id}',
  ],
}

/** The instances that a finding is about. Hybrid nodes, which Systems Manager manages too, are none. */
export async function managedInstances(finding: Finding): Promise<Target[] | NotApplicable> {
  const named = finding.resources.map(({ id }) => targetOf(MANAGED_INSTANCE, id, finding))
  const instances = named.filter(({ notUnderstood }) => notUnderstood === undefined)
  if (instances.length > 0) return instances
  const [node] = finding.resources.flatMap(({ id }) => /(?:^|\/)(mi-[0-9a-z]+)$/.exec(id)?.[1] ?? [])
  if (node) return notApplicable(`${node} is a hybrid node (not an EC2 instance); these are not supported`)
  return named.length > 0 ? named.slice(0, 1) : notApplicable('the finding names no instance')
}

/** What Systems Manager knows of an instance; nothing where it has no agent. */
export const agentOf: Looking<InstanceInformation> = {
  calls: [lookCall(ssm, 'DescribeInstanceInformation')],
  async at(aws, { id }) {
    const byId = { Filters: [{ Key: 'InstanceIds', Values: [id] }] }
    const all = await unlessUnknown(
      aws.list('ssm', 'DescribeInstanceInformation', byId, 'InstanceInformationList'),
      [],
    )
    return all.find(({ InstanceId }) => InstanceId === id) ?? {}
  },
}
