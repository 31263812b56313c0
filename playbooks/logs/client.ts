/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  CloudWatchLogsClient as Client,
  DescribeLogGroupsCommand,
  GetQueryResultsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs'
