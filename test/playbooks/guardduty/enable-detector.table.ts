import { enableDetector } from '../../../playbooks/guardduty/enable-detector.ts'
import { absent, type SettingTable } from '../setting-table.ts'

const DetectorId = '12abc34d567e8fa901bc2d34e56789f0'
const off = { Status: 'DISABLED' }
const on = { Status: 'ENABLED' }
const managedBy = (RelationshipStatus: string) => ({
  Administrator: { AccountId: '444455556666', RelationshipStatus },
})

export const table: SettingTable = {
  playbook: enableDetector,
  finding: { type: 'GUARDDUTY_ENABLED_CENTRALIZED' },
  id: '123456789012',
  should: on,
  other: off,
  isAlwaysThere: true,
  rows: [
    { live: off, leads: 'set' },
    { live: null, changes: ['guardduty:CreateDetector'], leads: 'set' },
    { live: off, more: managedBy('Resigned'), leads: 'set' },
    { live: on, leads: { outcome: 'alreadyCompliant', reason: 'Status: ENABLED' } },
    { live: on, more: managedBy('Enabled'), leads: { outcome: 'alreadyCompliant', reason: 'ENABLED' } },
    ...['444455556666', '777788889999'].map((CentralMonitoringAccount) => ({
      live: on,
      more: managedBy('Enabled'),
      finding: { evidence: { ruleParameters: { CentralMonitoringAccount } } },
      leads:
        CentralMonitoringAccount === '444455556666'
          ? ({ outcome: 'alreadyCompliant', reason: 'ENABLED' } as const)
          : ({ outcome: 'unverified', reason: 'asks that account 777788889999 manages GuardDuty' } as const),
    })),
    {
      live: off,
      more: managedBy('Enabled'),
      leads: { outcome: 'notApplicable', reason: 'account 444455556666 manages GuardDuty here' },
    },
    { live: {}, leads: { outcome: 'failed', reason: 'does not say the status of detector' } },
  ],
  change: 'guardduty:UpdateDetector',
  wire: {
    async plant({ account, send }) {
      const live = async () => {
        const { DetectorIds: [id] = [] } = await send('guardduty', 'ListDetectors', {})
        return id && (await send('guardduty', 'GetDetector', { DetectorId: id })).Status
      }
      return { id: account, live, should: 'ENABLED' }
    },
  },
  aws: (resource) => ({
    guardduty: {
      ListDetectors: () => ({ DetectorIds: resource.values ? [DetectorId] : [] }),
      GetDetector: () => ({ Status: resource.values?.Status }),
      GetAdministratorAccount: () => resource.more,
      CreateDetector: () => {
        resource.values = on
        return { DetectorId }
      },
      UpdateDetector: ({ DetectorId: id, Enable }) => {
        if (id !== DetectorId) throw absent('guardduty:UpdateDetector', 'BadRequestException')
        resource.values = { Status: Enable ? 'ENABLED' : 'DISABLED' }
        return {}
      },
      DeleteDetector: ({ DetectorId: id }) => {
        if (id !== DetectorId) throw absent('guardduty:DeleteDetector', 'BadRequestException')
        resource.values = null
        return {}
      },
    },
  }),
}
