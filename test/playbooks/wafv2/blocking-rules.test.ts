import type { Rule, Statement } from '@aws-sdk/client-wafv2'
import { describe, expect, test } from '@jest/globals'
import { blockingAcls, blockingRule, isAttached } from '../../../playbooks/wafv2/blocking-rules.ts'
import { denied, fakeReader, notFound } from '../../support/reader.ts'

const SET = 'arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/rectify-block-v4/s1'
const set = { id: 's1', name: 'rectify-block-v4', scope: 'REGIONAL', arn: SET } as const
const reference: Statement = { IPSetReferenceStatement: { ARN: SET } }
const other: Statement = { GeoMatchStatement: { CountryCodes: ['AQ'] } }

const rule = (statement: Statement, more: Partial<Rule> = {}): Rule => ({
  Name: 'block-list',
  Priority: 5,
  Statement: statement,
  Action: { Block: {} },
  VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'm' },
  ...more,
})

describe('a rule blocks on the set', () => {
  test.each([
    ['directly', reference],
    ['as one of several', { OrStatement: { Statements: [other, reference] } }],
  ])('%s', (_how, statement) => {
    expect(blockingRule([rule(statement)], SET)).toEqual({ rule: 'block-list', doubts: [] })
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
    expect(blockingRule([rule(statement)], SET)?.doubts.join()).toContain(doubt)
  })

  test('after a rule that allows, with a doubt', () => {
    const allow = rule(other, { Name: 'partners', Priority: 1, Action: { Allow: {} } })
    expect(blockingRule([allow, rule(reference)], SET)?.doubts).toEqual([
      'rule partners comes before it and allows',
    ])
    expect(blockingRule([{ ...allow, Priority: 9 }, rule(reference)], SET)?.doubts).toEqual([])
  })

  test('and the rule with the fewest doubts is the one that counts', () => {
    const weak = rule({ AndStatement: { Statements: [reference, other] } }, { Name: 'weak', Priority: 1 })
    expect(blockingRule([weak, rule(reference)], SET)?.rule).toBe('block-list')
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
    expect(blockingRule([candidate], SET)).toBeUndefined()
  })
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
    expect(acl?.attached).toBe('unknown')
    expect(acl && isAttached(acl)).toBe(true)
  })

  test('not, when every list is empty', async () => {
    const aws = fakeReader(answers(() => ({ ResourceArns: [] })))
    const [acl] = await blockingAcls(set, aws)
    expect(acl && isAttached(acl)).toBe(false)
    expect(aws.count('wafv2:ListResourcesForWebACL')).toBe(6)
  })

  test('not asked for a global one, because CloudFront lists its own', async () => {
    const aws = fakeReader(answers(() => ({ ResourceArns: [] })))
    const [acl] = await blockingAcls({ ...set, scope: 'CLOUDFRONT' }, aws)
    expect(acl?.attached).toBe('unknown')
    expect(aws.count('wafv2:ListResourcesForWebACL')).toBe(0)
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
