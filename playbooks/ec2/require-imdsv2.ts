import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { listed } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { instanceIn, isOver, ofInstance } from './instances.ts'
import { ec2 } from './service.ts'

/** Lets the metadata service of an instance answer IMDSv2 only: a request that is forged through the instance gets nothing. */
export const requireImdsV2 = defineSetting({
  id: 'ec2-require-imdsv2',
  title: 'Require IMDSv2 on an instance',
  about: {
    risk: "A web application that can be made to fetch an address hands out the credentials of the instance's role: IMDSv1 answers a plain request.",
    breaks:
      'Programs that ask for credentials by IMDSv1 (old SDKs, scripts with curl) get none any more. CloudWatch counts them as MetadataNoToken.',
  },
  implements: ['ec2-imdsv2'],
  resource: 'AWS::EC2::Instance',
  ids: ec2Ids('i'),
  arn: 'arn:{partition}:ec2:{region}:{account}:instance/{id}',
  tagsOf: 'the instance',
  property: 'MetadataOptions.HttpTokens',
  answers: [config('EC2_IMDSV2_CHECK'), securityHub('EC2.8'), prowler('ec2_instance_imdsv2_enabled')],
  suggestedMode: 'approve',
  look: listed(ec2, 'DescribeInstances', 'Reservations', ofInstance, (all, id) => {
    const instance = instanceIn(all, id)
    return instance && !isOver(instance) ? instance : undefined
  }),
  tags: ({ Tags }) => tagsIn(Tags),
  // What is pending is not served yet: it counts when it is applied.
  values: ({ MetadataOptions: live }) =>
    live?.HttpTokens ? { HttpTokens: live.State === 'pending' ? 'optional' : live.HttpTokens } : null,
  should: { HttpTokens: 'required' },
  set: (InstanceId, { HttpTokens }) =>
    call('ec2', 'ModifyInstanceMetadataOptions', { InstanceId, HttpTokens }),
  unless: ({ MetadataOptions: live }) =>
    live?.HttpEndpoint === 'disabled' ? 'its metadata service is switched off' : undefined,
  effect: 'programs on the instance that ask for credentials by IMDSv1 get none any more',
  warnings: () => ['CloudWatch MetadataNoToken counts what still asks by IMDSv1: see that it is 0 before'],
})
