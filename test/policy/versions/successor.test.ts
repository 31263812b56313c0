import { describe, expect, test } from '@jest/globals'
import { contentHash, followedBy } from '../../../src/policy/versions/policy-version.ts'
import { whyNotNext } from '../../../src/policy/versions/successor.ts'
import { NOW } from '../arbitrary-policies.ts'
import { policyOf } from '../fake-playbooks.ts'

const OLD = 'version: 1\nprotect: true\nrules: [{ mode: notify }]\n'
const NEW = OLD.replace('notify', 'auto')
const HASH = contentHash(OLD)

const inForce = (text: string) => ({
  sha256: contentHash(text),
  protect: policyOf(text).policy.protect === true,
  policy: policyOf(text).policy,
})
const why = (text: string, from = inForce(OLD)) =>
  whyNotNext(from, { text, sha256: contentHash(text), policy: policyOf(text).policy }, NOW)

describe('under protect: true', () => {
  test('a version that lets more be done has to say which one it follows', () => {
    expect(why(NEW)).toBe(
      `protect: true, and it would let more be done (rule 1 (line 3) may auto what rule 1 (line 3) of before gave notify): its first line has to be "# follows: ${HASH}"`,
    )
    expect(why(`# follows: ${HASH}\n${NEW}`)).toBeUndefined()
    expect(why(`# follows: ${contentHash('other')}\n${NEW}`)).toContain(
      `which says "follows: ${contentHash('other')}"`,
    )
  })

  test('taking protect away is letting more be done', () => {
    expect(why(OLD.replace('protect: true\n', ''))).toContain('protect is no longer true')
    expect(why(OLD.replace('true', 'false'))).toContain('protect is no longer true')
  })

  test('a stricter version, and the same text again, need to say nothing', () => {
    expect(why(OLD.replace('notify', 'off'))).toBeUndefined()
    expect(why(OLD)).toBeUndefined()
  })

  test('nothing follows what cannot be read any more but what names it', () => {
    const unread = { sha256: HASH, protect: true }
    expect(
      whyNotNext(unread, { text: OLD, sha256: 'sha256:1', policy: policyOf(OLD).policy }, NOW),
    ).toContain('the version in force cannot be read any more')
    const text = `# follows: ${HASH}\n${NEW}`
    expect(
      whyNotNext(unread, { text, sha256: 'sha256:1', policy: policyOf(text).policy }, NOW),
    ).toBeUndefined()
  })
})

test('without it any valid version follows', () => {
  expect(why(NEW, inForce(OLD.replace('protect: true\n', '')))).toBeUndefined()
})

test.each([
  [`# follows: ${HASH}\nversion: 1`, HASH],
  [`\n\n#follows: ${HASH}  \r\nversion: 1`, HASH],
  [`# yaml-language-server: $schema=rectify.schema.json\n# follows: ${HASH}\nversion: 1`, HASH],
  [`# by ann\n# follows: ${HASH}\nversion: 1`, undefined],
  [`version: 1 # follows: ${HASH}`, undefined],
  [`# follows: ${HASH.slice(0, -1)}\nversion: 1`, undefined],
  [`# follows: ${HASH} ${HASH}\nversion: 1`, undefined],
  ['version: 1', undefined],
])('the first line of comment says what a version follows: %j', (text, hash) => {
  expect(followedBy(text)).toBe(hash)
})
