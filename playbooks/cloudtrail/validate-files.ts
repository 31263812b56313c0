import { call } from '../../src/playbook/api.ts'
import { cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { ofOrganization, TRAIL, trail, trailsOf, trailTags } from './trails.ts'

/** Lets CloudTrail write digests by which a changed or deleted log file is noticed. */
export const validateFiles = defineSetting({
  id: 'cloudtrail-validate-files',
  title: 'Validate the log files of a trail',
  about: {
    risk: 'Without digests nobody can prove that a log file is what CloudTrail wrote: whoever may write to the bucket can take his own traces out.',
    breaks:
      'Nothing: one small digest file an hour is written beside the logs. A bucket policy that names only the prefix of the logs refuses them, which shows in the status of the trail and leaves the logs alone.',
  },
  implements: ['cloudtrail-validation'],
  ...TRAIL,
  tagsOf: 'the trail',
  answers: [
    config('CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED'),
    securityHub('CloudTrail.4'),
    prowler('cloudtrail_log_file_validation_enabled'),
    cloudTrail('cloudtrail:UpdateTrail'),
  ],
  suggestedMode: 'auto',
  targets: trailsOf(
    'goes without validation of its files',
    ({ LogFileValidationEnabled }) => LogFileValidationEnabled === false,
  ),
  look: trail,
  untouchable: ofOrganization('update-trail --enable-log-file-validation'),
  tags: trailTags,
  values: ({ own: { LogFileValidationEnabled: live } }) =>
    live === undefined ? null : { EnableLogFileValidation: live },
  should: { EnableLogFileValidation: true },
  set: (_id, values, { resource: Name }) => call('cloudtrail', 'UpdateTrail', { Name, ...values }),
  property: 'EnableLogFileValidation',
  effect:
    'a digest of the log files is delivered each hour; after an undo the hours between cannot be proven',
})
