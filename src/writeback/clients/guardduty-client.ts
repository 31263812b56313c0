/** What is used of the client: a bundle carries nothing else of it. */
export {
  ArchiveFindingsCommand,
  GetAdministratorAccountCommand,
  GuardDutyClient as Client,
  ListDetectorsCommand,
  UnarchiveFindingsCommand,
  UpdateFindingsFeedbackCommand,
} from '@aws-sdk/client-guardduty'
