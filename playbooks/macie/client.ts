/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  DisableMacieCommand,
  EnableMacieCommand,
  GetAdministratorAccountCommand,
  GetMacieSessionCommand,
  Macie2Client as Client,
  UpdateMacieSessionCommand,
} from '@aws-sdk/client-macie2'
