import { enableVersioning } from '../../../playbooks/s3/enable-versioning.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type SettingRow, type SettingTable } from '../setting-table.ts'
import { bucketTagging, there } from './bucket-answers.ts'

const ENABLED = { Status: 'Enabled' }
const SUSPENDED = { Status: 'Suspended' }
const asksForMfa = { evidence: { ruleParameters: { isMfaDeleteEnabled: 'True' } } }
const expires = { ID: 'old', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 30 } }
const FOR_EVER = 'no lifecycle rule ends old versions'

export const table: SettingTable = {
  playbook: enableVersioning,
  finding: { type: 'S3_BUCKET_VERSIONING_ENABLED', id: 'open-data' },
  id: 'open-data',
  should: ENABLED,
  other: SUSPENDED,
  rows: [
    { live: SUSPENDED, warning: 'an undo suspends it', leads: 'set' },
    // A bucket that never had versions; there is no way back to that.
    {
      live: null,
      before: SUSPENDED,
      afterUndo: SUSPENDED,
      warning: 'AWS advises to wait 15 minutes',
      leads: 'set',
    },
    {
      live: SUSPENDED,
      more: { lifecycle: [{ ...expires, Status: 'Disabled' }] },
      warning: FOR_EVER,
      leads: 'set',
    },
    { live: SUSPENDED, more: { lifecycle: [expires] }, unwarned: FOR_EVER, leads: 'set' },
    { live: ENABLED, leads: { outcome: 'alreadyCompliant', reason: 'Status: Enabled already' } },
    ...[ENABLED, SUSPENDED].map(
      (live): SettingRow => ({
        live,
        finding: asksForMfa,
        leads: { outcome: 'notApplicable', reason: 'the rule asks for MFA delete, too: only the root user' },
      }),
    ),
    {
      live: ENABLED,
      more: { MFADelete: 'Enabled' },
      finding: asksForMfa,
      leads: { outcome: 'alreadyCompliant', reason: 'Status: Enabled already' },
    },
    {
      live: SUSPENDED,
      more: { MFADelete: 'Enabled' },
      leads: {
        outcome: 'notApplicable',
        reason: 'MFA delete is on: only the root user can change its versioning',
      },
    },
  ],
  change: 's3:PutBucketVersioning',
  wire: {
    async plant({ send }) {
      const Bucket = 'rectify-wire-without-versions'
      await send('s3', 'CreateBucket', { Bucket })
      const live = async () => (await send('s3', 'GetBucketVersioning', { Bucket })).Status
      return { id: Bucket, live, should: 'Enabled', afterUndo: 'Suspended' }
    },
    missing: 'rectify-wire-no-such-bucket',
  },
  aws: (bucket) => ({
    s3: {
      ...bucketTagging(bucket),
      GetBucketVersioning: (input) => {
        there(bucket, 's3:GetBucketVersioning', input)
        const { MFADelete } = bucket.more
        return { ...bucket.values, ...(MFADelete !== undefined && { MFADelete }) }
      },
      GetBucketLifecycleConfiguration: (input) => {
        there(bucket, 's3:GetLifecycleConfiguration', input)
        if (!bucket.more.lifecycle)
          throw absent('s3:GetLifecycleConfiguration', 'NoSuchLifecycleConfiguration')
        return { Rules: bucket.more.lifecycle }
      },
      PutBucketVersioning: ({ VersioningConfiguration }) => {
        there(bucket, 's3:PutBucketVersioning')
        bucket.values = VersioningConfiguration as Fields
        return {}
      },
    },
  }),
}
