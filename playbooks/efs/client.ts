/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  DescribeBackupPolicyCommand,
  EFSClient as Client,
  ListTagsForResourceCommand,
  PutBackupPolicyCommand,
} from '@aws-sdk/client-efs'
