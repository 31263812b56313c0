import { enableMacie } from '../../../playbooks/macie/enable.ts'
import { failure } from '../../support/aws-model/failure.ts'
import type { SettingTable } from '../setting-table.ts'

const on = { status: 'ENABLED' }
const paused = { status: 'PAUSED' }
const managedBy = (relationshipStatus: string) => ({
  administrator: { accountId: '444455556666', relationshipStatus },
})

export const table: SettingTable = {
  playbook: enableMacie,
  finding: { source: 'securityhub', type: 'Macie.1' },
  id: '123456789012',
  should: on,
  other: paused,
  isAlwaysThere: true,
  rows: [
    { live: paused, leads: 'set' },
    { live: null, changes: ['macie2:EnableMacie'], leads: 'set' },
    { live: paused, more: managedBy('Resigned'), leads: 'set' },
    { live: on, leads: { outcome: 'alreadyCompliant', reason: 'status: ENABLED already' } },
    {
      live: paused,
      more: managedBy('Paused'),
      leads: { outcome: 'notApplicable', reason: 'account 444455556666 manages Macie here' },
    },
    { live: {}, leads: { outcome: 'failed', reason: 'does not say the status of the Macie session' } },
    {
      live: null,
      more: { message: 'User: x is not authorized to perform: macie2:GetMacieSession' },
      leads: { outcome: 'failed', reason: 'macie2:GetMacieSession denied' },
    },
  ],
  change: 'macie2:UpdateMacieSession',
  wire: {
    async plant({ account, send }) {
      // The emulator has it on from the start.
      await send('macie', 'DisableMacie', {})
      const live = () =>
        send('macie', 'GetMacieSession', {}).then(
          ({ status }) => status,
          ({ name }) => name,
        )
      return { id: account, live, should: 'ENABLED' }
    },
  },
  aws: (resource) => ({
    macie: {
      GetMacieSession: () => {
        const { message = 'Macie is not enabled' } = resource.more
        if (resource.values === null)
          throw failure('macie2:GetMacieSession', 'AccessDeniedException', String(message))
        return resource.values
      },
      GetAdministratorAccount: () => ({ administrator: resource.more.administrator }),
      EnableMacie: ({ status }) => {
        resource.values = { status }
        return {}
      },
      UpdateMacieSession: ({ status }) => {
        resource.values = { status }
        return {}
      },
      DisableMacie: () => {
        resource.values = null
        return {}
      },
    },
  }),
}
