import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making } from '../../src/playbook/service/copies.ts'

/** What a document says its looks do not ask: it does nothing. */
const CONTENT = JSON.stringify({
  schemaVersion: '2.2',
  description: 'a copy',
  mainSteps: [{ action: 'aws:runShellScript', name: 'nothing', inputs: { runCommand: ['true'] } }],
})

const documentMaking = (Name: string): Making =>
  making(call('ssm', 'CreateDocument', { Name, DocumentType: 'Command', Content: CONTENT }), {
    makes: `document ${Name}`,
  })

const OF_AGENTS = 'what an agent on a machine reports no call can make'

/** Documents without their content, and whether they may be shared with everybody. */
export const documentCopies = defineCopies('ssm', {
  ListDocuments: ({ answer }) =>
    (answer?.DocumentIdentifiers ?? []).map(({ Name = '' }) => documentMaking(Name)),
  DescribeDocumentPermission: ({ input: { Name = '' }, answer }) => {
    const ids = answer?.AccountIds ?? []
    const share = { Name, PermissionType: 'Share' as const, AccountIdsToAdd: ids }
    return [
      documentMaking(Name),
      ...(ids.length === 0 ? [] : [making(call('ssm', 'ModifyDocumentPermission', share))]),
    ]
  },
  DescribeInstanceInformation: () => OF_AGENTS,
  DescribeInstancePatchStates: () => OF_AGENTS,
  ListInventoryEntries: () => OF_AGENTS,
  DescribeMaintenanceWindowSchedule: () => [],
  ListCommands: () => [],
  ListCommandInvocations: () => [],
  GetServiceSetting: ({ input: { SettingId }, answer }) => {
    const { SettingValue } = answer?.ServiceSetting ?? {}
    return SettingValue === undefined
      ? []
      : [making(call('ssm', 'UpdateServiceSetting', { SettingId, SettingValue }))]
  },
  ListTagsForResource: ({ input: { ResourceType, ResourceId = '' }, answer }) => {
    const tags = answer?.TagList ?? []
    if (ResourceType !== 'Document')
      return tags.length === 0 ? [] : 'of what has tags only documents are made'
    return [
      documentMaking(ResourceId),
      ...(tags.length === 0
        ? []
        : [making(call('ssm', 'AddTagsToResource', { ResourceType, ResourceId, Tags: tags }))]),
    ]
  },
})
