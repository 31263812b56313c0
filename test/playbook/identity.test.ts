import { describe, expect, test } from '@jest/globals'
import { identityOf } from '../../src/run/identity.ts'

const session = (role: string, name: string, account = '111122223333') =>
  `arn:aws:sts::${account}:assumed-role/${role}/${name}`
const [OPS, READ] = ['AWSReservedSSO_Ops_0123456789abcdef', 'AWSReservedSSO_Read_fedcba9876543210']

describe('one identity', () => {
  test.each([
    ['two sessions of a role', session('Ops', 'ann'), session('Ops', 'bob')],
    ['a role and a session of it', 'arn:aws:iam::111122223333:role/Ops', session('Ops', 'ann')],
    ['a user of Identity Center in two permission sets', session(OPS, 'ann'), session(READ, 'ann')],
    [
      'a user of Identity Center in two accounts',
      session(OPS, 'ann@example.com'),
      session(OPS, 'ann@example.com', '444455556666'),
    ],
  ])('%s', (_, a, b) => {
    expect(identityOf(a)).toBe(identityOf(b))
  })
})

describe('two identities', () => {
  test.each([
    ['sessions of two roles', session('Ops', 'ann'), session('Lead', 'ann')],
    [
      'sessions of roles of one name in two accounts',
      session('Ops', 'a'),
      session('Ops', 'a', '444455556666'),
    ],
    ['two users', 'arn:aws:iam::111122223333:user/ann', 'arn:aws:iam::111122223333:user/bob'],
    ['two users of Identity Center in one permission set', session(OPS, 'ann'), session(OPS, 'bob')],
    ['a role that is named like a user of Identity Center', session('ann', 'ann'), session(OPS, 'ann')],
  ])('%s', (_, a, b) => {
    expect(identityOf(a)).not.toBe(identityOf(b))
  })
})
