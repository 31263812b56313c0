import { validateFiles } from '../../../playbooks/cloudtrail/validate-files.ts'
import type { SettingTable } from '../setting-table.ts'
import { plantTrail, TRAIL, trailsOfAws, untouchable } from './trail-model.ts'

export const table: SettingTable = {
  playbook: validateFiles,
  finding: { source: 'securityhub', type: 'CloudTrail.4', id: TRAIL },
  id: 'main',
  should: { EnableLogFileValidation: true },
  other: { EnableLogFileValidation: false },
  rows: [
    { live: { EnableLogFileValidation: false }, leads: 'set' },
    {
      live: { EnableLogFileValidation: true },
      leads: { outcome: 'alreadyCompliant', reason: 'EnableLogFileValidation: true already' },
    },
    {
      live: { EnableLogFileValidation: false },
      more: { ofOrganization: true },
      leads: untouchable('update-trail --enable-log-file-validation'),
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say EnableLogFileValidation of main' } },
  ],
  change: 'cloudtrail:UpdateTrail',
  wire: {
    plant: (aws) => plantTrail(aws, 'unproven', (trail) => trail.LogFileValidationEnabled, true),
    missing: TRAIL.replace('eu-west-1', 'us-east-1').replace('main', 'no-such-trail'),
  },
  aws: (trail) =>
    trailsOfAws(trail, {
      shown: () => ({ LogFileValidationEnabled: trail.values?.EnableLogFileValidation }),
      took: ({ EnableLogFileValidation }) => ({ EnableLogFileValidation }),
    }),
}
