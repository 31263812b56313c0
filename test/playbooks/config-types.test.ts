import { expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { knownIdentifiers } from '../../src/findings/sources/config-rules.ts'
import { config, wildcard } from '../../src/playbook/matchers.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'

/** `INCOMING_SSH_DISABLED`: how AWS names a managed rule. Anything else is the name that somebody gave a rule. */
const IDENTIFIER = /^[A-Z][A-Z0-9_*]*$/

/** Identifiers that a playbook answers of Config, and that no finding ever has for its type. */
function neverSeen(all: readonly Pick<AnyPlaybook, 'answers'>[]): string[] {
  return all
    .flatMap(({ answers }) => answers.filter(({ source }) => source === 'config'))
    .flatMap(({ types }) => types.filter((type) => IDENTIFIER.test(type)))
    .filter((type) => !knownIdentifiers().some((known) => wildcard(type, known)))
}

test('every type of Config that a playbook answers can occur: the rule is known by its default name', () => {
  const unlisted = neverSeen(playbooks).map(
    (type) =>
      `${type}: give src/findings/sources/config-rules.ts its rule's default name (${type.toLowerCase().replaceAll('_', '-')}, if AWS has not named it otherwise)`,
  )
  expect(unlisted).toEqual([])
})

test('one that cannot is found, and neither the name of a rule nor an item change is taken for one', () => {
  const answers = [config('S3_BUCKET_NO_SUCH_RULE', 'ENCRYPTED_*', 'our-own-rule', 'item:AWS::S3::Bucket')]
  expect(neverSeen([{ answers }])).toEqual(['S3_BUCKET_NO_SUCH_RULE'])
})
