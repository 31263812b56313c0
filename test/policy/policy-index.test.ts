import { expect, test } from '@jest/globals'
import { named } from '../../src/policy/conditions/named-resource.ts'
import { patternIndex } from '../../src/policy/conditions/pattern-index.ts'
import { ruleIndex } from '../../src/policy/conditions/rule-index.ts'
import type { Rule, When } from '../../src/policy/rules.ts'
import { subject } from './fake-playbooks.ts'

const MANY = 2_000

const ruleFor = (when: When): Rule => ({
  when,
  mode: 'auto',
  parameters: {},
  approval: { quorum: 1, expiresAfter: 'PT24H', onExpiry: 'decline' },
  line: 1,
  text: '',
})

const facts = (given: Parameters<typeof subject>[0] = {}) => {
  const about = subject(given)
  return { subject: about, about: named(about) }
}

test.each<[string, (n: number) => When, Parameters<typeof subject>[0]]>([
  [
    'account',
    (n) => ({ source: ['config'], account: [String(n).padStart(12, '0')] }),
    { account: '000000000007' },
  ],
  ['tag', (n) => ({ account: ['111122223333'], tags: { team: [`t${n}`] } }), { tags: { team: 't7' } }],
  ['unit', (n) => ({ ou: [`ou-root-${n}`] }), { organization: { path: ['r-root', 'ou-root-7'], tags: {} } }],
  [
    'tag of the account',
    (n) => ({ accountTags: { id: [`${n}`] } }),
    { organization: { path: [], tags: { id: '7' } } },
  ],
  ['type', (n) => ({ type: [`T${n}`] }), { type: 'T7' }],
  [
    'resource',
    (n) => ({ resource: [`arn:aws:ec2:*:*:security-group/sg-${n}`] }),
    { resource: { id: 'sg-7', arn: 'arn:aws:ec2:eu-central-1:111122223333:security-group/sg-7' } },
  ],
  [
    'name',
    (n) => ({ resource: [`name:bastion-${n}-*`] }),
    { resource: { id: 'sg-7', arn: 'sg-7', name: 'bastion-7-a' } },
  ],
])('of many rules that differ by %s only a few are asked', (_, whenOf, about) => {
  const index = ruleIndex(Array.from({ length: MANY }, (_, n) => ruleFor(whenOf(n))))
  expect([...index.find(facts(about))]).toEqual([7])
})

test('rules are found in the order of the file, however they are kept, each once', () => {
  const whens: When[] = [
    { region: ['eu-central-1'] },
    { account: ['111122223333', '444455556666'], playbook: ['ec2-close-door'] },
    {},
    { ou: ['r-root', 'ou-root-1'] },
    { region: ['eu-*'] },
    { resource: ['sg-0abc', 'name:web-1'] },
  ]
  const organization = { path: ['r-root', 'ou-root-1'], tags: {} }
  const index = ruleIndex(whens.map(ruleFor))
  expect([...index.find(facts({ organization }))]).toEqual([0, 1, 2, 3, 4, 5])
})

test('of what was not read all are asked that it may be', () => {
  const index = ruleIndex([
    ruleFor({ tags: { a: ['1'] } }),
    ruleFor({ ou: ['r-root'] }),
    ruleFor({ tags: { a: ['2'] } }),
  ])
  expect([...index.find(facts({ tags: 'unread' }))]).toEqual([0, 1, 2])
  expect([...index.find(facts({ tags: { a: '2 ' }, organization: { path: [], tags: {} } }))]).toEqual([2])
})

test('patterns are found by what they begin or end with, for one playbook or all', () => {
  const patterns = ['sg-*', '*', 'arn:aws:ec2:*/sg-0abc', '*-0abc', 'sg-0abd', 'name:web-*']
  const entry = (pattern: string, owner: number) => ({
    pattern,
    playbooks: owner === 3 ? ['p'] : ['*'],
    owner,
  })
  const index = patternIndex(patterns.map(entry))
  const about = facts({ resource: { ...subject().resource, name: 'web-1' } }).about
  expect(index.find(about, 'p')).toEqual([0, 1, 2, 3, 5])
  expect(index.find(about, 'q')).toEqual([0, 1, 2, 5])
  expect(index.named('q')).toEqual([5])
})
