/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  DescribeDBEngineVersionsCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient as Client,
} from '@aws-sdk/client-rds'
