import { unshareDocument } from '../../../playbooks/ssm/unshare-document.ts'
import { failure } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, onlyIf, type SettingTable } from '../setting-table.ts'

const DOCUMENT = 'rotate-logs'
const PRIVATE = { public: false, version: null }
const shared = (version: string) => ({ public: true, version })

/** Whom it is shared with: everybody as its values say, and others by number. */
function shares({ values, more }: LiveResource) {
  const others = (more.others ?? []) as string[]
  const everybody =
    values?.public === true ? [{ AccountId: 'all', SharedDocumentVersion: values.version }] : []
  return [...everybody, ...others.map((AccountId) => ({ AccountId, SharedDocumentVersion: '$DEFAULT' }))]
}

function there(document: LiveResource, name: unknown, action: string): void {
  if (!document.isThere || name !== DOCUMENT) throw absent(action, 'InvalidDocument')
}

export const table: SettingTable = {
  playbook: unshareDocument,
  finding: { source: 'securityhub', type: 'SSM.4', id: DOCUMENT },
  id: DOCUMENT,
  should: PRIVATE,
  other: shared('$LATEST'),
  rows: [
    { live: shared('$DEFAULT'), leads: 'set' },
    { live: shared('$ALL'), leads: 'set' },
    // AWS takes no number.
    { live: shared('2'), before: shared('$DEFAULT'), afterUndo: shared('$DEFAULT'), leads: 'set' },
    {
      live: shared('$DEFAULT'),
      more: { others: ['210987654321'] },
      warning: 'it stays shared with 210987654321',
      leads: 'set',
    },
    {
      live: shared('$DEFAULT'),
      more: { block: 'Disable' },
      warning: 'an undo needs the block of public sharing off in this region',
      leads: 'set',
    },
    {
      live: PRIVATE,
      more: { others: ['210987654321'] },
      leads: { outcome: 'alreadyCompliant', reason: 'public: false, version: null already' },
    },
  ],
  change: 'ssm:ModifyDocumentPermission',
  optionalReads: ['ssm:GetServiceSetting'],
  inAccount: { reads: ['ssm:ListDocuments'] },
  wire: {
    async plant({ send }) {
      const Name = 'rectify-wire-public'
      const inputs = { runCommand: ['true'] }
      const step = { action: 'aws:runShellScript', name: 'nothing', inputs }
      const Content = JSON.stringify({ schemaVersion: '2.2', description: 'nothing', mainSteps: [step] })
      await send('ssm', 'CreateDocument', { Name, DocumentType: 'Command', Content })
      const of = { Name, PermissionType: 'Share' } as const
      await send('ssm', 'ModifyDocumentPermission', { ...of, AccountIdsToAdd: ['all'] })
      const live = async () => (await send('ssm', 'DescribeDocumentPermission', of)).AccountIds ?? []
      return { id: Name, live, should: [] }
    },
    missing: 'rectify-wire-no-such-document',
  },
  aws: (document) => ({
    ssm: {
      ListDocuments: () => ({
        DocumentIdentifiers: [{ Name: 'gone-meanwhile' }, ...onlyIf(document, { Name: DOCUMENT })],
      }),
      DescribeDocumentPermission: ({ Name }) => {
        there(document, Name, 'ssm:DescribeDocumentPermission')
        const all = shares(document)
        return { AccountIds: all.map(({ AccountId }) => AccountId), AccountSharingInfoList: all }
      },
      ListTagsForResource: () => ({ TagList: document.tags }),
      GetServiceSetting: () => ({ ServiceSetting: { SettingValue: document.more.block ?? 'Enable' } }),
      ModifyDocumentPermission: ({ Name, AccountIdsToAdd, AccountIdsToRemove, SharedDocumentVersion }) => {
        there(document, Name, 'ssm:ModifyDocumentPermission')
        if (JSON.stringify(AccountIdsToAdd ?? AccountIdsToRemove) !== '["all"]')
          throw failure('ssm:ModifyDocumentPermission', 'InvalidPermissionType')
        document.values = AccountIdsToAdd ? shared(String(SharedDocumentVersion ?? '$DEFAULT')) : PRIVATE
        return {}
      },
    },
  }),
}
