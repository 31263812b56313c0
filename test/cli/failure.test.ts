import { describe, expect, test } from '@jest/globals'
import { CredentialsProblem, EndpointProblem } from '../../src/aws/errors.ts'
import { failureOf, failureText } from '../../src/cli/program/failure.ts'
import { BadRequest } from '../../src/engine/refusals.ts'
import { PolicyError } from '../../src/policy/file/policy-error.ts'
import { StoreError } from '../../src/store/store-error.ts'

const facts = { kind: 'final' as const, code: 'X', action: 'sts:GetCallerIdentity' }

describe('a failure', () => {
  test.each<[string, Error, string]>([
    ['a bad request', new BadRequest('input', 'no such file'), 'input'],
    ['missing credentials', new CredentialsProblem(facts, 'expired'), 'credentials'],
    ['an endpoint out of reach', new EndpointProblem(facts, 'refused'), 'endpoint'],
    ['a state folder that cannot be used', new StoreError('unusable', 'read-only'), 'usage'],
    ['anything else', new TypeError('x is not a function'), 'unexpected'],
  ])('says of %s what kind it is', (_, error, kind) => {
    expect(failureOf(error)).toMatchObject({ kind, message: expect.stringContaining(error.message) })
  })

  test('of a policy names file, line and key, and every problem', () => {
    const error = new PolicyError('/p/rectify.yaml', [
      { line: 3, key: 'rules[0].mod', message: 'unknown key "mod"' },
      { line: 5, message: 'also wrong' },
    ])
    const failure = failureOf(error)
    expect(failure).toMatchObject({ kind: 'policy', file: '/p/rectify.yaml', line: 3, key: 'rules[0].mod' })
    expect(failureText(failure).split('\n')).toEqual([
      '/p/rectify.yaml:3: rules[0].mod: unknown key "mod"',
      '/p/rectify.yaml:5: also wrong',
    ])
  })

  test('of ours is one line that says how to see more', () => {
    expect(failureText(failureOf(new TypeError('boom')))).toBe('unexpected: boom; run again with -v')
  })
})
