/** What is used of the client: a bundle carries nothing else of it. */
export {
  BatchUpdateFindingsCommand,
  BatchUpdateFindingsV2Command,
  GetFindingsCommand,
  GetFindingsV2Command,
  SecurityHubClient as Client,
} from '@aws-sdk/client-securityhub'
