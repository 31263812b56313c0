import type { Rule, Statement, WebACL } from '@aws-sdk/client-wafv2'
import { describe, expect, test } from '@jest/globals'
import { blockingAcls, blockingRule } from '../../../playbooks/wafv2/blocking-rules.ts'
import { evaluationOrder, type ReadGroup } from '../../../playbooks/wafv2/evaluation-order.ts'
import { denied, fakeReader } from '../../support/reader.ts'
import { reference, rule, SET, set } from './block-list-rule.ts'

const other: Statement = { GeoMatchStatement: { CountryCodes: ['AQ'] } }

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
