/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export { CloudWatchClient as Client, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
