/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  DescribeHubCommand,
  DisableSecurityHubCommand,
  EnableSecurityHubCommand,
  GetEnabledStandardsCommand,
  GetFindingsCommand,
  ListEnabledProductsForImportCommand,
  SecurityHubClient as Client,
} from '@aws-sdk/client-securityhub'
