/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  CreateServiceLinkedRoleCommand,
  DeleteAccountPasswordPolicyCommand,
  GetAccountPasswordPolicyCommand,
  GetAccountSummaryCommand,
  GetRoleCommand,
  IAMClient as Client,
  UpdateAccountPasswordPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
