import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { explainDecision } from '../../src/policy/conditions/explain-decision.ts'
import { bagsAt, type Tagged, tagOf } from '../../src/policy/conditions/tag-places.ts'
import { decide } from '../../src/policy/decide.ts'
import { withOwnTags } from '../../src/policy/exemptions/own-tags.ts'
import { TAG_PLACES, type TagPlace } from '../../src/policy/rules.ts'
import { raisedBy } from '../../src/policy/versions/raised.ts'
import { errorOf, policyOf, subject } from './fake-playbooks.ts'

/** Tags of what a resource stands in, where a policy looks for them there, too. */

const NOW = Date.parse('2026-11-22T12:00:00Z')
const HEAD = 'version: 1\n'
const EVERYWHERE = `${HEAD}tagsOf: [resource, vpc, stack, account]\n`
const PROD = 'rules: [{ when: { tags: { env: prod } }, mode: approve }, { mode: auto }]\n'

const modeOf = (text: string, given: Partial<Tagged>) => decide(policyOf(text), subject(given), NOW).mode

describe('the file', () => {
  test.each([
    ['tagsOf: [vpc, resource]', 'tagsOf', 'must begin with resource'],
    ['tagsOf: [resource, vpc, vpc]', 'tagsOf', 'names a place twice'],
    ['tagsOf: []', 'tagsOf', 'must begin with resource'],
    [
      'tagsOf: [resource, subnet]',
      'tagsOf[1]',
      'unknown place "subnet"; one of resource, vpc, stack, account',
    ],
    ['tagsOf: resource', 'tagsOf', 'must be a list'],
  ])('is refused with %s', (line, key, message) => {
    const { problems } = errorOf(() => policyOf(`${HEAD}${line}\n`))
    expect(problems).toEqual([expect.objectContaining({ key, message: expect.stringContaining(message) })])
  })

  test('that names the resource alone says what holds without a word', () => {
    expect(policyOf(`${HEAD}tagsOf: [resource]\n`)).toEqual(policyOf(HEAD))
  })
})

describe('a rule that asks for tags', () => {
  test('is decided by the first place that has them, in the order of the file', () => {
    const standsIn = { vpc: { env: 'test' }, stack: { env: 'prod' }, account: {} }
    expect(modeOf(EVERYWHERE + PROD, { tags: {}, standsIn })).toBe('auto')
    const other = `${HEAD}tagsOf: [resource, account, stack, vpc]\n`
    expect(modeOf(other + PROD, { tags: {}, standsIn })).toBe('approve')
  })

  test('is never overridden where the resource has the tag', () => {
    const standsIn = { vpc: { env: 'prod' }, stack: { env: 'prod' }, account: { env: 'prod' } }
    expect(modeOf(EVERYWHERE + PROD, { tags: { env: 'test' }, standsIn })).toBe('auto')
    expect(modeOf(EVERYWHERE + PROD, { tags: { env: 'test' } })).toBe('auto')
  })

  test('is undecided where a place was not read that might have it, and not for one behind the tag', () => {
    expect(modeOf(EVERYWHERE + PROD, { tags: {} })).toBe('undecided')
    const standsIn = { vpc: 'unread' as const, stack: { env: 'prod' }, account: {} }
    expect(modeOf(EVERYWHERE + PROD, { tags: {}, standsIn })).toBe('undecided')
    const nowhere = { vpc: null, stack: null, account: 'unread' as const }
    expect(modeOf(EVERYWHERE + PROD, { tags: {}, standsIn: nowhere })).toBe('undecided')
    expect(modeOf(EVERYWHERE + PROD, { tags: {}, standsIn: { vpc: { env: 'prod' } } })).toBe('approve')
  })

  test('goes by what a kind stands in that has no tags of its own, and is undecided where nothing there tells', () => {
    const bare = { tags: 'unread', hasNoTags: true } as const
    const standsIn = { vpc: null, stack: null, account: { env: 'prod' } }
    expect(modeOf(EVERYWHERE + PROD, { ...bare, standsIn })).toBe('approve')
    expect(modeOf(EVERYWHERE + PROD, { ...bare, standsIn: { ...standsIn, account: {} } })).toBe('undecided')
    expect(modeOf(HEAD + PROD, { ...bare, standsIn })).toBe('undecided')
  })

  test('says where it found them, in its reason and when it is explained', () => {
    const standsIn = { vpc: null, stack: { env: 'prod' }, account: {} }
    const policy = policyOf(EVERYWHERE + PROD)
    expect(decide(policy, subject({ tags: {}, standsIn }), NOW).reason).toBe(
      'rule 1 (rectify.yaml:3), by env of its stack',
    )
    expect(decide(policy, subject({ tags: { env: 'prod' } }), NOW).reason).toBe('rule 1 (rectify.yaml:3)')
    const foundOf = (given: Partial<Tagged>) =>
      explainDecision(policy, subject(given), NOW).rules[0]!.conditions[0]!.found
    expect(foundOf({ tags: {}, standsIn })).toBe('env prod of its stack')
    expect(foundOf({ tags: { env: 'x' } })).toBe('env x')
    expect(foundOf({ tags: {}, standsIn: { vpc: null, stack: null, account: null } })).toBe('no env')
    expect(foundOf({ tags: 'unread' })).toBe(
      'unread (looked for on the resource, then its VPC, then its stack, then its account)',
    )
  })

  test('takes marks of what manages a resource from the resource alone', () => {
    const text = `${EVERYWHERE}rules: [{ when: { managedBy: [eks] }, mode: off }, { mode: auto }]\n`
    const standsIn = { vpc: { 'eks:cluster-name': 'shop' }, stack: {}, account: {} }
    expect(modeOf(text, { tags: {}, standsIn })).toBe('auto')
  })
})

describe('a tag of the owner', () => {
  const ruling = decide(policyOf(`${HEAD}rules: [{ mode: auto }]\n`), subject(), NOW)
  const standsIn = {
    vpc: { 'rectify:exempt-until': '2099-01-01', 'rectify:owner': 'netops' },
    stack: { 'rectify:mode': 'notify' },
    account: null,
  }

  test('counts where it is found, with the owner that is named there', () => {
    const own = { tags: { 'rectify:owner': 'web' }, standsIn }
    const { mode, reason, by } = withOwnTags(ruling, own, NOW, TAG_PLACES)
    expect(mode).toBe('exempted')
    expect(reason).toBe('exempted by netops until 2099-01-01: tag rectify:exempt-until of its VPC')
    expect(by).toEqual({
      ...{ kind: 'tag', tag: 'rectify:exempt-until', place: 'vpc' },
      ...{ until: '2099-01-01T23:59:59.999Z', owner: 'netops' },
    })
    expect(withOwnTags(ruling, own, NOW)).toEqual(ruling)
  })

  test('of the resource goes before the same one elsewhere', () => {
    const own = { tags: { 'rectify:exempt-until': '2020-01-01', 'rectify:mode': 'approve' }, standsIn }
    const { mode, by } = withOwnTags(ruling, own, NOW, TAG_PLACES)
    expect({ mode, by }).toEqual({ mode: 'approve', by: { kind: 'tag', tag: 'rectify:mode' } })
  })

  test('that is not understood says where it stands', () => {
    const own = { tags: {}, standsIn: { vpc: null, stack: { 'rectify:mode': 'Off' }, account: null } }
    expect(withOwnTags(ruling, own, NOW, TAG_PLACES).reason).toContain(
      'tag rectify:mode of its stack says "Off"',
    )
  })
})

test('another order, place or none counts as letting more be done, as nobody can show that it does not', () => {
  const policy = (line: string) => policyOf(`${HEAD}${line}${PROD}`).policy
  const alone = policy('')
  const further = policy('tagsOf: [resource, vpc]\n')
  const more = policy('tagsOf: [resource, stack, vpc]\n')
  for (const [from, to] of [
    [alone, further],
    [further, alone],
    [further, more],
  ] as const)
    expect(raisedBy(from, to, NOW)).toEqual(['tagsOf is another'])
  expect(raisedBy(further, further, NOW)).toEqual([])
})

const bag = fc.dictionary(fc.constantFrom('env', 'team'), fc.constantFrom('a', 'b', ' a'))
const tagged: fc.Arbitrary<Tagged> = fc.record({
  tags: bag,
  standsIn: fc.record({
    vpc: fc.option(bag, { nil: null }),
    stack: fc.option(bag, { nil: null }),
    account: fc.option(bag, { nil: null }),
  }),
})
const places = fc
  .shuffledSubarray(['vpc', 'stack', 'account'] as const)
  .map((further): TagPlace[] => ['resource', ...further])

test('what was not read is never told otherwise than it would be when it is', () => {
  fc.assert(
    fc.property(tagged, places, fc.subarray([...TAG_PLACES]), (all, order, hidden) => {
      const standsIn = Object.entries(all.standsIn!).filter(([place]) => !hidden.includes(place as TagPlace))
      const some: Tagged = {
        tags: hidden.includes('resource') ? 'unread' : all.tags,
        standsIn: Object.fromEntries(standsIn),
      }
      for (const key of ['env', 'team']) {
        const found = tagOf(some, key, order)
        if (found !== 'unread') expect(found).toEqual(tagOf(all, key, order))
        // What is found stands in a bag that rules are found by.
        const bags = bagsAt(some, order)
        if (found === undefined) expect(bags !== 'unread' || order.length > 1).toBe(true)
        if (typeof found === 'object' && bags !== 'unread')
          expect(bags.map((each) => each[key]?.trim())).toContain(found.value)
      }
    }),
    { numRuns: 1_000 },
  )
})
