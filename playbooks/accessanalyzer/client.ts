/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  AccessAnalyzerClient as Client,
  CheckNoPublicAccessCommand,
  ListAnalyzersCommand,
  ListFindingsCommand,
  ValidatePolicyCommand,
} from '@aws-sdk/client-accessanalyzer'
