import { describe, expect, test } from '@jest/globals'
import { readPolicy } from '../../../src/playbook/policy-document/policy-grammar.ts'
import { samePolicy } from '../../../src/playbook/policy-document/same-policy.ts'

const one = {
  Sid: 'Read',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: ['s3:GetObject', 's3:ListBucket'],
  Resource: 'arn:aws:s3:::one',
  Condition: {
    StringEquals: { 'aws:SourceVpc': ['vpc-1', 'vpc-2'] },
    Bool: { 'aws:SecureTransport': 'true' },
  },
}
const two = { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }
const document = (...Statement: object[]) => readPolicy(JSON.stringify({ Version: '2012-10-17', Statement }))

describe('two documents', () => {
  test.each<[string, object]>([
    ['keys in another order', Object.fromEntries(Object.entries(one).reverse())],
    ['an account by its number', { ...one, Principal: { AWS: ['111122223333'] } }],
    ['actions in another order and in other letters', { ...one, Action: ['S3:ListBucket', 's3:GetObject'] }],
    ['a list of one', { ...one, Resource: ['arn:aws:s3:::one'] }],
    [
      'conditions in another order and in other letters',
      {
        ...one,
        Condition: {
          Bool: { 'AWS:SecureTransport': true },
          StringEquals: { 'aws:sourcevpc': ['vpc-2', 'vpc-1'] },
        },
      },
    ],
  ])('say the same with %s', (_, other) => {
    expect(samePolicy(document(one, two), document(two, other))).toBe(true)
  })

  test('say the same whatever they are called, and by the first version where they say none', () => {
    const named = readPolicy(JSON.stringify({ Id: 'x', Version: '2008-10-17', Statement: two }))
    expect(samePolicy(named, readPolicy(JSON.stringify({ Statement: [two] })))).toBe(true)
    expect(samePolicy(named, document(two))).toBe(false)
  })

  test.each<[string, object]>([
    ['effect', { Effect: 'Deny' }],
    ['name', { Sid: 'Write' }],
    ['principal', { Principal: { AWS: '444455556666' } }],
    ['kind of principal', { Principal: { CanonicalUser: '111122223333' } }],
    ['action', { Action: 's3:GetObject' }],
    ['letters of a resource', { Resource: 'arn:aws:s3:::One' }],
    ['condition', { Condition: {} }],
    ['value of a condition', { Condition: { ...one.Condition, Bool: { 'aws:SecureTransport': 'false' } } }],
  ])('are others by another %s', (_, more) => {
    expect(samePolicy(document(one, two), document({ ...one, ...more }, two))).toBe(false)
  })

  test('are others where one has a statement more', () => {
    expect(samePolicy(document(one, two), document(one))).toBe(false)
  })
})
