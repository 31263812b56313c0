/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  DescribeHubCommand,
  DisableSecurityHubCommand,
  EnableSecurityHubCommand,
  GetFindingsCommand,
  SecurityHubClient as Client,
} from '@aws-sdk/client-securityhub'
