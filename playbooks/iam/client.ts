/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  GetAccountSummaryCommand,
  GetRoleCommand,
  IAMClient as Client,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
