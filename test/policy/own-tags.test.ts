import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { DEFAULT_APPROVAL } from '../../src/policy/approvers.ts'
import { decide, STRICTNESS } from '../../src/policy/decide.ts'
import { lastMoment } from '../../src/policy/exemptions/last-moment.ts'
import { withOwnTags } from '../../src/policy/exemptions/own-tags.ts'
import type { Ruling } from '../../src/policy/rules.ts'
import { asLoaded, NOW, policy, subject } from './arbitrary-policies.ts'

/** Tags by which whoever owns a resource makes the policy stricter for it. */

const ruling = (mode: Ruling['mode']): Ruling => ({
  mode,
  reason: 'rule 1 (rectify.yaml:3)',
  parameters: { ports: [22] },
  approval: { ...DEFAULT_APPROVAL, approvers: ['ann'] },
})

const under = (mode: Ruling['mode'], tags: Record<string, string>) => withOwnTags(ruling(mode), tags, NOW)

describe('a mode by tag', () => {
  test('is taken where it is stricter, under the parameters and the approvers of the rule', () => {
    expect(under('auto', { 'rectify:mode': ' approve ', 'rectify:owner': ' netops ' })).toEqual({
      ...ruling('auto'),
      mode: 'approve',
      by: { kind: 'tag', tag: 'rectify:mode', owner: 'netops' },
      reason: 'approve by tag rectify:mode of netops, instead of auto by rule 1 (rectify.yaml:3)',
    })
  })

  test('changes nothing where it is not', () => {
    expect(under('rehearse', { 'rectify:mode': 'auto' })).toEqual(ruling('rehearse'))
    expect(under('approve', { 'rectify:mode': 'approve' })).toEqual(ruling('approve'))
  })

  test.each(['Auto', '', 'of', 'auto approve'])('that is %j is not understood, and blocks', (value) => {
    const said = `tag rectify:mode says ${JSON.stringify(value)}, which is none of off, notify, rehearse, approve, auto`
    expect(under('auto', { 'rectify:mode': value })).toMatchObject({
      mode: 'blocked',
      reason: `cannot evaluate policy: ${said}`,
    })
  })

  test('is no tag of ours in other letters', () => {
    expect(under('auto', { 'Rectify:Mode': 'off', 'rectify:Mode': 'off' })).toEqual(ruling('auto'))
  })
})

describe('an exemption by tag', () => {
  test('names the tag, the owner and the day, which counts to its end', () => {
    const tags = { 'rectify:exempt-until': '2026-11-22 ', 'rectify:owner': 'netops' }
    expect(under('auto', tags)).toMatchObject({
      mode: 'exempted',
      reason: 'exempted by netops until 2026-11-22: tag rectify:exempt-until',
    })
    const last = Date.parse('2026-11-22T23:59:59.999Z')
    expect(withOwnTags(ruling('auto'), tags, last).mode).toBe('exempted')
    expect(withOwnTags(ruling('auto'), tags, last + 1)).toEqual(ruling('auto'))
  })

  test('without an owner holds as well, and says that there is none', () => {
    expect(
      under('auto', { 'rectify:exempt-until': '2026-11-22T13:00+00:00', 'rectify:owner': ' ' }),
    ).toMatchObject({
      mode: 'exempted',
      reason: 'exempted until 2026-11-22T13:00:00.000Z: tag rectify:exempt-until, without rectify:owner',
    })
  })

  test.each(['', 'tomorrow', '2026-02-30', '2026-12-01T10:00', '31.12.2026', '7d'])(
    'until %j blocks',
    (value) => {
      const { mode, reason } = under('auto', { 'rectify:exempt-until': value })
      expect(mode).toBe('blocked')
      expect(reason).toContain(
        `cannot evaluate policy: tag rectify:exempt-until says ${JSON.stringify(value)}`,
      )
    },
  )

  test('does not hide a mode that is not understood', () => {
    const tags = { 'rectify:exempt-until': '2026-12-01', 'rectify:mode': 'none' }
    expect(under('auto', tags).mode).toBe('blocked')
  })
})

test('tags that were not read say nothing here', () => {
  expect(withOwnTags(ruling('auto'), 'unread', NOW)).toEqual(ruling('auto'))
})

describe('a last moment', () => {
  test.each([
    ['2027-01-31', '2027-01-31T23:59:59.999Z'],
    ['2028-02-29', '2028-02-29T23:59:59.999Z'],
    ['2027-01-31T18:00Z', '2027-01-31T18:00:00.000Z'],
    ['2027-01-31T18:00:30.5+05:30', '2027-01-31T12:30:30.500Z'],
  ])('%s is %s', (text, moment) => {
    expect(lastMoment(text)).toBe(moment)
  })

  test.each([
    ...['2027-02-29', '2027-13-01', '2027-00-10', '2027-1-31', '2027-01-31T24:00Z', '2027-01-31T18:00'],
    ...['2027-02-30T10:00Z', '2027-01-31 18:00Z', '2027-01-31T18:60Z', '2027-01-31T18:00+99:00', ''],
  ])('%j is none', (text) => {
    expect(lastMoment(text)).toBeUndefined()
  })
})

const ownTags = fc.record(
  {
    'rectify:mode': fc.constantFrom('off', 'notify', 'rehearse', 'approve', 'auto', ' auto ', 'AUTO', ''),
    'rectify:exempt-until': fc.constantFrom('2026-11-21', '2026-11-22', '2099-01-01T00:00Z', 'never', ''),
    'rectify:owner': fc.constantFrom('netops', ''),
  },
  { requiredKeys: [] },
)

test('for any policy and any finding none of these tags ever permits more, alone or with others', () => {
  fc.assert(
    fc.property(policy, subject, ownTags, ownTags, (given, about, some, more) => {
      const rank = (own: Record<string, string>) => {
        const tags = { ...(about.tags as Record<string, string>), ...own }
        const ruled = decide(asLoaded(given), { ...about, tags }, NOW)
        return STRICTNESS.indexOf(withOwnTags(ruled, tags, NOW).mode)
      }
      expect(rank(some)).toBeLessThanOrEqual(rank({}))
      const added = Object.fromEntries(Object.entries(more).filter(([key]) => !Object.hasOwn(some, key)))
      expect(rank({ ...some, ...added })).toBeLessThanOrEqual(rank(some))
    }),
    { numRuns: 1_000 },
  )
})
