/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  DatabaseMigrationServiceClient as Client,
  DescribeReplicationInstancesCommand,
  DescribeReplicationTasksCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-database-migration-service'
