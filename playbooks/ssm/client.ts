/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  DescribeDocumentPermissionCommand,
  DescribeInstanceInformationCommand,
  DescribeInstancePatchStatesCommand,
  DescribeMaintenanceWindowScheduleCommand,
  GetCalendarStateCommand,
  GetServiceSettingCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  ListDocumentsCommand,
  ListInventoryEntriesCommand,
  ListTagsForResourceCommand,
  ModifyDocumentPermissionCommand,
  SendCommandCommand,
  SSMClient as Client,
  UpdateServiceSettingCommand,
} from '@aws-sdk/client-ssm'
