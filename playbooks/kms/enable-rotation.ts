import type { KeyMetadata } from '@aws-sdk/client-kms'
import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, read } from '../../src/playbook/setting/looks.ts'
import { kms } from '../services.ts'
import { describedKey, KEY, keyTags, notOwnKey, of } from './keys.ts'

/** Of keys that cannot rotate KMS says so by an error. */
const rotation = read(
  kms,
  'GetKeyRotationStatus',
  of,
  ({ KeyRotationEnabled }) => {
    if (KeyRotationEnabled === undefined) throw new Unplannable('AWS does not say whether the key rotates')
    return { rotates: KeyRotationEnabled }
  },
  { UnsupportedOperationException: { rotates: null }, KMSInvalidStateException: { rotates: null } },
)

/** Lets KMS make new key material each year. What was encrypted by the old one is decrypted as before. */
export const enableRotation = defineSetting({
  id: 'kms-enable-rotation',
  title: 'Rotate a key each year',
  about: {
    risk: 'Whoever gets hold of key material that never changes can read all that was ever encrypted by it. Auditors ask for rotation once a year.',
    breaks:
      'Nothing: id, ARN, policy and aliases of the key stay, and KMS keeps the old material to decrypt by. Each of the first two rotations costs a dollar a month.',
  },
  implements: ['kms-rotation'],
  ...KEY,
  property: 'EnableKeyRotation',
  answers: [
    config('CMK_BACKING_KEY_ROTATION_ENABLED'),
    securityHub('KMS.4'),
    prowler('kms_cmk_rotation_enabled'),
  ],
  suggestedMode: 'auto',
  look: allOf({ key: describedKey, rotation }),
  tags: keyTags,
  values: ({ rotation: { rotates } }) => (rotates === null ? null : { EnableKeyRotation: rotates }),
  should: { EnableKeyRotation: true },
  set: (KeyId, { EnableKeyRotation }) =>
    call('kms', EnableKeyRotation ? 'EnableKeyRotation' : 'DisableKeyRotation', { KeyId }),
  changes: [
    { action: 'kms:EnableKeyRotation', resource: KEY.arn },
    { action: 'kms:DisableKeyRotation', resource: KEY.arn },
  ],
  unless: ({ key }) => notOwnKey(key) ?? whyNotRotating(key),
  effect: 'what is encrypted from then on is by newer key material; everything else stays as it is',
})

/** Which keys KMS rotates: developer guide, "Rotating AWS KMS keys". */
function whyNotRotating({
  KeySpec,
  Origin,
  KeyState,
  MultiRegionConfiguration,
}: KeyMetadata): string | undefined {
  if (KeySpec !== 'SYMMETRIC_DEFAULT') return `KMS rotates symmetric keys only, and this is ${KeySpec}`
  if (Origin !== 'AWS_KMS')
    return `KMS rotates only what it made itself; the material of this key is ${Origin}`
  if (MultiRegionConfiguration?.MultiRegionKeyType === 'REPLICA')
    return `it rotates with its primary key in ${MultiRegionConfiguration.PrimaryKey?.Region ?? 'another region'}`
  return KeyState === 'Enabled' ? undefined : `the key is ${KeyState}`
}
