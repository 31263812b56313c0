import { ResourceType, type Rule, type Statement, type WebACL } from '@aws-sdk/client-wafv2'
import { describe, expect, test } from '@jest/globals'
import { ATTACHABLE } from '../../../playbooks/wafv2/attachments.ts'
import { bestOf, blockingAcls, blockingRule, isAttached } from '../../../playbooks/wafv2/blocking-rules.ts'
import { evaluationOrder, type ReadGroup } from '../../../playbooks/wafv2/evaluation-order.ts'
import { AwsError } from '../../../src/playbook/aws-error.ts'
import { denied, fakeReader, notFound } from '../../support/reader.ts'

const SET = 'arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/rectify-block-v4/s1'
const set = { id: 's1', name: 'rectify-block-v4', scope: 'REGIONAL', arn: SET } as const
const reference: Statement = { IPSetReferenceStatement: { ARN: SET } }
const other: Statement = { GeoMatchStatement: { CountryCodes: ['AQ'] } }

/** A request that WAF refuses as it stands. */
const refused = (code: string) =>
  new AwsError(
    { kind: 'final', code, action: 'wafv2:ListResourcesForWebACL' },
    `${code}: no such resource type`,
  )

const rule = (statement: Statement, more: Partial<Rule> = {}): Rule => ({
  Name: 'block-list',
  Priority: 5,
  Statement: statement,
  Action: { Block: {} },
  VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'm' },
  ...more,
})

/** The rule that blocks, of a web ACL with these rules and of the groups that it refers to. */
const blocking = (rules: Rule[], groups: Record<string, ReadGroup> = {}, more: Partial<WebACL> = {}) => {
  const acl = { Name: 'shop', Rules: rules, ...more } as WebACL
  return blockingRule(evaluationOrder(acl, new Map(Object.entries(groups))), SET)
}

describe('a rule blocks on the set', () => {
  test.each([
    ['directly', reference],
    ['as one of several', { OrStatement: { Statements: [other, reference] } }],
  ])('%s', (_how, statement) => {
    expect(blocking([rule(statement)])).toEqual({ rule: 'block-list', doubts: [], unread: [] })
  })

  test.each([
    ['with other conditions', { AndStatement: { Statements: [reference, other] } }, 'other conditions'],
    [
      'by a header',
      {
        IPSetReferenceStatement: {
          ARN: SET,
          IPSetForwardedIPConfig: {
            HeaderName: 'X-Forwarded-For',
            FallbackBehavior: 'NO_MATCH' as const,
            Position: 'FIRST' as const,
          },
        },
      },
      'header X-Forwarded-For',
    ],
  ])('%s, with a doubt', (_how, statement, doubt) => {
    expect(blocking([rule(statement)])?.doubts.join()).toContain(doubt)
  })

  test('after a rule that allows, with a doubt', () => {
    const allow = rule(other, { Name: 'partners', Priority: 1, Action: { Allow: {} } })
    expect(blocking([allow, rule(reference)])?.doubts).toEqual(['rule partners comes before it and allows'])
    expect(blocking([{ ...allow, Priority: 9 }, rule(reference)])?.doubts).toEqual([])
  })

  test('and the rule with the fewest doubts is the one that counts', () => {
    const weak = rule({ AndStatement: { Statements: [reference, other] } }, { Name: 'weak', Priority: 1 })
    expect(blocking([weak, rule(reference)])?.rule).toBe('block-list')
  })
})

describe('a rule does not block on the set', () => {
  test.each([
    ['when it counts', rule(reference, { Action: { Count: {} } })],
    ['when it allows', rule(reference, { Action: { Allow: {} } })],
    ['when it is about another set', rule({ IPSetReferenceStatement: { ARN: `${SET}x` } })],
    ['when it means everybody else', rule({ NotStatement: { Statement: reference } })],
    [
      'when it means everybody else besides',
      rule({ AndStatement: { Statements: [other, { NotStatement: { Statement: reference } }] } }),
    ],
    [
      'when it only limits the rate',
      rule({ RateBasedStatement: { Limit: 100, AggregateKeyType: 'IP', ScopeDownStatement: reference } }),
    ],
    [
      'when it only narrows a managed group',
      rule({ ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'X', ScopeDownStatement: reference } }),
    ],
  ])('%s', (_why, candidate) => {
    expect(blocking([candidate])).toBeUndefined()
  })
})

describe('a rule group', () => {
  const GROUP = 'arn:aws:wafv2:eu-central-1:111122223333:regional/rulegroup/attackers/g1'
  const refers = (more: Partial<Rule> = {}, arn = GROUP): Rule => {
    const { Action: _, ...named } = rule({ RuleGroupReferenceStatement: { ARN: arn } }, { Name: 'group' })
    return { ...named, OverrideAction: { None: {} }, ...more }
  }
  const holding = (...rules: Rule[]): ReadGroup => ({ Rules: rules }) as ReadGroup
  const groups = { [GROUP]: holding(rule(reference)) }

  test('blocks on the set as a rule does', () => {
    expect(blocking([refers()], groups)).toEqual({ rule: 'group/block-list', doubts: [], unread: [] })
  })

  test.each([
    ['the whole group', refers({ OverrideAction: { Count: {} } })],
    [
      'the rule',
      refers({
        Statement: {
          RuleGroupReferenceStatement: {
            ARN: GROUP,
            RuleActionOverrides: [{ Name: 'block-list', ActionToUse: { Count: {} } }],
          },
        },
      }),
    ],
    [
      'the rule, in the old way',
      refers({
        Statement: { RuleGroupReferenceStatement: { ARN: GROUP, ExcludedRules: [{ Name: 'block-list' }] } },
      }),
    ],
  ])('blocks nothing where the web ACL overrides %s to count', (_what, reference) => {
    expect(blocking([reference], groups)).toBeUndefined()
  })

  test('blocks where the web ACL overrides a counting rule to block', () => {
    const counting = { [GROUP]: holding(rule(reference, { Action: { Count: {} } })) }
    const overridden = refers({
      Statement: {
        RuleGroupReferenceStatement: {
          ARN: GROUP,
          RuleActionOverrides: [{ Name: 'block-list', ActionToUse: { Block: {} } }],
        },
      },
    })
    expect(blocking([refers()], counting)).toBeUndefined()
    expect(blocking([overridden], counting)?.rule).toBe('group/block-list')
  })

  test.each(['PreProcessFirewallManagerRuleGroups', 'PostProcessFirewallManagerRuleGroups'])(
    'of Firewall Manager (%s) blocks as well',
    (where) => {
      const managed = {
        Name: 'fms',
        Priority: 0,
        FirewallManagerStatement: { RuleGroupReferenceStatement: { ARN: GROUP } },
        OverrideAction: { None: {} },
      }
      expect(blocking([], groups, { [where]: [managed] })?.rule).toBe('fms/block-list')
      const counts = { ...managed, OverrideAction: { Count: {} } }
      expect(blocking([], groups, { [where]: [counts] })).toBeUndefined()
    },
  )

  test('that allows before is a doubt, one of Firewall Manager that comes last is none', () => {
    const allows = { [GROUP]: holding(rule(other, { Name: 'partners', Action: { Allow: {} } })) }
    expect(blocking([refers({ Priority: 1 }), rule(reference)], allows)?.doubts).toEqual([
      'rule group/partners comes before it and allows',
    ])
    const last = { FirewallManagerStatement: { RuleGroupReferenceStatement: { ARN: GROUP } }, Name: 'fms' }
    const more = { PostProcessFirewallManagerRuleGroups: [last] } as Partial<WebACL>
    expect(blocking([rule(reference)], allows, more)?.doubts).toEqual([])
  })

  test('that cannot be read may block: a doubt, not a no', () => {
    const unreadable = { [GROUP]: { unreadable: 'denied' } }
    expect(blocking([refers()], unreadable)).toEqual({
      rule: 'group',
      doubts: [],
      unread: ['rule group group cannot be read: denied'],
    })
    expect(blocking([refers({ Priority: 1 }), rule(reference)], unreadable)).toEqual({
      rule: 'block-list',
      doubts: ['rule group group comes before it and cannot be read'],
      unread: [],
    })
  })

  test('is read by its ARN, once, and what cannot be read is passed on', async () => {
    const acl = { Name: 'shop', ARN: 'arn:shop', Rules: [refers(), refers({ Name: 'twice', Priority: 9 })] }
    const reads = (group: () => unknown) =>
      fakeReader({
        'wafv2:ListWebACLs': () => ({ WebACLs: [{ Name: 'shop', Id: 'a1' }] }),
        'wafv2:GetWebACL': () => ({ WebACL: acl }),
        'wafv2:GetRuleGroup': group,
        'wafv2:ListResourcesForWebACL': () => ({ ResourceArns: ['arn:alb'] }),
      })
    const aws = reads(() => ({ RuleGroup: groups[GROUP] }))
    expect(await blockingAcls(set, aws)).toMatchObject([{ rule: 'group/block-list', unread: [] }])
    expect(aws.calls.filter(({ action }) => action === 'wafv2:GetRuleGroup')).toMatchObject([
      { input: { ARN: GROUP } },
    ])
    const blind = reads(() => {
      throw denied('wafv2:GetRuleGroup')
    })
    expect((await blockingAcls(set, blind))[0]?.unread.join()).toContain(
      'rule group group cannot be read: User:',
    )
  })
})

test('of several web ACLs the one counts of which most is known', () => {
  const acl = (name: string, attached: string[], unread: string[]) => ({
    ...{ name, arn: name, rule: 'r', doubts: [], unread },
    attached: attached.map((id) => ({ type: 't', id })),
  })
  const [loose, doubtful, certain] = [
    acl('loose', [], []),
    acl('doubtful', ['a'], ['?']),
    acl('certain', ['a'], []),
  ]
  expect(bestOf([loose, doubtful, certain])).toBe(certain)
  expect(bestOf([loose, doubtful])).toBe(doubtful)
  expect(bestOf([loose])).toBe(loose)
})

describe('a web ACL is attached', () => {
  const answers = (resources: (type: string) => unknown) => ({
    'wafv2:ListWebACLs': () => ({ WebACLs: [{ Name: 'shop', Id: 'a1' }] }),
    'wafv2:GetWebACL': () => ({ WebACL: { Name: 'shop', ARN: 'arn:shop', Rules: [rule(reference)] } }),
    'wafv2:ListResourcesForWebACL': ({ ResourceType }: { ResourceType: string }) => resources(ResourceType),
  })

  test('to the first resource that is found, and then nothing more is asked', async () => {
    const aws = fakeReader(answers((type) => ({ ResourceArns: type === 'API_GATEWAY' ? ['arn:stage'] : [] })))
    expect(await blockingAcls(set, aws)).toMatchObject([
      { name: 'shop', attached: [{ type: 'AWS::ApiGateway::Stage', id: 'arn:stage' }] },
    ])
    expect(aws.count('wafv2:ListResourcesForWebACL')).toBe(2)
  })

  test('when that cannot be read', async () => {
    const aws = fakeReader(
      answers(() => {
        throw denied('wafv2:ListResourcesForWebACL')
      }),
    )
    const [acl] = await blockingAcls(set, aws)
    expect(acl).toMatchObject({ attached: [], unread: [expect.stringMatching(/^attachment cannot be read/)] })
    expect(acl && isAttached(acl)).toBe(true)
  })

  test('not, when every list is empty', async () => {
    const aws = fakeReader(answers(() => ({ ResourceArns: [] })))
    const [acl] = await blockingAcls(set, aws)
    expect(acl && isAttached(acl)).toBe(false)
    expect(aws.count('wafv2:ListResourcesForWebACL')).toBe(8)
  })

  test('when one kind cannot be read and no other has any; one that has leaves no doubt', async () => {
    const but = (found: string[]) =>
      answers((type) => {
        if (type === 'APPSYNC') throw denied('wafv2:ListResourcesForWebACL')
        return { ResourceArns: type === 'AGENTCORE_GATEWAY' ? found : [] }
      })
    const [doubtful] = await blockingAcls(set, fakeReader(but([])))
    expect(doubtful?.unread.join()).toMatch(/APPSYNC: .* not authorized/)
    const [certain] = await blockingAcls(set, fakeReader(but(['arn:gateway'])))
    expect(certain).toMatchObject({
      attached: [{ type: 'AWS::BedrockAgentCore::Gateway', id: 'arn:gateway' }],
      unread: [],
    })
  })

  test.each(['ValidationException', 'WAFInvalidParameterException'])(
    'not to a kind that the region does not have (%s): that is no denial',
    async (code) => {
      const aws = fakeReader(
        answers((type) => {
          if (type !== 'APPLICATION_LOAD_BALANCER') throw refused(code)
          return { ResourceArns: [] }
        }),
      )
      const [acl] = await blockingAcls(set, aws)
      expect(acl && isAttached(acl)).toBe(false)
    },
  )

  test('perhaps, where the region knows no kind at all', async () => {
    const [acl] = await blockingAcls(
      set,
      fakeReader(
        answers(() => {
          throw refused('ValidationException')
        }),
      ),
    )
    expect(acl && isAttached(acl)).toBe(true)
  })

  test('asked kind by kind, for every kind that WAF knows', () => {
    expect(Object.keys(ATTACHABLE).sort()).toEqual(Object.values(ResourceType).sort())
  })

  test('to an Amplify app where it is global; what else, CloudFront would have to be asked', async () => {
    const global = { ...set, scope: 'CLOUDFRONT' } as const
    const app = fakeReader(answers((type) => ({ ResourceArns: type === 'AMPLIFY' ? ['arn:app'] : [] })))
    expect(await blockingAcls(global, app)).toMatchObject([
      { attached: [{ type: 'AWS::Amplify::App' }], unread: [] },
    ])
    const none = fakeReader(answers(() => ({ ResourceArns: [] })))
    const [acl] = await blockingAcls(global, none)
    expect(acl?.unread.join()).toContain('CloudFront')
    expect(none.count('wafv2:ListResourcesForWebACL')).toBe(1)
  })

  test('and one that vanishes after the list is passed over', async () => {
    const aws = fakeReader({
      ...answers(() => ({ ResourceArns: [] })),
      'wafv2:GetWebACL': () => {
        throw notFound('wafv2:GetWebACL', 'WAFNonexistentItemException')
      },
    })
    expect(await blockingAcls(set, aws)).toEqual([])
  })
})
