import type { KeyMetadata } from '@aws-sdk/client-kms'
import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making, picked } from '../../src/playbook/service/copies.ts'

/** Looks name a key by its id or its ARN. */
const idOf = (key = '') => key.slice(key.lastIndexOf('/') + 1)

function keyMaking(key: KeyMetadata, isStub = false): Making {
  const { KeyId = '' } = key
  return making(
    call('kms', 'CreateKey', picked(key, 'Description', 'KeyUsage', 'KeySpec', 'Origin', 'MultiRegion')),
    { makes: `key ${KeyId}`, ids: { 'KeyMetadata.KeyId': KeyId }, ...(isStub && { isStub }) },
  )
}

const keyStub = (key: string | undefined): Making => keyMaking({ KeyId: idOf(key) }, true)

/** What a key cannot be changed in any more, once it is so. */
function stateOf({ KeyId, KeyState }: KeyMetadata): Making[] {
  if (KeyState === 'PendingDeletion')
    return [making(call('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }), { isLast: true })]
  return KeyState === 'Disabled' ? [making(call('kms', 'DisableKey', { KeyId }), { isLast: true })] : []
}

/** Keys without their material: what one has encrypted no copy can read. */
export const keyCopies = defineCopies('kms', {
  DescribeKey: ({ answer }) =>
    answer?.KeyMetadata === undefined ? [] : [keyMaking(answer.KeyMetadata), ...stateOf(answer.KeyMetadata)],
  GetKeyPolicy: ({ input: { KeyId }, answer }) => [
    keyStub(KeyId),
    ...(answer?.Policy === undefined
      ? []
      : [
          making(
            call('kms', 'PutKeyPolicy', { KeyId: idOf(KeyId), PolicyName: 'default', Policy: answer.Policy }),
          ),
        ]),
  ],
  GetKeyRotationStatus: ({ input: { KeyId }, answer }) => [
    keyStub(KeyId),
    ...(answer?.KeyRotationEnabled ? [making(call('kms', 'EnableKeyRotation', { KeyId: idOf(KeyId) }))] : []),
  ],
  ListResourceTags: ({ input: { KeyId }, answer }) => [
    keyStub(KeyId),
    ...((answer?.Tags ?? []).length === 0
      ? []
      : [making(call('kms', 'TagResource', { KeyId: idOf(KeyId), Tags: answer!.Tags }))]),
  ],
})
