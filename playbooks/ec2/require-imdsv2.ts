import type { InstanceMetadataDefaultsResponse } from '@aws-sdk/client-ec2'
import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, listed, optionally } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { ec2 } from '../services.ts'
import { imdsV1Use, mayStillUseV1 } from './imdsv1-use.ts'
import { instanceIn, isOver, ofInstance } from './instances.ts'

const instance = listed(ec2, 'DescribeInstances', 'Reservations', ofInstance, (all, id) => {
  const found = instanceIn(all, id)
  return found && !isOver(found) ? found : undefined
})
const defaults = optionally(
  ec2,
  'GetInstanceMetadataDefaults',
  () => ({}),
  ({ AccountLevel = {} }) => AccountLevel,
)

/** Lets the metadata service of an instance answer IMDSv2 only: a request that is forged through the instance gets nothing. */
export const requireImdsV2 = defineSetting({
  id: 'ec2-require-imdsv2',
  title: 'Require IMDSv2 on an instance',
  about: {
    risk: "Whoever gets a program on the instance to fetch an address of his choice (server-side request forgery) reads the credentials of the instance's role by IMDSv1. IMDSv2 asks for a token first, which such a request cannot have.",
    breaks:
      'Programs that still ask by IMDSv1, as old SDKs and agents do, lose their credentials at once. CloudWatch counts them: unless it has counted none in 14 days a person looks first.',
  },
  implements: ['ec2-imdsv2'],
  resource: 'AWS::EC2::Instance',
  ids: ec2Ids('i'),
  arn: 'arn:{partition}:ec2:{region}:{account}:instance/{id}',
  tagsOf: 'the instance',
  property: 'MetadataOptions.HttpTokens',
  answers: [config('EC2_IMDSV2_CHECK'), securityHub('EC2.8'), prowler('ec2_instance_imdsv2_enabled')],
  suggestedMode: 'auto',
  look: allOf({ instance, use: imdsV1Use, defaults }),
  tags: ({ instance: { Tags } }) => tagsIn(Tags),
  vpc: ({ instance: { VpcId } }) => VpcId,
  // What is pending is not served yet: it counts when it is applied.
  values: ({ instance: { MetadataOptions: live } }) =>
    live?.HttpTokens ? { HttpTokens: live.State === 'pending' ? 'optional' : live.HttpTokens } : null,
  should: { HttpTokens: 'required' },
  set: (InstanceId, { HttpTokens }) =>
    call('ec2', 'ModifyInstanceMetadataOptions', { InstanceId, HttpTokens }),
  unless: ({ instance: { MetadataOptions: live } }) =>
    live?.HttpEndpoint === 'disabled' ? 'its metadata service is switched off' : undefined,
  effect: 'programs on the instance that ask for credentials by IMDSv1 get none any more',
  warnings: ({ instance: { MetadataOptions: live, Tags }, defaults: { told } }) => {
    const group = tagsIn(Tags)['aws:autoscaling:groupName']
    return [
      ...(live?.HttpPutResponseHopLimit === 1
        ? ['the hop limit is 1: containers on it that have no host network get no token, and no credentials']
        : []),
      ...(group === undefined
        ? []
        : [`Auto Scaling group ${group} launches from a template: require IMDSv2 there, too`]),
      ...(told === undefined ? [] : ofDefaults(told)),
    ]
  },
  cautions: ({ instance: own, use: { told } }) => mayStillUseV1(told, own),
})

/** What the account's own defaults mean for other instances, and for an undo. */
function ofDefaults({
  HttpTokens,
  ManagedBy,
  HttpTokensEnforced,
}: InstanceMetadataDefaultsResponse): string[] {
  const byWhom = ManagedBy === 'declarative-policy' ? ', by a declarative policy of the organization' : ''
  if (HttpTokensEnforced === 'enabled')
    return [`the account enforces IMDSv2${byWhom}: an undo may be refused`]
  if (HttpTokens === 'required') return []
  return [`new instances may use IMDSv1 again: the default of the account does not require IMDSv2${byWhom}`]
}
