import { describe, expect, test } from '@jest/globals'
import { Unplannable } from '../../../src/playbook/planned.ts'
import { readPolicy } from '../../../src/playbook/policy-document/policy-grammar.ts'

const statement = (more: string) =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Allow",${more}}]}`

describe('a policy document is understood, or nothing is made of it', () => {
  test.each([
    ['no JSON', '{"Statement":', 'it is no JSON'],
    ['no document', '[]', 'of a form that the grammar'],
    ['what no document has', '{"Statement":[],"Extra":1}', 'Extra is no part of one'],
    ['a statement that is a text', '{"Statement":["Allow"]}', 'statement 1: of a form'],
    ['no statement', '{"Version":"2012-10-17"}', 'Statement: of a form'],
    ['what no statement has', statement('"Principals":"*"'), 'statement 2: Principals is no part of one'],
    ['another effect', '{"Statement":{"Effect":"allow"}}', 'statement 1: Effect'],
    ['a principal that is a name', statement('"Principal":"111122223333"'), 'statement 2: Principal'],
    ['a principal that is a list', statement('"Principal":["*"]'), 'statement 2: Principal'],
    ['a principal of no known kind', statement('"Principal":{"Group":"x"}'), 'statement 2: Principal'],
    ['nobody', statement('"Principal":{}'), 'statement 2: Principal'],
    ['an empty list of names', statement('"Principal":{"AWS":[]}'), 'statement 2: Principal'],
    ['an empty name', statement('"Principal":{"AWS":""}'), 'statement 2: Principal'],
    ['a part of a name', statement('"Principal":{"AWS":"arn:aws:iam::*:root"}'), 'statement 2: Principal'],
    ['every service', statement('"Principal":{"Service":"*"}'), 'statement 2: Principal'],
    ['an action that is a number', statement('"Action":1'), 'statement 2: Action'],
    ['a condition that is a text', statement('"Condition":"x"'), 'statement 2: Condition'],
    ['a key twice', statement('"Action":"a","Action":"b"'), 'it has a key twice'],
    [
      'a number that JavaScript does not keep',
      statement('"Condition":{"NumericEquals":{"s3:max-keys":12345678901234567890}}'),
      'a number that cannot be kept',
    ],
  ])('%s', (_, text, why) => {
    expect(() => readPolicy(text)).toThrow(Unplannable)
    expect(() => readPolicy(text)).toThrow(why)
  })

  test.each([
    ['white space and escapes', '{ "Statement" : [\n ] , "Id" : "a\\u00e4\\/b \\" c" }'],
    [
      'numbers and truth in conditions',
      statement('"Condition":{"Bool":{"x":true},"NumericEquals":{"y":[1,2]}}'),
    ],
    [
      'every kind of principal',
      statement('"Principal":{"AWS":["*"],"Service":"a","Federated":"b","CanonicalUser":"c"}'),
    ],
    ['what it is not about', statement('"NotPrincipal":{"AWS":"1"},"NotAction":["a"],"NotResource":"b"')],
  ])('%s are of the grammar', (_, text) => {
    expect(readPolicy(text)).toEqual(JSON.parse(text))
  })
})
