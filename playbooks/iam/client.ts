/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  CreateServiceLinkedRoleCommand,
  DeleteAccountPasswordPolicyCommand,
  GetAccountPasswordPolicyCommand,
  GetAccountSummaryCommand,
  GetLoginProfileCommand,
  GetRoleCommand,
  GetServerCertificateCommand,
  GetUserCommand,
  IAMClient as Client,
  ListMFADevicesCommand,
  ListServerCertificatesCommand,
  ListUsersCommand,
  SimulatePrincipalPolicyCommand,
  UpdateAccountPasswordPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
