import { coverAllRegions } from '../../../playbooks/cloudtrail/cover-all-regions.ts'
import type { SettingTable } from '../setting-table.ts'
import { only, plantTrail, TRAIL, trailsOfAws, untouchable } from './trail-model.ts'

const all = { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true }
const one = { IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false }

const CONTROL = { source: 'securityhub', type: 'CloudTrail.1' } as const

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
    { live: one, more: { IsLogging: true }, finding: CONTROL, leads: 'set' },
    {
      live: one,
      more: { IsLogging: true, selectors: only('false') },
      finding: CONTROL,
      pends: 'CloudTrail.1 asks for more: the trail records no management events that read',
      leads: 'set',
    },
    {
      live: all,
      more: { IsLogging: true, selectors: only('true') },
      finding: CONTROL,
      leads: { outcome: 'unverified', reason: 'no management events that write' },
    },
    {
      live: one,
      more: { ofOrganization: true },
      leads: untouchable('update-trail --is-multi-region-trail --include-global-service-events'),
    },
    { live: all, leads: { outcome: 'alreadyCompliant', reason: 'IsMultiRegionTrail: true' } },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say IsMultiRegionTrail' } },
  ],
  change: 'cloudtrail:UpdateTrail',
  readsOfTargets: ['cloudtrail:GetTrailStatus', 'cloudtrail:GetEventSelectors'],
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
