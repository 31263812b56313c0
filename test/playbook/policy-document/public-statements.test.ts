import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type PolicyDocument,
  readPolicy,
  type Statement,
  statementsOf,
  withStatements,
} from '../../../src/playbook/policy-document/policy-grammar.ts'
import { withoutPublic } from '../../../src/playbook/policy-document/public-statements.ts'
import { known, narrow, wide } from './arbitrary-statements.ts'

const documentOf = (...statements: object[]) =>
  readPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }))
const allow = (more: object) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more })
const asText = (statements: Statement[]) => statements.map((each) => JSON.stringify(each))

describe('everybody is taken out of a document', () => {
  test('and nothing else: what names others stays, in its order, to the letter; once done there is nothing to do', () => {
    fc.assert(
      fc.property(fc.array(known, { maxLength: 6 }), (parts) => {
        const document = documentOf(...parts.map(({ statement }) => statement))
        const { statements, changes } = withoutPublic(document)
        const left = parts.flatMap(({ left }) => left ?? [])
        expect(asText(statements)).toEqual(asText(left))
        expect(changes).toHaveLength(parts.filter(({ statement, left }) => left !== statement).length)

        const again = withoutPublic(withStatements(document, statements))
        expect(again).toEqual({ statements, changes: [], cautions: [] })
      }),
    )
  })

  test('of one statement without a list around it as well', () => {
    const single = (statement: object) => readPolicy(JSON.stringify({ Statement: statement }))
    const named = allow({ Principal: { AWS: ['*', '111122223333'] } })
    const { statements } = withoutPublic(single(named))
    expect(withStatements(single(named), statements)).toEqual({
      Statement: { ...named, Principal: { AWS: ['111122223333'] } },
    })
    expect(withoutPublic(single(allow({ Principal: '*' }))).statements).toEqual([])
  })

  test.each<[string, object, string]>([
    ['one with a name', { Sid: 'Read', Principal: '*' }, 'take out statement "Read" (s3:GetObject)'],
    ['one without', { Principal: { AWS: '*' } }, 'take out statement 1 (s3:GetObject)'],
    [
      'one that names others, too',
      { Principal: { AWS: ['*', '111122223333'] } },
      'take everybody out of statement 1 (s3:GetObject)',
    ],
    [
      'one of many actions',
      { Principal: '*', Action: ['s3:a', 's3:b', 's3:c', 's3:d', 's3:e'] },
      'take out statement 1 (s3:a, s3:b, s3:c and 2 more)',
    ],
    [
      'one of all actions but some',
      { Principal: '*', Action: undefined, NotAction: 's3:DeleteBucket' },
      'take out statement 1 (all but s3:DeleteBucket)',
    ],
  ])('says what goes: %s', (_, more, change) => {
    expect(withoutPublic(documentOf(allow(more))).changes).toEqual([change])
  })

  test('tells a person where a condition is there that does not keep everybody out', () => {
    fc.assert(
      fc.property(wide, (Condition) => {
        const { cautions } = withoutPublic(documentOf(allow({ Sid: 'Read', Principal: '*', Condition })))
        const keys = Object.values(Condition ?? {}).flatMap((each) => Object.keys(each))
        expect(cautions).toEqual(
          keys.length > 0
            ? [
                `statement "Read" has a condition (${keys.join(', ')}), by which AWS does not take it for less than public`,
              ]
            : [],
        )
      }),
    )
    fc.assert(
      fc.property(narrow, (Condition) => {
        expect(withoutPublic(documentOf(allow({ Principal: '*', Condition })))).toMatchObject({
          changes: [],
          cautions: [],
        })
      }),
    )
  })

  test.each<[string, object, string[]]>([
    [
      'all who are not from here',
      { Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
      ['statement "No" may keep some of the public out already'],
    ],
    [
      'all but some',
      { NotPrincipal: { AWS: '111122223333' } },
      ['statement "No" may keep some of the public out already'],
    ],
    ['plain HTTP', { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, []],
  ])('tells a person of a denial that may do so: of %s', (_, deny, cautions) => {
    const document = documentOf(allow({ Principal: '*' }), {
      Sid: 'No',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      ...deny,
    })
    expect(withoutPublic(document).cautions).toEqual(cautions)
  })

  test.each<[string, object]>([
    [
      'statement 2 allows something to all but some (NotPrincipal)',
      { NotPrincipal: { AWS: '111122223333' } },
    ],
    ['statement 2 allows something to nobody', {}],
  ])('stops where nobody is named: %s', (why, more) => {
    const document = documentOf(allow({ Principal: '*' }), allow(more))
    expect(() => withoutPublic(document)).toThrow(why)
  })
})

describe('what AWS documents as public, and as not', () => {
  const isPublic = (statement: object) => withoutPublic(documentOf(statement)).changes.length > 0
  const when = (Condition?: object) => allow({ Principal: '*', Action: 's3:PutObject', Condition })

  test.each<[string, boolean, object]>([
    // S3 user guide, "The meaning of public", and its examples.
    ['no condition', true, when()],
    ['a VPC by a wildcard', true, when({ StringLike: { 'aws:SourceVpc': 'vpc-*' } })],
    ['a fixed VPC', false, when({ StringEquals: { 'aws:SourceVpc': 'vpc-91237329' } })],
    ['a very broad range', true, when({ IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } })],
    ['the broadest range that is fixed', false, when({ IpAddress: { 'aws:SourceIp': '54.0.0.0/8' } })],
    ['a broader one of IPv6', true, when({ IpAddress: { 'aws:SourceIp': '2001:db8::/31' } })],
    ['the broadest of IPv6', false, when({ IpAddress: { 'aws:SourceIp': '2001:db8::/32' } })],
    ['one address', false, when({ IpAddress: { 'aws:SourceIp': '203.0.113.7' } })],
    ['what is no range', true, when({ IpAddress: { 'aws:SourceIp': '203.0.113.7/x' } })],
    ['all but a range', true, when({ NotIpAddress: { 'aws:SourceIp': '203.0.113.7' } })],
    [
      'access points of a fixed account',
      false,
      when({ ArnLike: { 's3:DataAccessPointArn': 'arn:aws:s3:us-west-2:123456789012:accesspoint/*' } }),
    ],
    [
      'access points of any account',
      true,
      when({ ArnLike: { 's3:DataAccessPointArn': 'arn:aws:s3:us-west-2:*:accesspoint/*' } }),
    ],
    ['a policy variable', true, when({ StringEquals: { 'aws:SourceVpc': '$' + '{aws:username}' } })],
    ['sessions of a fixed role', false, when({ StringLike: { 'aws:userid': 'AROAEXAMPLEID0000:*' } })],
    ['sessions of any role', true, when({ StringLike: { 'aws:userid': 'AROA*' } })],
    // IAM user guide: met where the key is missing.
    ['no value of a key', true, when({ StringEquals: { 'aws:SourceVpc': [] } })],
    ['a key that may be missing', true, when({ StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } })],
    ['all of no values', true, when({ 'ForAllValues:StringEquals': { 'aws:SourceVpc': 'vpc-1' } })],
    ['a key in other letters', false, when({ StringEquals: { 'AWS:SourceAccount': '123456789012' } })],
    // SNS developer guide: the policy of a new topic.
    [
      'the default policy of a topic',
      false,
      allow({
        Principal: { AWS: '*' },
        Action: ['SNS:Publish', 'SNS:Subscribe'],
        Condition: { StringEquals: { 'AWS:SourceOwner': '123456789012' } },
      }),
    ],
    // KMS developer guide: the key policy of an AWS managed key.
    [
      'callers of an account by a service',
      false,
      when({
        StringEquals: { 'kms:CallerAccount': '111122223333', 'kms:ViaService': 's3.us-west-2.amazonaws.com' },
      }),
    ],
    ['a service', false, allow({ Principal: { Service: 'cloudtrail.amazonaws.com' } })],
    ['an account', false, allow({ Principal: { AWS: '123456789012' } })],
  ])('%s: public %s', (_, expected, statement) => {
    expect(isPublic(statement)).toBe(expected)
  })
})

test('a document that was read is handed on as it was written', () => {
  const text = '{"Id":"x","Statement":{"Resource":"*","Principal":"*","Effect":"Deny","Action":"*"}}'
  const document: PolicyDocument = readPolicy(text)
  expect(JSON.stringify(document)).toBe(text)
  expect(statementsOf(document)).toHaveLength(1)
})
