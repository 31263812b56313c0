/** CloudFormation as far as the engine asks it for tags of a stack. Nothing else of its client is bundled. */
export { CloudFormationClient as Client, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
