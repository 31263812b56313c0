/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  DescribeInstanceInformationCommand,
  DescribeInstancePatchStatesCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  SendCommandCommand,
  SSMClient as Client,
} from '@aws-sdk/client-ssm'
