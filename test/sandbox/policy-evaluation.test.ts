import { describe, expect, test } from '@jest/globals'
import {
  type AttachedPolicy,
  evaluated,
  type PolicyStatement,
} from '../../src/sandbox/overlay/permissions/policy-evaluation.ts'

const policy = (id: string, ...statements: PolicyStatement[]): AttachedPolicy => ({
  id,
  type: 'role',
  statements,
})
const allow = (more: PolicyStatement): PolicyStatement => ({ Effect: 'Allow', Resource: '*', ...more })
const deny = (more: PolicyStatement): PolicyStatement => ({ Effect: 'Deny', Resource: '*', ...more })
const BUCKET = 'arn:aws:s3:::orders'

/** What one policy with these statements says. */
const decided = (
  statements: PolicyStatement[],
  context: Record<string, string> = {},
  action = 's3:PutBucketAcl',
) =>
  evaluated(
    [policy('own', ...statements)],
    action,
    BUCKET,
    new Map(Object.entries(context).map(([key, value]) => [key, [value]])),
  )

describe('policies of the sandbox', () => {
  test.each<[string, PolicyStatement[], string]>([
    ['nothing', [], 'implicitDeny'],
    ['the action', [allow({ Action: 's3:PutBucketAcl' })], 'allowed'],
    ['the action in other letters', [allow({ Action: 'S3:putbucketacl' })], 'allowed'],
    ['a part of it', [allow({ Action: ['s3:Get*', 's3:Put?ucketAcl'] })], 'allowed'],
    ['another action', [allow({ Action: 's3:PutBucketAclX' })], 'implicitDeny'],
    ['all but it', [allow({ NotAction: 's3:Put*' })], 'implicitDeny'],
    ['all but another', [allow({ NotAction: 's3:Get*' })], 'allowed'],
    ['its resource', [allow({ Action: '*', Resource: 'arn:aws:s3:::ord*' })], 'allowed'],
    [
      'a resource in other letters',
      [allow({ Action: '*', Resource: 'arn:aws:s3:::ORDERS' })],
      'implicitDeny',
    ],
    ['all resources but it', [{ Effect: 'Allow', Action: '*', NotResource: BUCKET }], 'implicitDeny'],
    ['a denial beside it', [allow({ Action: '*' }), deny({ Action: 's3:PutBucketAcl' })], 'explicitDeny'],
    ['a denial of something else', [allow({ Action: '*' }), deny({ Action: 's3:Get*' })], 'allowed'],
  ])('%s', (_, statements, decision) => {
    expect(decided(statements).decision).toBe(decision)
  })

  test('ask for what they are told of the request, and name what they are not told', () => {
    const only = (operator: string, key: string, value: string) => [
      allow({ Action: '*', Condition: { [operator]: { [key]: value } } }),
    ]
    const here = { 'aws:requestedregion': 'eu-west-1' }
    expect(decided(only('StringEquals', 'aws:RequestedRegion', 'eu-west-1'), here).decision).toBe('allowed')
    expect(decided(only('StringLike', 'aws:RequestedRegion', 'eu-*'), here).decision).toBe('allowed')
    expect(decided(only('StringEquals', 'aws:RequestedRegion', 'us-east-1'), here)).toMatchObject({
      decision: 'implicitDeny',
      missingKeys: [],
    })
    expect(decided(only('StringEquals', 'aws:SourceIp', '10.0.0.1'), here).missingKeys).toEqual([
      'aws:SourceIp',
    ])
    expect(decided(only('NumericLessThan', 'aws:RequestedRegion', '1'), here)).toMatchObject({
      decision: 'implicitDeny',
      missingKeys: ['aws:RequestedRegion'],
    })
  })

  test('are named that decided', () => {
    const policies = [policy('a', allow({ Action: '*' })), policy('b', deny({ Action: 's3:*' })), policy('c')]
    expect(evaluated(policies, 's3:PutBucketAcl', BUCKET, new Map()).matched.map(({ id }) => id)).toEqual([
      'b',
    ])
    expect(evaluated(policies, 'sns:Publish', BUCKET, new Map()).matched.map(({ id }) => id)).toEqual(['a'])
  })
})
