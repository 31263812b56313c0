import { startLogging } from '../../../playbooks/cloudtrail/start-logging.ts'
import type { SettingTable } from '../setting-table.ts'
import { plantTrail, TRAIL, trailsOfAws, UNTOUCHABLE } from './trail-model.ts'

const STARTED = { StartLoggingTime: new Date('2026-01-02T03:04:05Z') }

export const table: SettingTable = {
  playbook: startLogging,
  finding: { source: 'cloudtrail', type: 'cloudtrail:StopLogging', id: 'main' },
  id: 'main',
  should: { IsLogging: true },
  other: { IsLogging: false },
  rows: [
    { live: { IsLogging: false }, more: STARTED, leads: 'set' },
    { live: { IsLogging: false }, caution: 'the trail has never logged', leads: 'set' },
    {
      live: { IsLogging: true },
      more: STARTED,
      leads: { outcome: 'alreadyCompliant', reason: 'IsLogging: true already' },
    },
    {
      live: { IsLogging: true },
      more: { ...STARTED, LatestDeliveryError: 'AccessDenied' },
      leads: { outcome: 'unverified', reason: 'its last delivery failed (AccessDenied)' },
    },
    { live: { IsLogging: false }, more: { ...STARTED, ofOrganization: true }, leads: UNTOUCHABLE },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say IsLogging of main' } },
  ],
  change: 'cloudtrail:StartLogging',
  wire: {
    plant: (aws) => plantTrail(aws, 'stopped', (_trail, { IsLogging }) => IsLogging, true),
    missing: TRAIL.replace('eu-west-1', 'us-east-1').replace('main', 'no-such-trail'),
  },
  aws: (trail) => trailsOfAws(trail, { shown: () => ({}), took: () => ({}) }),
}
