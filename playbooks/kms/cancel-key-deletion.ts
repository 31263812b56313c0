import { call } from '../../src/playbook/api.ts'
import { cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { describedKey, KEY, keyTags, notOwnKey } from './keys.ts'

/** As long as KMS waits at most (days). */
const LONGEST_WINDOW = 30
const DOOMED = /^Pending(Replica)?Deletion$/

/** Keeps a key that is about to be deleted, disabled as it is then: without it, what it encrypted is lost for ever. */
export const cancelKeyDeletion = defineSetting({
  id: 'kms-cancel-key-deletion',
  title: 'Keep a key that is about to be deleted',
  about: {
    risk: 'On the day that is set the key is gone, and with it everything that was encrypted by it: volumes, databases, backups, secrets. No support case brings it back. It is also how an attacker holds data to ransom.',
    breaks:
      'A key may be deleted on purpose, so that data can never be read again: the tags of the key and a person decide. The key stays disabled; whoever needs it enables it.',
  },
  implements: ['kms-cancel-deletion'],
  ...KEY,
  answers: [
    config('KMS_CMK_NOT_SCHEDULED_FOR_DELETION'),
    securityHub('KMS.3'),
    prowler('kms_cmk_not_deleted_unintentionally'),
    cloudTrail('kms:ScheduleKeyDeletion'),
  ],
  suggestedMode: 'approve',
  look: describedKey,
  tags: keyTags,
  values: ({ KeyState = '' }) => ({ KeyState }),
  should: (_, { KeyState = '' }) => ({ KeyState: DOOMED.test(KeyState) ? 'Disabled' : KeyState }),
  set: (KeyId, { KeyState }) =>
    DOOMED.test(String(KeyState))
      ? call('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: LONGEST_WINDOW })
      : call('kms', 'CancelKeyDeletion', { KeyId }),
  changes: [
    { action: 'kms:CancelKeyDeletion', resource: KEY.arn },
    { action: 'kms:ScheduleKeyDeletion', resource: KEY.arn },
  ],
  unless: notOwnKey,
  effect: 'the key is kept, and disabled: nothing is encrypted or decrypted by it until somebody enables it',
  warnings: ({ DeletionDate, KeyId }) => [
    `without this it is deleted ${DeletionDate?.toISOString() ?? 'soon'}; who needs it: aws kms enable-key --key-id ${KeyId}`,
    `an undo schedules the deletion anew, ${LONGEST_WINDOW} days from then`,
  ],
})
