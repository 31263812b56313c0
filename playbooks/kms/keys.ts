import type { KeyMetadata } from '@aws-sdk/client-kms'
import type { Tags } from '../../src/playbook/playbook.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { kms } from '../services.ts'

/** Keys, by id; `mrk-` in front of those that are in several regions. An alias names whatever key it points to now. */
export const KEY = {
  resource: 'AWS::KMS::Key',
  ids: nameIds(/[0-9a-zA-Z-]/, 128, ['1234abcd-12ab-34cd-56ef-1234567890ab']),
  arn: 'arn:{partition}:kms:{region}:{account}:key/{id}',
  tagsOf: 'the key',
} as const

export const of = (KeyId: string) => ({ KeyId })

export const describedKey = read(kms, 'DescribeKey', of, ({ KeyMetadata: key }): KeyMetadata => {
  if (!key?.KeyState) throw new Unplannable('AWS does not say the state of the key')
  return key
})

export const keyTags = read(
  kms,
  'ListResourceTags',
  of,
  ({ Tags = [] }): Tags =>
    Object.fromEntries(Tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue])),
)

/** Whose key it is, where it is none of the account's own to set. */
export function notOwnKey({ KeyManager }: KeyMetadata): string | undefined {
  return KeyManager === 'AWS' ? 'AWS manages the key itself' : undefined
}
