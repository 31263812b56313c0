/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  GetFindingsCommand,
  GuardDutyClient as Client,
  ListDetectorsCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-guardduty'
