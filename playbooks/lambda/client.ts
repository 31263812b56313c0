/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  AddPermissionCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient as Client,
  ListAliasesCommand,
  ListTagsCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda'
