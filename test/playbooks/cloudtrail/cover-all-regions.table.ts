import { coverAllRegions } from '../../../playbooks/cloudtrail/cover-all-regions.ts'
import type { SettingTable } from '../setting-table.ts'
import { plantTrail, TRAIL, trailsOfAws, UNTOUCHABLE } from './trail-model.ts'

const all = { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true }
const one = { IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false }

export const table: SettingTable = {
  playbook: coverAllRegions,
  finding: { source: 'cloudtrail', type: 'cloudtrail:UpdateTrail', id: TRAIL },
  id: 'main',
  should: all,
  other: { ...one, IncludeGlobalServiceEvents: true },
  rows: [
    { live: one, leads: 'set' },
    { live: { ...one, IncludeGlobalServiceEvents: true }, leads: 'set' },
    {
      live: one,
      more: { others: true },
      caution: 'other trails record too: audit (all regions)',
      leads: 'set',
    },
    { live: one, more: { ofOrganization: true }, leads: UNTOUCHABLE },
    { live: all, leads: { outcome: 'alreadyCompliant', reason: 'IsMultiRegionTrail: true' } },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say IsMultiRegionTrail' } },
  ],
  change: 'cloudtrail:UpdateTrail',
  wire: {
    plant: (aws) => plantTrail(aws, 'regional', ({ IsMultiRegionTrail }) => IsMultiRegionTrail, true),
    missing: TRAIL.replace('eu-west-1', 'us-east-1').replace('main', 'no-such-trail'),
  },
  aws: (trail) =>
    trailsOfAws(trail, {
      shown: () => trail.values ?? {},
      took: ({ IsMultiRegionTrail, IncludeGlobalServiceEvents }) => ({
        IsMultiRegionTrail,
        IncludeGlobalServiceEvents,
      }),
    }),
}
