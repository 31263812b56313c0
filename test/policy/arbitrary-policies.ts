import fc from 'fast-check'
import { SEVERITIES } from '../../src/findings/finding.ts'
import { MODES } from '../../src/playbook/playbook.ts'
import { DEFAULT_APPROVAL } from '../../src/policy/approvers.ts'
import type {
  Conditions,
  Exemption,
  LoadedPolicy,
  NeverLists,
  Policy,
  Rule,
  Subject,
} from '../../src/policy/rules.ts'

/** Policies and subjects of few words, so that they often have to do with one another. */

export const NOW = Date.parse('2026-11-22T12:00:00Z')

const PLAYBOOKS = ['close-door', 'block-caller', 'plain']
const ACCOUNTS = ['111122223333', '444455556666']
const RESOURCES = [
  'sg-0a',
  'sg-0b',
  'sg-*',
  '*',
  '*0a',
  'arn:aws:ec2:*:*:security-group/sg-0a',
  'arn:aws:ec2:*:111122223333:security-group/*',
  'arn:aws:ec2:eu-west-1:111122223333:*',
  'arn:aws:ec2:eu-west-1::security-group/sg-0b',
  'name:web-1',
  'name:web-*',
  'name:*1',
]

const some = <T>(values: readonly T[], most = 2) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: most })
const severity = fc.constantFrom(...SEVERITIES)
const wantedTags = (...keys: string[]) =>
  fc.dictionary(fc.constantFrom(...keys), some(['a', 'b', 'a*', '*']), { minKeys: 1, maxKeys: 2 })

const conditions: fc.Arbitrary<Conditions> = fc.record(
  {
    playbook: some(PLAYBOOKS),
    source: some(['config', 'guardduty'] as const),
    type: some(['A', 'A:1', 'A:*', '*1']),
    severity: fc.oneof(
      some(SEVERITIES),
      severity.map((atLeast) => ({ atLeast })),
    ),
    account: some(ACCOUNTS),
    region: some(['eu-west-1', 'eu-*']),
    resource: some(RESOURCES),
    tags: wantedTags('env', 'team'),
    managedBy: some(['eks', 'cloudformation'] as const),
    ou: some(['r-root', 'ou-root-1', 'ou-root-2']),
    accountTags: wantedTags('env', 'owner'),
    reachable: fc.boolean(),
    age: fc.constantFrom({ atLeast: 'PT1H' }, { atMost: 'P1D' }, { atLeast: 'PT1H', atMost: 'PT2H' }),
  },
  { requiredKeys: [] },
)

const fewConditions = conditions.chain((all) =>
  fc
    .subarray(Object.entries(all), { maxLength: Math.min(3, Object.keys(all).length) })
    .map((few): Conditions => Object.fromEntries(few)),
)

const rule: fc.Arbitrary<Rule> = fc
  .record({
    when: fc.option(fewConditions, { nil: undefined, freq: 8 }),
    not: fc.option(fewConditions, { nil: undefined, freq: 3 }),
    mode: fc.constantFrom(...MODES),
    line: fc.nat(999),
  })
  .map(({ when, not, mode, line }) => ({
    ...((when || not) && { when: { ...when, ...(not && { not }) } }),
    mode,
    parameters: { line },
    approval: { ...DEFAULT_APPROVAL },
    line,
    text: '',
  }))

export const exemption: fc.Arbitrary<Exemption> = fc
  .record({
    resource: fc.constantFrom(...RESOURCES),
    playbook: fc.option(some(PLAYBOOKS), { nil: undefined }),
    until: fc.constantFrom(
      '2026-11-21T23:59:59.999Z',
      '2026-11-22T12:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    ),
    line: fc.nat(999),
  })
  .map(({ playbook, ...each }) => ({ ...each, ...(playbook && { playbook }), owner: 'o', reason: 'r' }))

export const neverLists: fc.Arbitrary<NeverLists> = fc.record({
  addresses: fc.constant([]),
  resources: fc.array(fc.constantFrom(...RESOURCES), { maxLength: 1 }),
  roles: fc.constant([]),
  accounts: fc.array(fc.constantFrom('444455556666'), { maxLength: 1 }),
})

/** Where tags are looked for beside the resource. */
export const tagPlaces = fc.shuffledSubarray(['vpc', 'stack', 'account'] as const, { minLength: 1 })

export const policy: fc.Arbitrary<Policy> = fc
  .record({
    rules: fc.array(rule, { maxLength: 20 }),
    exemptions: fc.array(exemption, { maxLength: 3 }),
    never: fc.option(neverLists, { nil: undefined, freq: 3 }),
    further: fc.option(tagPlaces, { nil: undefined, freq: 2 }),
  })
  .map(({ rules, exemptions, never, further }) => ({
    version: 1,
    rules,
    exemptions,
    freezes: [],
    limits: {},
    never: never ?? { addresses: [], resources: [], roles: [], accounts: [] },
    configRules: [],
    tell: [],
    ...(further && { tagsOf: ['resource', ...further] }),
  }))

export const asLoaded = (given: Policy): LoadedPolicy => ({
  kind: 'file',
  file: '/rectify.yaml',
  policy: given,
})

const bag = (...keys: string[]) => fc.dictionary(fc.constantFrom(...keys), fc.constantFrom('a', 'b', ' ab '))

const placeBag = fc.option(bag('env', 'team'), { nil: null, freq: 4 })

/** All of it read. */
export const subject: fc.Arbitrary<Subject> = fc
  .record({
    playbook: fc.constantFrom(...PLAYBOOKS),
    source: fc.constantFrom('config', 'guardduty'),
    type: fc.constantFrom('A', 'A:1', 'B:1'),
    severity,
    account: fc.constantFrom(...ACCOUNTS),
    region: fc.constantFrom('eu-west-1', 'eu-west-2', 'us-east-1'),
    id: fc.constantFrom('sg-0a', 'sg-0b', 'sg-0c'),
    name: fc.constantFrom('web-1', 'web-2', 'other', null),
    tags: bag('env', 'team', 'eks:cluster-name', 'aws:cloudformation:stack-name'),
    path: fc.constantFrom([], ['r-root'], ['r-root', 'ou-root-1'], ['r-root', 'ou-root-1', 'ou-root-2']),
    accountTags: bag('env', 'owner'),
    standsIn: fc.record({ vpc: placeBag, stack: placeBag, account: placeBag }),
    reachable: fc.boolean(),
    minutes: fc.constantFrom(-5, 0, 59, 60, 90, 120, 1440, 1441),
  })
  .map(({ id, name, path, accountTags, minutes, ...given }) => ({
    ...given,
    resource: { id, name, arn: `arn:aws:ec2:${given.region}:${given.account}:security-group/${id}` },
    organization: { path, tags: accountTags },
    reportedAt: new Date(NOW - minutes * 60_000).toISOString(),
  }))

/** What may not have been read. */
const HIDDEN = [
  'tags',
  'vpc',
  'stack',
  'account',
  'name',
  'ou',
  'accountTags',
  'organization',
  'reachable',
  'age',
] as const
export const hidden = fc.subarray([...HIDDEN], { minLength: 1 })

/** A subject of which some was not read. */
export function without(given: Subject, unread: readonly (typeof HIDDEN)[number][]): Subject {
  const { organization, reportedAt, resource, ...others } = given
  const { name: _, ...unnamed } = resource
  const known = organization === undefined || organization === 'unread' ? undefined : organization
  const is = (what: (typeof HIDDEN)[number]) => unread.includes(what)
  const places = Object.entries(given.standsIn ?? {}).filter(([place]) => !is(place as 'vpc'))
  return {
    ...others,
    resource: is('name') ? unnamed : resource,
    tags: is('tags') ? 'unread' : given.tags,
    standsIn: Object.fromEntries(places),
    ...(known &&
      !is('organization') && {
        organization: {
          path: is('ou') ? 'unread' : known.path,
          tags: is('accountTags') ? 'unread' : known.tags,
        },
      }),
    ...(is('reachable') && { reachable: 'unread' }),
    ...(reportedAt !== undefined && !is('age') && { reportedAt }),
  }
}
