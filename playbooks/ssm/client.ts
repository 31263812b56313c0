/** Systems Manager as far as playbooks use it: what they declare to read and write. Nothing else is bundled. */
export {
  DescribeInstanceInformationCommand,
  DescribeInstancePatchStatesCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  SendCommandCommand,
  SSMClient as Client,
} from '@aws-sdk/client-ssm'
