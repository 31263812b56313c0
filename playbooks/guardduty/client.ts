/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  CreateDetectorCommand,
  DeleteDetectorCommand,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  GetFindingsCommand,
  GuardDutyClient as Client,
  ListDetectorsCommand,
  ListFindingsCommand,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty'
