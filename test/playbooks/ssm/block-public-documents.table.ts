import { blockPublicDocuments } from '../../../playbooks/ssm/block-public-documents.ts'
import { absent, type SettingTable } from '../setting-table.ts'

const SettingId = '/ssm/documents/console/public-sharing-permission'
const BLOCKED = { publicSharing: 'Disable' }
const OPEN = { publicSharing: 'Enable' }

function known(id: unknown, action: string): void {
  if (id !== SettingId) throw absent(action, 'ServiceSettingNotFound')
}

export const table: SettingTable = {
  playbook: blockPublicDocuments,
  finding: { source: 'securityhub', type: 'SSM.7' },
  id: '123456789012',
  isAlwaysThere: true,
  should: BLOCKED,
  other: OPEN,
  rows: [
    { live: OPEN, warning: 'documents that are public already stay public', leads: 'set' },
    { live: BLOCKED, leads: { outcome: 'alreadyCompliant', reason: 'publicSharing: Disable already' } },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say publicSharing' } },
  ],
  change: 'ssm:UpdateServiceSetting',
  wire: {
    async plant({ account, send }) {
      const live = async () =>
        (await send('ssm', 'GetServiceSetting', { SettingId })).ServiceSetting?.SettingValue
      return { id: account, live, should: 'Disable' }
    },
  },
  aws: (region) => ({
    ssm: {
      GetServiceSetting: ({ SettingId: id }) => {
        known(id, 'ssm:GetServiceSetting')
        return { ServiceSetting: { SettingId: id, SettingValue: region.values?.publicSharing } }
      },
      UpdateServiceSetting: ({ SettingId: id, SettingValue: publicSharing }) => {
        known(id, 'ssm:UpdateServiceSetting')
        region.values = { publicSharing }
        return {}
      },
    },
  }),
}
