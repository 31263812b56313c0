import { startLogging } from '../../../playbooks/cloudtrail/start-logging.ts'
import type { SettingTable } from '../setting-table.ts'
import { plantTrail, TRAIL, trailsOfAws, untouchable } from './trail-model.ts'

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
      live: { IsLogging: false },
      more: { ...STARTED, IsMultiRegionTrail: true },
      finding: { source: 'securityhub', type: 'CloudTrail.1' },
      leads: 'set',
    },
    {
      live: { IsLogging: false },
      more: { ...STARTED, IsMultiRegionTrail: false },
      finding: { source: 'securityhub', type: 'CloudTrail.1' },
      pends: 'CloudTrail.1 asks for more: the trail is of eu-west-1 only',
      leads: 'set',
    },
    {
      live: { IsLogging: false },
      more: STARTED,
      finding: {
        source: 'config',
        type: 'CLOUD_TRAIL_ENABLED',
        evidence: { ruleParameters: { s3BucketName: 'archive' } },
      },
      pends: 'CLOUD_TRAIL_ENABLED asks for more: its bucket is logs, not archive',
      leads: 'set',
    },
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
    {
      live: { IsLogging: false },
      more: { ...STARTED, ofOrganization: true },
      leads: untouchable('start-logging'),
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say IsLogging of main' } },
  ],
  change: 'cloudtrail:StartLogging',
  readsOfTargets: ['cloudtrail:GetEventSelectors'],
  wire: {
    plant: (aws) => plantTrail(aws, 'stopped', (_trail, { IsLogging }) => IsLogging, true),
    missing: TRAIL.replace('eu-west-1', 'us-east-1').replace('main', 'no-such-trail'),
  },
  aws: (trail) => {
    const { IsMultiRegionTrail } = trail.more
    return trailsOfAws(trail, { shown: () => ({ IsMultiRegionTrail }), took: () => ({}) })
  },
}
