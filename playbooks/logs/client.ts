/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  CloudWatchLogsClient as Client,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs'
